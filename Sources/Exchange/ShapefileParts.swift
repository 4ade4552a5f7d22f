import CGDAL

/// The files that make a shapefile, held against each other: OGR reads a shortened one without a word, as far as it
/// goes, and one without attributes as features without any.
struct ShapefileParts {
    let shp: String
    let shx: String?
    let dbf: String?
    let cpg: String?

    /// Whether the encoding is stated by the `.cpg`, or by a language byte of dBASE's that means one code page.
    var statesEncoding: Bool {
        if let cpg, cgdal_size(cpg) > 0 { return true }
        // 0x00: none. 0x57: “ANSI”, which ESRI's and other programs write whatever the encoding. 0x03: Windows-1252.
        guard let header = dbf.flatMap({ Self.header(of: $0, bytes: 32) }) else { return true }
        return ![0x00, 0x03, 0x57].contains(header[29])
    }

    /// - Throws: `missing_part`, or `damaged` when one is shorter than it says or they disagree.
    func check() throws(Fault) {
        let missing = [(shx, ".shx"), (dbf, ".dbf")].filter { cgdal_size($0.0 ?? "") < 0 }.map(\.1)
        guard missing.isEmpty, let shx, let dbf else { throw Fault(.missingPart, names: missing) }
        // ESRI Shapefile Technical Description (1998), page 4: 9994, and the length in 16-bit words at 24.
        for part in [shp, shx] {
            guard let header = Self.header(of: part, bytes: 100), header.bigEndian(at: 0, bytes: 4) == 9994 else {
                throw Fault(.damaged)
            }
            guard header.bigEndian(at: 24, bytes: 4) * 2 <= cgdal_size(part) else { throw Fault(.damaged) }
        }
        guard let index = Self.header(of: shx, bytes: 100), let table = Self.header(of: dbf, bytes: 32) else {
            throw Fault(.damaged)
        }
        let shapes = (index.bigEndian(at: 24, bytes: 4) * 2 - 100) / 8
        // dBASE III: records at 4, length of the header at 8, of a record at 10.
        let rows = table.littleEndian(at: 4, bytes: 4)
        let length = table.littleEndian(at: 8, bytes: 2) + rows * table.littleEndian(at: 10, bytes: 2)
        guard rows == shapes, length <= cgdal_size(dbf) else { throw Fault(.damaged) }
    }

    private static func header(of path: String, bytes count: Int) -> [UInt8]? {
        var header = [UInt8](repeating: 0, count: count)
        return cgdal_read(path, 0, &header, count) == count ? header : nil
    }
}
