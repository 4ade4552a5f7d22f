import GeoModel

/// What the operator should be told of a perimeter's file, though nothing was refused.
package enum PerimeterWarning: Hashable, Sendable {
    /// Some position lies outside every French territory, with a margin of one degree.
    case outsideFrenchTerritories
    /// Nothing names the system, and the numbers were recognised: its name.
    case assumedSystem(String)
    /// Points, which have no inside, were left out.
    case pointsLeftOut(Int)
    /// So many polygons over the antimeridian were taken the short way round, and cut there.
    case cutAtAntimeridian(Int)

    /// Stable, for programs.
    package var code: String {
        switch self {
        case .outsideFrenchTerritories: "outside_french_territories"
        case .assumedSystem: "assumed_system"
        case .pointsLeftOut: "points_left_out"
        case .cutAtAntimeridian: "cut_at_antimeridian"
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

    /// Polygons over the antimeridian are cut there, and that is told.
    /// - Throws: `crosses_antimeridian`, with polygon, ring and vertex.
    package init(name: String?, area: Area<WGS84>, warnings: [PerimeterWarning]) throws(GeometryError) {
        self.name = name
        let cut = try AntimeridianCut.cut(area)
        self.area = cut.area
        self.warnings = warnings + (cut.count > 0 ? [.cutAtAntimeridian(cut.count)] : [])
    }
}

/// Reads a perimeter from text a stranger may have written: GeoJSON or well-known text.
package enum PerimeterReader {
    /// - CRS: as the file names it, or WGS 84; metres that name no system are recognised where they can only be one.
    /// - Parameter territory: what decides between several possible systems.
    /// - Throws: `GeoJSONError` or `GeometryError`, naming polygon, ring and vertex, and what `territory` throws.
    package static func read(
        _ bytes: [UInt8], limits: GeoJSONLimits = .default, territory: FrenchSystems.Territory? = nil
    ) throws -> PerimeterReading {
        var choice: Result<FrenchSystems.Choice, any Error> = .success(.open([]))
        func recognise(_ area: Area<ForeignCRS>) -> Int? {
            guard let box = area.boundingBox else { return nil }
            choice = Result { try FrenchSystems.choose(FrenchSystems.readings(of: box), in: territory) }
            if case .success(.one(let reading)) = choice { return reading.epsgCode }
            return nil
        }
        let decoded: DecodedPerimeter
        do throws(GeoJSONError) {
            decoded = try WKT.isLikely(bytes)
                ? WKT.decodePerimeter(bytes, limits: limits, recognising: recognise)
                : GeoJSON.decodePerimeter(bytes, limits: limits, recognising: recognise)
        } catch {
            guard error.code == .projectedCoordinates, case .open(let readings) = try choice.get(), !readings.isEmpty else {
                throw error
            }
            throw GeoJSONError(
                .projectedCoordinates,
                reason: "these are metres, and the file names no system: they may be \(FrenchSystems.names(readings)). Export "
                    + "the file in WGS 84 (EPSG:4326), or name its system in a crs member",
                path: error.path, place: error.place, position: error.position)
        }
        let area = try decoded.areaInWGS84()
        var warnings: [PerimeterWarning] = []
        if decoded.warnings.contains(.assumedSystem), case .foreign(let foreign) = decoded.surface {
            warnings.append(.assumedSystem(FrenchSystems.name(ofEPSG: foreign.epsgCode)))
        }
        let reading = try PerimeterReading(name: decoded.name, area: area, warnings: warnings)
        guard !FrenchTerritories.hold(reading.area) else { return reading }
        return try PerimeterReading(
            name: reading.name, area: reading.area, warnings: reading.warnings + [.outsideFrenchTerritories])
    }
}
