import AlertModel
import GeoModel

/// Something the operator should read; nothing was refused.
package struct ConsoleWarning: Codable, Hashable, Sendable {
    /// Stable, for programs: `simplified_contour`, `outside_commune`…
    package let code: String
    /// A French sentence for the operator.
    package let message: String

    package init(code: String, message: String) {
        self.code = code
        self.message = message
    }
}

/// Who a zone selects: `POST /api/zone/counts`. `recipients` = `certain` + `possible`.
package struct ZoneCounts: Codable, Hashable, Sendable {
    package let recipients: Int
    package let certain: Int
    package let possible: Int
    /// Recipients of the register that cannot be judged, because nothing says where they are.
    package let notLocated: Int
    /// Selected recipients with at least one contact point on each channel.
    package let channels: ByChannel<Int>
    /// Selected recipients without any contact point.
    package let unreachable: Int
    /// Communes that have at least one selected recipient.
    package let communes: Int
    /// Geodesic area of the zone's geometry; nil for a zone without any, such as a list.
    @Nullable package var areaSquareMetres: Double?
    /// Legal population of the zone; nil when it is not known.
    @Nullable package var population: Int?
    package let warnings: [ConsoleWarning]
    /// Codes of the zone that are no whole commune of today, with what they were read as.
    package let mapped: [MappedCode]

    package init(
        certain: Int, possible: Int, notLocated: Int, channels: [Channel: Int], unreachable: Int, communes: Int,
        areaSquareMetres: Double?, population: Int?, warnings: [ConsoleWarning], mapped: [CommuneMapping] = []
    ) {
        recipients = certain + possible
        self.certain = certain
        self.possible = possible
        self.notLocated = notLocated
        self.channels = ByChannel(all: channels)
        self.unreachable = unreachable
        self.communes = communes
        self.areaSquareMetres = areaSquareMetres
        self.population = population
        self.warnings = warnings
        self.mapped = mapped.map { MappedCode($0) }
    }
}
