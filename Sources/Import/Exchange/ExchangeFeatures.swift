import Foundation
import GeoEngine
import GeoModel

/// Reads features of foreign formats: Shapefile (a `.shp` with its parts beside it, or a `.zip` of them), GeoPackage,
/// TopoJSON, FlatGeobuf, KML, KMZ, GPX and MapInfo, in any reference system. GeoJSON has a reader of its own.
///
/// All of it blocks: memory here is one feature's, whatever the file.
package enum ExchangeFeatures {
    /// Whether the file is of one of these formats, by its first bytes.
    package static func canRead(_ source: FileSource) throws -> Bool { try ExchangeFormat(of: source) != nil }

    /// The names of the layers with geometry.
    /// - Throws: `ImportError`.
    package static func layers(of source: FileSource) throws -> [String] {
        var names: [String] = []
        try run("list-layers", source, layer: nil) { value, name in names = name.map { [$0] } ?? value["layers"]?.texts ?? [] }
        return names
    }

    /// Reads one layer to its end.
    ///
    /// - Parameters:
    ///   - layer: needed when several have geometry; one without geometry can be named too.
    ///   - takingClosedLines: whether lines of KML and GPX whose ends meet are polygons.
    ///   - territory: what decides between several possible systems of a layer that names none.
    ///   - opened: gets the layer before its first feature.
    ///   - body: gets each feature, and how far the reading is as a part of 1 (0 where that is not known).
    /// - Throws: `ImportError`, also after features have been passed on: nothing of the file is to be kept then. What
    ///   `opened` and `body` throw.
    package static func read(
        _ source: FileSource, layer: String? = nil, takingClosedLines: Bool = false,
        territory: FrenchSystems.Territory? = nil, opened: (ExchangeLayer) throws -> Void = { _ in },
        _ body: (ExchangeFeature, _ done: Double) throws -> Void
    ) throws {
        var known: ExchangeLayer?
        try run(takingClosedLines ? "read-perimeter" : "read-features", source, layer: layer, territory: territory) { value, name in
            guard let layer = known else {
                var layer = try ExchangeLayer(value)
                if let name { layer = layer.renamed(name) }
                known = layer
                return try opened(layer)
            }
            let feature = try ExchangeFeature(value)
            let count = layer.featureCount ?? 0
            try body(feature, count > 0 ? min(1, Double(feature.number) / Double(count)) : 0)
        }
    }

    /// - Parameter body: gets each line, and the layer's name where it is the file's.
    private static func run(
        _ verb: String, _ source: FileSource, layer: String?, territory: FrenchSystems.Territory? = nil,
        _ body: (JSONValue, String?) throws -> Void
    ) throws {
        guard let format = try ExchangeFormat(of: source) else {
            throw ImportError.foreign(file: source.name, reason: ExchangeFault.otherKind.reason)
        }
        let links = try PrivateLinks()
        let name = format.linkName(of: source)
        let path = try links.add(source.path, as: name)
        for (suffix, part) in source.siblings(format.partExtensions) {
            _ = try links.add(part, as: "layer.\(suffix)")
        }
        if format == .geopackage, source.hasJournal {
            throw ImportError.foreign(
                file: source.name,
                reason: "it has changes that are not in it yet (a -wal or -journal file beside it): close the program that "
                    + "has it open")
        }
        let fileName = format.namesLayerByFile ? URL(filePath: source.path).deletingPathExtension().lastPathComponent : nil
        // The private name stands for the file's own.
        let layer = layer.map { $0 == fileName ? "layer" : $0 }
        func run(system: Int?) throws {
            // An empty word stands for no name.
            let words = [format.rawValue, path, layer ?? "", system.map { "\($0)" } ?? ""]
            try ExchangeProcess(limits: .features).run(verb, words) { try body(try ExchangeJSON.value($0), fileName) }
        }
        do {
            do {
                try run(system: nil)
            } catch ExchangeProcess.Failure.refused(let fault) where !fault.readings.isEmpty {
                // Said before the first feature: the territory decides, or the file must.
                guard case .one(let reading) = try FrenchSystems.choose(fault.readings, in: territory) else {
                    throw ExchangeProcess.Failure.refused(fault)
                }
                try run(system: reading.epsgCode)
            }
        } catch let failure as ExchangeProcess.Failure {
            throw ImportError.foreign(file: source.name, reason: failure.reason)
        }
    }
}

extension ExchangeLayer {
    fileprivate func renamed(_ name: String) -> ExchangeLayer {
        ExchangeLayer(
            name: name, layers: [name], system: system, isSystemAssumed: isSystemAssumed, featureCount: featureCount)
    }
}

extension FileSource {
    /// Whether SQLite would find changes beside the file.
    fileprivate var hasJournal: Bool {
        ["-wal", "-journal"].contains { suffix in
            let attributes = try? FileManager.default.attributesOfItem(atPath: path + suffix)
            return (attributes?[.size] as? NSNumber)?.intValue ?? 0 > 0
        }
    }
}
