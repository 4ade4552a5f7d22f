import AlertModel
import GeoModel

/// How well the register covers some people: a zone as a whole, or one commune's part of it.
package struct CoverageFigures: Sendable, Equatable {
    /// Legal population, weighted by the share of each commune's area inside the zone; nil when the zone has no
    /// geometry or a commune's population is not known.
    package var population: Double?
    /// Recipients the zone selects.
    package var registered = 0
    package var located: [Precision: Int] = [:]
    /// Selected recipients with a contact point of the channel.
    package var reachable: [Channel: Int] = [:]
    /// Selected recipients without any contact point.
    package var unreachable = 0

    package init() {}

    /// Registered recipients per inhabitant, from 0 up; nil when the population is not known or nobody lives there.
    package var share: Double? {
        population.flatMap { $0 > 0 ? Double(registered) / $0 : nil }
    }

    package mutating func count(precision: Precision, channels: [Channel]) {
        registered += 1
        located[precision, default: 0] += 1
        if channels.isEmpty { unreachable += 1 }
        for channel in channels { reachable[channel, default: 0] += 1 }
    }
}

/// A commune's part of a zone.
package struct CommuneCoverage: Sendable {
    package let code: CommuneCode
    package let name: String
    /// Legal population of the whole commune, and its year.
    package let population: Int?
    package let populationYear: Int?
    /// Share of the commune's area inside the zone, from 0 to 1; nil without geometry.
    package let areaShare: Double?
    /// For the part inside the zone.
    package var figures: CoverageFigures
    package let boundary: Area<WGS84>?

    package init(
        code: CommuneCode, name: String, population: Int?, populationYear: Int?, areaShare: Double?,
        figures: CoverageFigures, boundary: Area<WGS84>?
    ) {
        self.code = code
        self.name = name
        self.population = population
        self.populationYear = populationYear
        self.areaShare = areaShare
        self.figures = figures
        self.boundary = boundary
    }
}

/// Who lives in a zone, who is registered, who can be reached.
package struct Coverage: Sendable {
    /// The zone in words.
    package let zone: String
    package let figures: CoverageFigures
    /// Recipients of the register that the zone cannot judge for want of a place.
    package let notLocated: Int
    /// Sorted by code; communes the zone touches, and communes selected recipients belong to.
    package let communes: [CommuneCoverage]
    /// Selected recipients whose commune is not known.
    package let withoutCommune: Int

    package init(
        zone: String, figures: CoverageFigures, notLocated: Int, communes: [CommuneCoverage], withoutCommune: Int
    ) {
        self.zone = zone
        self.figures = figures
        self.notLocated = notLocated
        self.communes = communes
        self.withoutCommune = withoutCommune
    }
}
