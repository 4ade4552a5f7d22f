import CGDAL
import GeoModel

/// Reads one sheet of a workbook: `{"sheets":[…],"sheet":"…","width":n,"rows":n}`, then `[row number,"cell",…]` with
/// trailing empty cells left out. Blank rows, and blank columns to the left of everything, are left out.
///
/// Cells come as the file stores them: text as text, numbers with 15 digits and without grouping, dates as
/// `2024-03-01` or `2024-03-01 13:45:10`, truth values as 1 and 0 (in ODS as displayed), formulas as last computed.
struct TableReading {
    private enum Kind: String {
        case xlsx, xls, ods

        var driver: String { rawValue.uppercased() }
    }

    private let path: String
    private let kind: Kind

    init(path: String, kind: String) throws(Fault) {
        guard let kind = Kind(rawValue: kind) else { throw Fault(.otherKind) }
        self.path = path
        self.kind = kind
    }

    func write(sheet name: String?, to output: inout OutputLines) throws(Fault) -> Int {
        try inspect()
        guard cgdal_register(kind.driver) == 0 else { throw Fault(.unconfined) }
        cgdal_configure("GDAL_NUM_THREADS", "1")
        for setting in [("HEADERS", "DISABLE"), ("FIELD_TYPES", "STRING")] {
            cgdal_configure("OGR_\(kind.driver)_\(setting.0)", setting.1)
        }
        guard let dataset = cgdal_open(path, kind.driver, nil) else { throw Fault.current() ?? Fault(.damaged) }
        try Fault.check()
        let sheets = try (0..<cgdal_layer_count(dataset)).map { index throws(Fault) -> Sheet in
            guard let layer = cgdal_layer(dataset, index) else { throw Fault(.damaged) }
            return Sheet(layer: layer)
        }
        var sheet = try choose(name, among: sheets)
        return try sheet.write(names: sheets.map(\.name), to: &output)
    }

    /// What can be told from the container, before a driver sees it.
    private func inspect() throws(Fault) {
        if kind == .xls {
            // Excel keeps an encrypted workbook of any kind as this stream of an OLE2 file ([MS-OFFCRYPTO], 2.3.4.4).
            if cgdal_file_contains(path, "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0", 32) != 0 { throw Fault(.encrypted) }
            return
        }
        let archive = try ZipDirectory(path: path)
        if archive.entries.contains(where: \.isEncrypted) { throw Fault(.encrypted) }
        let part = kind == .xlsx ? "xl/workbook.xml" : "content.xml"
        guard archive.contains(part) else { throw Fault(.otherKind) }
        guard kind == .xlsx else { return }
        for entry in archive.entries where entry.name.hasPrefix("xl/worksheets/") && entry.name.hasSuffix(".xml") {
            // The driver would keep the first run of such a cell, and drop the others without a word.
            if cgdal_has_inline_runs("/vsizip/{\(path)}/\(entry.name)") != 0 { throw Fault(.richInlineText) }
        }
    }

    /// The sheet asked for, or the only one with anything on it.
    private func choose(_ name: String?, among sheets: [Sheet]) throws(Fault) -> Sheet {
        if let name {
            guard let sheet = sheets.first(where: { $0.name == name }) else {
                throw Fault(.unknownSheet, names: sheets.map(\.name))
            }
            return sheet
        }
        var filled: [Sheet] = []
        for var sheet in sheets {
            if try sheet.survey() != nil { filled.append(sheet) }
        }
        guard let sheet = filled.first else { throw Fault(.empty) }
        guard filled.count == 1 else { throw Fault(.severalSheets, names: filled.map(\.name)) }
        return sheet
    }
}
