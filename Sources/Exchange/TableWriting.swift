import CGDAL
import GeoModel

/// Writes a workbook of one sheet: reads `{"sheet":"…","columns":[{"name":"…","number":false}…]}`, then `["text",1.5,null]`
/// for each row, then `{"end":n}`, without which nothing is written.
///
/// Texts go into the table of shared strings, where nothing is ever a formula.
struct TableWriting {
    /// Excel's own limits.
    private static let maximumRows = 1_048_576
    private static let maximumCellCharacters = 32_767

    let path: String

    func write() throws(Fault) {
        guard cgdal_register("XLSX") == 0 else { throw Fault(.unconfined) }
        var input = InputLines()
        guard let header = try line(&input), let sheet = header["sheet"]?.string,
            case .array(let columns)? = header["columns"]
        else { throw Fault(.cutShort) }
        var layer: UnsafeMutableRawPointer?
        guard let workbook = cgdal_create_workbook(path, sheet, &layer), let layer else { throw Fault(.notWritten) }
        let first = try line(&input)
        guard let first else { throw Fault(.cutShort) }
        let isEmpty = first["end"] != nil
        for (index, column) in columns.enumerated() {
            // The driver writes names as the first row, but only above another one.
            let name = isEmpty ? "Field\(index + 1)" : try Self.clean(column["name"]?.string ?? "", row: 1)
            let isNumber = !isEmpty && column["number"] == .bool(true)
            guard cgdal_add_column(layer, name, isNumber ? 1 : 0) == 0 else { throw Fault(.tooWide) }
        }
        if isEmpty { try add(columns.map { $0["name"] ?? .null }, to: layer, number: 1) }
        var count = 0
        var next = first
        while next["end"] == nil {
            guard case .array(let cells) = next, cells.count <= columns.count else { throw Fault(.cutShort) }
            count += 1
            guard count < Self.maximumRows else { throw Fault(.tooManyRows) }
            try add(cells, to: layer, number: count + 1)
            guard let following = try line(&input) else { throw Fault(.cutShort) }
            next = following
        }
        guard next["end"]?.number == Double(count) else { throw Fault(.cutShort) }
        cgdal_close(workbook)
        if cgdal_out_of_memory() != 0 { throw Fault(.memory) }
        // The disk may be full, or the file beyond its limit.
        guard cgdal_complaint() == nil, cgdal_size(path) > 0 else { throw Fault(.notWritten) }
    }

    private func line(_ input: inout InputLines) throws(Fault) -> JSONValue? {
        guard let bytes = try input.next() else { return nil }
        do throws(GeoJSONError) { return try JSONValue.read(bytes) } catch { throw Fault(.cutShort) }
    }

    private func add(_ cells: [JSONValue], to layer: UnsafeMutableRawPointer, number: Int) throws(Fault) {
        let row = cgdal_new_row(layer)
        defer { cgdal_free(row) }
        for (index, cell) in cells.enumerated() {
            switch cell {
            case .number(let value): cgdal_set_number(row, Int32(index), value)
            case .string(let text) where !text.isEmpty: cgdal_set_text(row, Int32(index), try Self.clean(text, row: number))
            default: break
            }
        }
        guard cgdal_add_row(layer, row) == 0 else { throw Fault.current() ?? Fault(.notWritten) }
    }

    /// Without what XML 1.0 cannot hold, and with what would read as an escape escaped (ECMA-376, 22.9.2.19).
    private static func clean(_ text: String, row: Int) throws(Fault) -> String {
        guard text.utf16.count <= maximumCellCharacters else { throw Fault(.cellTooLong, number: row) }
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let isControl = scalar.value < 0x20 && !["\t", "\n", "\r"].contains(scalar)
            if !isControl, scalar.value != 0xFFFE, scalar.value != 0xFFFF { scalars.append(scalar) }
        }
        return SheetEscapes.escaped(String(scalars))
    }
}
