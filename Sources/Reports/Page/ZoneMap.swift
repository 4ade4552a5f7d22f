import GeoModel

/// The map that goes with a message: the zone over the communes' boundaries.
package enum ZoneMap {
    /// Communes beyond this are too small on the map for their outlines to say anything.
    private static let greatestCommuneCount = 400

    /// - Parameters:
    ///   - zone: its surface, WGS 84.
    ///   - communes: those of the map's frame, each with its boundary.
    /// - Returns: nil when there is nothing to show.
    package static func map(
        of zone: Area<WGS84>, communes: [(name: String, boundary: Area<WGS84>)]
    ) -> ReportMap? {
        guard !zone.isEmpty else { return nil }
        // The zone below, lest its colour hides the boundaries.
        var surfaces = [
            ReportMap.Surface(area: zone, fill: "#f6c9c4", stroke: CoverageColours.zone, lineWidth: 1.8, title: "La zone")
        ]
        if communes.count <= greatestCommuneCount {
            surfaces += communes.map { ReportMap.Surface(area: $0.boundary, label: $0.name, title: $0.name) }
        }
        return ReportMap(
            title: "Carte de la zone", surfaces: surfaces, frame: zone.boundingBox,
            legend: [("#f6c9c4", "zone alertée"), (ReportMap.border, "limite de commune")])
    }
}
