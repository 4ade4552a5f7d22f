import CGDAL

/// A file of features, looked at before its driver sees it.
struct FeatureSource {
    enum Kind: String {
        case shapefile = "shp"
        /// A zip file with one shapefile, or a KMZ.
        case archive = "zip"
        case geopackage = "gpkg"
        case topojson, flatgeobuf = "fgb"
        case kml, gpx, tab, mif
    }

    let driver: String
    /// What the driver opens.
    private(set) var path: String
    private(set) var options: [String] = []

    /// - Throws: what can be told wrong without a parser.
    init(path: String, kind: String) throws(Fault) {
        guard let kind = Kind(rawValue: kind) else { throw Fault(.otherKind) }
        self.path = path
        switch kind {
        case .shapefile:
            driver = "ESRI Shapefile"
            let stem = String(path.dropLast(4))
            try check(ShapefileParts(shp: path, shx: stem + ".shx", dbf: stem + ".dbf", cpg: stem + ".cpg"))
        case .archive:
            let archive = try ZipDirectory(path: path)
            if archive.entries.contains(where: \.isEncrypted) { throw Fault(.encrypted) }
            let names = archive.entries.map(\.name)
            let shapes = names.filter { Self.hasExtension($0, ".shp") }
            if shapes.isEmpty, names.contains(where: { Self.hasExtension($0, ".kml") }) {
                driver = "LIBKML"
                return
            }
            driver = "ESRI Shapefile"
            guard let shp = shapes.first else { throw Fault(.otherKind) }
            guard shapes.count == 1 else { throw Fault(.severalShapefiles, names: shapes.sorted()) }
            let root = "/vsizip/{\(path)}/"
            func part(_ suffix: String) -> String? {
                let wanted = shp.dropLast(4) + suffix
                return names.first { $0 == wanted } ?? names.first { $0.lowercased() == wanted.lowercased() }
            }
            self.path = root + shp
            try check(ShapefileParts(
                shp: self.path, shx: part(".shx").map { root + $0 }, dbf: part(".dbf").map { root + $0 },
                cpg: part(".cpg").map { root + $0 }))
        case .geopackage:
            driver = "GPKG"
            // No lock and no file beside it: the parent has made sure that there is no journal.
            options = ["LIST_ALL_TABLES=NO", "IMMUTABLE=YES", "PRELUDE_STATEMENTS=PRAGMA trusted_schema=0"]
            try checkDatabase()
        case .topojson: driver = "TopoJSON"
        case .flatgeobuf: driver = "FlatGeobuf"
        // Not KML, which leaves out ExtendedData.
        case .kml: driver = "LIBKML"
        case .gpx: driver = "GPX"
        case .tab, .mif: driver = "MapInfo File"
        }
    }

    private mutating func check(_ parts: ShapefileParts) throws(Fault) {
        try parts.check()
        // The driver would take it for Latin-1, as dBASE's language byte says in UTF-8 files too: bytes as they are.
        if !parts.statesEncoding { options = ["ENCODING="] }
    }

    /// A database shorter than it says, or with tables that run code.
    private func checkDatabase() throws(Fault) {
        // SQLite's file format, section 1.3: page size at 16 (1 stands for 65,536), pages at 28, big-endian.
        var header = [UInt8](repeating: 0, count: 100)
        guard cgdal_read(path, 0, &header, 100) == 100 else { throw Fault(.damaged) }
        let pageBytes = header.bigEndian(at: 16, bytes: 2)
        let stated = header.bigEndian(at: 28, bytes: 4) * (pageBytes == 1 ? 65_536 : pageBytes)
        guard cgdal_size(path) >= stated else { throw Fault(.damaged) }
        switch cgdal_has_foreign_tables(path) {
        case 0: break
        case 1: throw Fault(.foreignTables)
        default: throw Fault(.damaged)
        }
    }

    private static func hasExtension(_ name: String, _ suffix: String) -> Bool {
        // macOS leaves a shadow of each file in an archive.
        name.lowercased().hasSuffix(suffix) && !name.hasPrefix("__MACOSX/")
    }
}

extension [UInt8] {
    func bigEndian(at offset: Int, bytes count: Int) -> Int {
        self[offset..<(offset + count)].reduce(0) { $0 << 8 | Int($1) }
    }

    func littleEndian(at offset: Int, bytes count: Int) -> Int {
        self[offset..<(offset + count)].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}
