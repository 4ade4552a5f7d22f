import GeoModel
import Store

/// A feature of a file of communes, in whatever format.
struct CommuneRecord {
    /// From 1.
    let number: Int
    let properties: JSONObject
    /// Not yet validated. Nil when there is no geometry, or one that is no surface.
    let area: Area<WGS84>?
    /// Nil when there is no geometry.
    let geometryType: String?
}

/// A file of communes, opened by what it is: GeoJSON by Tocsin's own codec, whose errors name ring and vertex; any other
/// format in the exchange process.
struct CommuneSource {
    private let source: FileSource
    private let layer: String?
    private let isForeign: Bool

    var name: String { source.name }
    var byteCount: Int { source.byteCount }

    /// - Parameter layer: of a foreign format, when it has several.
    /// - Throws: `ImportError`.
    init(path: String, layer: String?) throws {
        source = try FileSource(path: path)
        self.layer = layer
        isForeign = try ExchangeFeatures.canRead(source)
        if layer != nil, !isForeign {
            throw ImportError.foreign(file: source.name, reason: "it has no layers: leave --layer out")
        }
    }

    func imported() throws -> ImportedFile { try source.imported() }

    /// Calls `body` with each feature and the number of bytes read so far, near enough for a progress bar.
    /// - Returns: the layer; nil for GeoJSON.
    func forEach(_ body: (CommuneRecord, _ bytesRead: Int) throws -> Void) throws -> ExchangeLayer? {
        guard isForeign else {
            try forEachGeoJSON(body)
            return nil
        }
        var opened: ExchangeLayer?
        try ExchangeFeatures.read(source, layer: layer, opened: { opened = $0 }) { feature, done in
            try body(
                CommuneRecord(
                    number: feature.number, properties: feature.properties, area: feature.area,
                    geometryType: feature.geometryType), Int(done * Double(byteCount)))
        }
        return opened
    }

    private func forEachGeoJSON(_ body: (CommuneRecord, _ bytesRead: Int) throws -> Void) throws {
        var reader = GeoJSONFeatureReader()
        try source.read { chunk, bytesRead in
            for feature in try reader.feed(chunk) {
                try body(
                    CommuneRecord(
                        number: feature.number, properties: feature.properties, area: feature.area,
                        geometryType: feature.geometryType), bytesRead)
            }
        }
        try reader.finish()
    }
}
