import CGDAL
import GeoModel
import Glibc

/// Reads one layer: `{"layers":[…],"layer":"…","crs":"…","assumed":false,"count":n}`, then for each feature
/// `{"n":1,"p":{…},"t":"MultiPolygon","g":"<WKB in hexadecimal>"}`, in WGS 84, longitude first.
///
/// `t` is what the geometry was and missing where there is none; only polygons have a `g`. `layer`, `crs` and `count` are
/// missing in a list of layers, `count` also where the file does not state it.
struct FeatureReading {
    private struct Layer {
        let name: String
        let handle: UnsafeMutableRawPointer
        let hasGeometry: Bool
    }

    /// As many as a GeoJSON feature may have (`GeoJSONLimits.feature`), and a few bytes for each ring.
    private static let maximumWKBBytes = 500_000 * 16 + (1 << 20)

    private let source: FeatureSource
    private let layers: [Layer]
    private let takesClosedLines: Bool

    /// - Parameter takesClosedLines: whether lines whose ends meet are polygons; only of files in degrees.
    init(path: String, kind: String, takesClosedLines: Bool = false) throws(Fault) {
        self.takesClosedLines = takesClosedLines
        source = try FeatureSource(path: path, kind: kind)
        guard cgdal_register(source.driver) == 0 else { throw Fault(.unconfined) }
        for (key, value) in [("GDAL_NUM_THREADS", "1"), ("OGR_GPKG_NUM_THREADS", "1")] { cgdal_configure(key, value) }
        // Kept as long as the process: there is one list.
        let options: [UnsafePointer<CChar>?] = source.options.map { UnsafePointer(strdup($0)) } + [nil]
        guard let dataset = cgdal_open(source.path, source.driver, options) else {
            throw Fault.current() ?? Fault(.damaged)
        }
        try Fault.check()
        layers = try (0..<cgdal_layer_count(dataset)).map { index throws(Fault) -> Layer in
            guard let layer = cgdal_layer(dataset, index) else { throw Fault(.damaged) }
            return Layer(
                name: String(cString: cgdal_layer_name(layer)), handle: layer, hasGeometry: cgdal_has_geometry(layer) != 0)
        }
    }

    /// The layers with geometry; the others are tables beside them.
    func list(to output: inout OutputLines) -> Int {
        output.line { writer in
            writeNames(&writer)
            writer.raw("}")
        }
        return 0
    }

    /// - Parameters:
    ///   - name: the layer; needed when several have geometry.
    ///   - code: the EPSG code of the system, where the layer names none.
    /// - Returns: the number of features.
    func write(layer name: String?, system code: Int? = nil, to output: inout OutputLines) throws(Fault) -> Int {
        let layer = try choose(name)
        if takesClosedLines, ["GPX", "LIBKML"].contains(source.driver) { cgdal_take_closed_lines() }
        let system = try layer.hasGeometry ? LayerSystem(layer: layer.handle, assuming: code) : nil
        let stated = cgdal_feature_count(layer.handle)
        try Fault.check()
        output.line { writer in
            writeNames(&writer)
            writer.raw(#","layer":"#)
            writer.string(layer.name)
            writer.raw(#","crs":"#)
            writer.string(system?.name ?? "")
            writer.raw(#","assumed":"#)
            writer.value(.bool(system?.isAssumed ?? false))
            if stated >= 0 {
                writer.raw(#","count":"#)
                writer.number(Double(stated))
            }
            writer.raw("}")
        }
        let fields = LayerFields(layer: layer.handle)
        var count = 0
        cgdal_rewind(layer.handle)
        while let feature = cgdal_next(layer.handle) {
            defer { cgdal_free(feature) }
            count += 1
            try Fault.check(at: count)
            try write(feature, number: count, fields, system, to: &output)
        }
        try Fault.check(at: count)
        // Both state it in a header: fewer than that is a loss. (A shapefile's count has deleted rows in it.)
        if source.driver == "GPKG" || source.driver == "FlatGeobuf", stated > count { throw Fault(.damaged, number: count) }
        return count
    }

    private func write(
        _ feature: UnsafeMutableRawPointer, number: Int, _ fields: LayerFields, _ system: LayerSystem?,
        to output: inout OutputLines
    ) throws(Fault) {
        var type: Int32 = 0
        var bytes: UnsafePointer<UInt8>?
        var byteCount = 0
        let hasGeometry = cgdal_geometry(feature, &type, &bytes, &byteCount) == 0
        try Fault.check(at: number)
        guard byteCount <= Self.maximumWKBBytes else { throw Fault(.tooManyVertices, number: number) }
        var area: Area<WGS84>?
        if hasGeometry, let bytes, let system {
            area = try system.area(Array(UnsafeBufferPointer(start: bytes, count: byteCount)), number: number)
        }
        output.line { writer in
            writer.raw(#"{"n":"#)
            writer.number(Double(number))
            writer.raw(#","p":"#)
            fields.write(feature, to: &writer)
            if hasGeometry {
                writer.raw(#","t":"#)
                writer.string(Self.typeName(type))
            }
            if let area {
                writer.raw(#","g":""#)
                writer.raw(Self.hexadecimal(WKB.encode(area)))
                writer.raw("\"")
            }
            writer.raw("}")
        }
    }

    private func choose(_ name: String?) throws(Fault) -> Layer {
        if let name {
            guard let layer = layers.first(where: { $0.name == name }) else {
                throw Fault(.unknownLayer, names: layers.map(\.name))
            }
            return layer
        }
        var candidates = layers.filter(\.hasGeometry)
        if takesClosedLines, source.driver == "GPX" {
            // The driver shows all five kinds of layer, whatever the file holds; points enclose nothing.
            let lines = candidates.filter { ["tracks", "routes"].contains($0.name) }
            candidates = lines.filter { cgdal_feature_count_exactly($0.handle) > 0 }
            try Fault.check()
            guard !candidates.isEmpty else { throw Fault(.empty) }
        }
        guard let layer = candidates.first else { throw Fault(layers.isEmpty ? .empty : .noGeometry) }
        guard candidates.count == 1 else { throw Fault(.severalLayers, names: candidates.map(\.name)) }
        return layer
    }

    private func writeNames(_ writer: inout JSONWriter) {
        writer.raw(#"{"layers":"#)
        writer.separated(layers.filter(\.hasGeometry), open: "[", close: "]") { $0.string($1.name) }
    }

    /// GeoJSON's name of an OGC type number.
    private static func typeName(_ type: Int32) -> String {
        let names = [
            "Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon", "GeometryCollection",
        ]
        return names.indices.contains(Int(type) - 1) ? names[Int(type) - 1] : "Surface"
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        return [UInt8](unsafeUninitializedCapacity: bytes.count * 2) { buffer, count in
            for (index, byte) in bytes.enumerated() {
                buffer[2 * index] = digits[Int(byte >> 4)]
                buffer[2 * index + 1] = digits[Int(byte & 15)]
            }
            count = bytes.count * 2
        }
    }
}
