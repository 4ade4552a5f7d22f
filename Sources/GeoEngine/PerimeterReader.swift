import GeoModel

/// A perimeter read from GeoJSON, reprojected where the file names another system, and valid.
package struct PerimeterReading: Sendable {
    /// The name the file gives it.
    package let name: String?
    package let area: Area<WGS84>
    package let warnings: [DecodedPerimeter.Warning]
}

/// Reads a perimeter from bytes a stranger may have written: what comes out can be selected over.
package enum PerimeterReader {
    /// - Throws: `GeoJSONError` or `GeometryError`, naming polygon, ring and vertex.
    package static func read(_ bytes: [UInt8], limits: GeoJSONLimits = .default) throws -> PerimeterReading {
        let decoded = try GeoJSON.decodePerimeter(bytes, limits: limits)
        let area = try decoded.areaInWGS84()
        try Validity.check(area)
        return PerimeterReading(name: decoded.name, area: area, warnings: decoded.warnings)
    }
}
