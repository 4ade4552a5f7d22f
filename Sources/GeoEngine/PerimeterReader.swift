import GeoModel

/// What the operator should be told of a perimeter's file, though nothing was refused.
package enum PerimeterWarning: Hashable, Sendable {
    /// Some position lies outside every French territory, with a margin of one degree.
    case outsideFrenchTerritories
    /// Nothing names the system, and the numbers were recognised: its name.
    case assumedSystem(String)
    /// Points, which have no inside, were left out.
    case pointsLeftOut(Int)

    /// Stable, for programs.
    package var code: String {
        switch self {
        case .outsideFrenchTerritories: "outside_french_territories"
        case .assumedSystem: "assumed_system"
        case .pointsLeftOut: "points_left_out"
        }
    }
}

/// A perimeter read from a file, reprojected where the file is in another system. Not yet known to be valid: see
/// `PerimeterRepair`.
package struct PerimeterReading: Sendable {
    /// The name the file gives it.
    package let name: String?
    package let area: Area<WGS84>
    package let warnings: [PerimeterWarning]

    /// - Throws: `crosses_antimeridian`, with polygon, ring and vertex.
    package init(name: String?, area: Area<WGS84>, warnings: [PerimeterWarning]) throws(GeometryError) {
        try Self.requireOneSide(area)
        self.name = name
        self.area = area
        self.warnings = warnings
    }

    /// An edge that jumps over half the world would take in everything between.
    private static func requireOneSide(_ area: Area<WGS84>) throws(GeometryError) {
        for (polygonIndex, polygon) in area.polygons.enumerated() {
            for (ringIndex, ring) in polygon.rings.enumerated() {
                for index in ring.positions.indices.dropFirst() {
                    let jump = abs(ring.positions[index].longitude - ring.positions[index - 1].longitude)
                    guard jump > 180, jump < 360 else { continue }
                    throw GeometryError(
                        .crossesAntimeridian,
                        "the ring crosses the antimeridian (180°): cut it there, into a polygon on either side (RFC 7946, 3.1.9)",
                        polygon: polygonIndex + 1, ring: ringIndex + 1, vertex: index + 1, position: ring.positions[index])
                }
            }
        }
    }
}

/// Reads a perimeter from text a stranger may have written: GeoJSON or well-known text.
package enum PerimeterReader {
    /// - CRS: as the file names it, or WGS 84; metres that name no system are recognised where they can only be one.
    /// - Throws: `GeoJSONError` or `GeometryError`, naming polygon, ring and vertex.
    package static func read(_ bytes: [UInt8], limits: GeoJSONLimits = .default) throws -> PerimeterReading {
        let decoded =
            WKT.isLikely(bytes)
            ? try WKT.decodePerimeter(bytes, limits: limits, recognising: FrenchSystems.recognise)
            : try GeoJSON.decodePerimeter(bytes, limits: limits, recognising: FrenchSystems.recognise)
        let area = try decoded.areaInWGS84()
        var warnings: [PerimeterWarning] = []
        if decoded.warnings.contains(.assumedSystem), case .foreign(let foreign) = decoded.surface {
            warnings.append(.assumedSystem(FrenchSystems.name(ofEPSG: foreign.epsgCode)))
        }
        if !FrenchTerritories.hold(area) { warnings.append(.outsideFrenchTerritories) }
        return try PerimeterReading(name: decoded.name, area: area, warnings: warnings)
    }
}
