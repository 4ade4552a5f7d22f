import Foundation
import GeoEngine
import GeoModel

/// Reads a perimeter from a file in any format that operators have: GeoJSON and well-known text here, the others (KML,
/// KMZ, GPX, Shapefile, GeoPackage, TopoJSON, FlatGeobuf, MapInfo) in the exchange process.
package enum PerimeterFile {
    /// Points of a file that are left out and only told: place names beside polygons.
    private static let pointTypes: Set<String> = ["Point", "MultiPoint"]

    /// - Parameters:
    ///   - layer: needed when several layers have geometry.
    ///   - territory: what decides between several possible systems of a file that names none.
    /// - Returns: the polygons of all features, not yet known to be valid.
    /// - Throws: `GeoJSONError`, `GeometryError`, `ImportError`.
    package static func read(
        _ source: FileSource, layer: String? = nil, limits: GeoJSONLimits = .default,
        territory: FrenchSystems.Territory? = nil
    ) throws -> PerimeterReading {
        guard try ExchangeFeatures.canRead(source) else {
            var bytes: [UInt8] = []
            try source.read { chunk, _ in
                guard bytes.count + chunk.count <= limits.maxBytes else {
                    throw ImportError.tooLarge(file: source.name, limitBytes: limits.maxBytes)
                }
                bytes += chunk
            }
            return try PerimeterReader.read(bytes, limits: limits, territory: territory)
        }
        return try readForeign(source, layer: layer, limits: limits, territory: territory)
    }

    /// Reads a perimeter that came over the network.
    package static func read(
        bytes: [UInt8], limits: GeoJSONLimits = .default, territory: FrenchSystems.Territory? = nil
    ) throws -> PerimeterReading {
        guard bytes.count <= limits.maxBytes else {
            throw GeoJSONError(.tooLarge, reason: "the file has \(bytes.count) bytes, the limit is \(limits.maxBytes)")
        }
        guard !bytes.isEmpty else { throw GeoJSONError(.truncated, reason: "the file is empty") }
        let folder = try PrivateLinks()
        // A KMZ is told by what is in it: its entries' names stand as they are, and again in the table at its end.
        let isKMZ = bytes.starts(with: [0x50, 0x4B]) && bytes.suffix(1 << 16).contains(Array(".kml".utf8))
        let isShape = bytes.starts(with: [0x00, 0x00, 0x27, 0x0A])
        guard !isShape else {
            throw ImportError.foreign(file: "upload", reason: "a shapefile is several files: put them in one zip file")
        }
        let path = folder.folder + "/perimeter" + (isKMZ ? ".kmz" : "")
        guard FileManager.default.createFile(
            atPath: path, contents: Data(bytes), attributes: [.posixPermissions: 0o600])
        else { throw ImportError.unwritable(file: "upload", reason: "the temporary folder is full or not writable") }
        return try read(try FileSource(path: path), limits: limits, territory: territory)
    }

    private static func readForeign(
        _ source: FileSource, layer: String?, limits: GeoJSONLimits, territory: FrenchSystems.Territory?
    ) throws -> PerimeterReading {
        var polygons: [Polygon<WGS84>] = []
        var vertexCount = 0, pointCount = 0, featureCount = 0
        var name: String?
        var assumed: String?
        try ExchangeFeatures.read(
            source, layer: layer, takingClosedLines: true, territory: territory,
            opened: { layer in if layer.isSystemAssumed { assumed = layer.system } }
        ) { feature, _ in
            featureCount += 1
            guard let area = feature.area else {
                try leaveOut(feature, of: source, &pointCount)
                return
            }
            vertexCount += area.vertexCount
            guard vertexCount <= limits.maxVertices else {
                throw GeoJSONError(
                    .tooManyVertices, reason: "there are more than \(limits.maxVertices) vertices; simplify the geometry")
            }
            polygons += area.polygons
            name = name ?? feature.name
        }
        guard !polygons.isEmpty else {
            throw ImportError.foreign(
                file: source.name,
                reason: pointCount > 0
                    ? "it holds points only, which have no inside: give polygons, or draw a circle around a point"
                    : "it holds no polygon")
        }
        let area = Area(polygons)
        var warnings: [PerimeterWarning] = []
        if let assumed, assumed != "EPSG:\(WGS84.epsgCode)" {
            let code = Int(assumed.drop { !$0.isNumber })
            warnings.append(.assumedSystem(code.map { FrenchSystems.name(ofEPSG: $0) } ?? assumed))
        }
        if pointCount > 0 { warnings.append(.pointsLeftOut(pointCount)) }
        if !FrenchTerritories.hold(area) { warnings.append(.outsideFrenchTerritories) }
        return try PerimeterReading(name: featureCount == 1 ? name : nil, area: area, warnings: warnings)
    }

    /// A point has no inside, so nobody is lost with it; a line may be a boundary that was not closed.
    private static func leaveOut(_ feature: ExchangeFeature, of source: FileSource, _ pointCount: inout Int) throws {
        switch feature.geometryType {
        case nil: return
        case let type? where pointTypes.contains(type): pointCount += 1
        case let type?:
            throw ImportError.foreign(
                file: source.name,
                reason: "feature \(feature.number) is a \(type), which has no inside: "
                    + (type.hasSuffix("LineString") ? "its ends do not meet; close it, or give a polygon" : "give polygons"))
        }
    }
}

extension ExchangeFeature {
    /// The attribute that people call it by.
    fileprivate var name: String? {
        for member in properties.members where ["name", "nom", "libelle"].contains(member.key.lowercased()) {
            if let name = member.value.string, !name.allSatisfy(\.isWhitespace) { return name }
        }
        return nil
    }
}
