import Foundation

/// The geographic formats that `tocsin-exchange` reads, told by their first bytes.
enum ExchangeFormat: String {
    case shapefile = "shp"
    /// A zip file: a shapefile's parts, or a KMZ.
    case archive = "zip"
    case geopackage = "gpkg"
    case topojson
    case flatgeobuf = "fgb"
    case kml, gpx
    case tab, mif

    /// Enough for the start of any document, comments included.
    private static let sniffedBytes = 4096

    /// Nil for what is none of them, GeoJSON for instance.
    init?(of source: FileSource) throws {
        let start = try source.start(bytes: Self.sniffedBytes)
        func starts(_ bytes: [UInt8]) -> Bool { start.starts(with: bytes) }
        let text = String(decoding: start, as: UTF8.self)
        if starts([0x50, 0x4B, 0x03, 0x04]) {
            self = .archive
        } else if starts(Array("SQLite format 3\0".utf8)) {
            self = .geopackage
        } else if starts([0x00, 0x00, 0x27, 0x0A]) || source.hasExtension("shp") {
            self = .shapefile
        } else if starts(Array("fgb".utf8)) {
            self = .flatgeobuf
        } else if text.hasPrefix("!table") {
            self = .tab
        } else if source.hasExtension("mif"), text.lowercased().hasPrefix("version") {
            self = .mif
        } else if text.contains(/^\s*\u{FEFF}?\s*\{/), text.contains(/"type"\s*:\s*"Topology"/) {
            self = .topojson
        } else if text.contains(/^\s*\u{FEFF}?\s*</), text.contains(/<(\w+:)?kml\b/) {
            self = .kml
        } else if text.contains(/^\s*\u{FEFF}?\s*</), text.contains(/<(\w+:)?gpx\b/) {
            self = .gpx
        } else {
            return nil
        }
    }

    /// The name under which the driver finds the file.
    func linkName(of source: FileSource) -> String {
        self == .archive && source.hasExtension("kmz") ? "layer.kmz" : "layer.\(rawValue)"
    }

    /// The extensions of the other files that belong to it, in the order that their digest takes.
    var partExtensions: [String] {
        switch self {
        case .shapefile: ["shx", "dbf", "prj", "cpg"]
        case .tab: ["dat", "map", "id", "ind"]
        case .mif: ["mid"]
        default: []
        }
    }

    /// Whether its only layer goes by the file's name.
    var namesLayerByFile: Bool { !partExtensions.isEmpty }
}

extension FileSource {
    func hasExtension(_ wanted: String) -> Bool { URL(filePath: path).pathExtension.lowercased() == wanted }

    /// The files beside it that have its name but for the extension, in whatever case, by extension in lower case.
    func siblings(_ extensions: [String]) -> [String: String] {
        let url = URL(filePath: path)
        let folder = url.deletingLastPathComponent()
        let stem = url.deletingPathExtension().lastPathComponent.lowercased()
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        var found: [String: String] = [:]
        for name in names.sorted() {
            let other = URL(filePath: name)
            guard other.deletingPathExtension().lastPathComponent.lowercased() == stem else { continue }
            let suffix = other.pathExtension.lowercased()
            // Where there are two, COMMUNE.dbf and commune.dbf, the one written as the file itself.
            let isExact = name.dropLast(suffix.count) == url.lastPathComponent.dropLast(url.pathExtension.count)
            if extensions.contains(suffix), found[suffix] == nil || isExact { found[suffix] = folder.appending(path: name).path }
        }
        return found
    }
}
