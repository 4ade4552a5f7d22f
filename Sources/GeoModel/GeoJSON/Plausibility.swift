/// Whether numbers that should be degrees of longitude and latitude can be, and the likely mistake if not.
enum Plausibility {
    /// - Returns: whether every position lies in a French territory.
    /// - Throws: `projected_coordinates`, `swapped_axes` or `out_of_range`, with the first position at fault.
    static func check(
        _ polygons: [Polygon<ForeignCRS>], origins: [PolygonOrigin]
    ) throws(GeoJSONError) -> Bool {
        var survey = Survey()
        for (polygonIndex, polygon) in polygons.enumerated() {
            for (ringIndex, ring) in polygon.rings.enumerated() {
                for (vertexIndex, position) in ring.positions.enumerated() {
                    survey.add(position, at: Vertex(polygon: polygonIndex, ring: ringIndex, vertex: vertexIndex))
                }
            }
        }
        func failure(_ code: GeoJSONError.Code, at vertex: Vertex, _ reason: String) -> GeoJSONError {
            let origin = origins[vertex.polygon]
            return GeoJSONError(
                code, reason: reason, path: "\(origin.path)[\(vertex.ring)][\(vertex.vertex)]",
                place: GeoJSONError.Place(
                    feature: origin.feature, polygon: origin.polygon, ring: vertex.ring + 1, vertex: vertex.vertex + 1),
                position: polygons[vertex.polygon].rings[vertex.ring].positions[vertex.vertex])
        }
        if let (vertex, position) = survey.firstInMetres {
            throw failure(
                .projectedCoordinates, at: vertex,
                "\(GeoJSONDecoder.show(position)) are not degrees; they look like metres in "
                    + "\(guess(position)). Export the file in WGS 84 (EPSG:4326), or name its system in a crs member")
        }
        if let (vertex, position) = survey.firstSwapped, !survey.isElsewhere {
            throw failure(
                .swappedAxes, at: vertex,
                "latitude seems to come before longitude: \(GeoJSONDecoder.show(position)) is nowhere in France, "
                    + "the two numbers the other way round are. Write [longitude, latitude]")
        }
        if let (vertex, position) = survey.firstOutOfRange {
            throw failure(
                .outOfRange, at: vertex,
                "\(GeoJSONDecoder.show(position)) is out of range: longitude goes from -180 to 180, "
                    + "latitude from -90 to 90")
        }
        return survey.firstSwapped == nil && !survey.isElsewhere
    }

    /// The systems in which France writes coordinates of that size.
    static func guess(_ position: Position<ForeignCRS>) -> String {
        let x = position.east, y = position.north
        var systems: [String] = []
        if (-400_000...1_400_000).contains(x), (5_900_000...7_300_000).contains(y) {
            systems.append("Lambert-93 (EPSG:2154)")
        }
        if (-100_000...1_400_000).contains(x), (1_500_000...2_800_000).contains(y) {
            systems.append("Lambert II étendu (EPSG:27572)")
        }
        if (1_000_000...2_400_000).contains(x), (1_000_000...9_400_000).contains(y) {
            systems.append("a Lambert CC zone (EPSG:3942 to 3950)")
        }
        if (100_000...900_000).contains(x), (0...10_000_000).contains(y), systems.isEmpty || y < 5_900_000 {
            systems.append("a UTM zone (EPSG:326xx north, 327xx south)")
        }
        if (-800_000...1_300_000).contains(x), (4_900_000...6_900_000).contains(y) {
            systems.append("Web Mercator (EPSG:3857)")
        }
        return systems.isEmpty ? "a projected system" : systems.joined(separator: " or ")
    }

    private struct Vertex {
        let polygon: Int
        let ring: Int
        let vertex: Int
    }

    /// What is seen of the positions, one after the other.
    private struct Survey {
        private(set) var firstInMetres: (Vertex, Position<ForeignCRS>)?
        private(set) var firstOutOfRange: (Vertex, Position<ForeignCRS>)?
        /// The first position that only lies in France when its axes are swapped.
        private(set) var firstSwapped: (Vertex, Position<ForeignCRS>)?
        /// Whether some position lies in no French territory, either way round.
        private(set) var isElsewhere = false
        private var hint = 0

        mutating func add(_ position: Position<ForeignCRS>, at vertex: Vertex) {
            let degrees = Position<WGS84>(longitude: position.east, latitude: position.north)
            if let box = FrenchTerritories.box(holding: degrees, hint: hint) {
                hint = box
                return
            }
            if !degrees.isInRange {
                // No angle in any usual unit reaches a thousand (400 gradians make a turn).
                let isMetres = max(position.east.magnitude, position.north.magnitude) > 1000
                if isMetres, firstInMetres == nil { firstInMetres = (vertex, position) }
                if firstOutOfRange == nil { firstOutOfRange = (vertex, position) }
            }
            let swapped = Position<WGS84>(longitude: position.north, latitude: position.east)
            if FrenchTerritories.box(holding: swapped, hint: hint) != nil {
                if firstSwapped == nil { firstSwapped = (vertex, position) }
            } else {
                isElsewhere = true
            }
        }
    }
}
