import CGDAL
import GeoModel

/// A sheet that a driver has opened.
struct Sheet {
    /// Where anything stands on the sheet.
    struct Extent {
        var columns: ClosedRange<Int>
        var rows: Int
    }

    let name: String
    private let layer: UnsafeMutableRawPointer
    private var extent: Extent?

    init(layer: UnsafeMutableRawPointer) {
        self.layer = layer
        name = String(cString: cgdal_layer_name(layer))
    }

    /// Nil when the sheet is blank.
    mutating func survey() throws(Fault) -> Extent? {
        var extent: Extent?
        try forEachRow { _, cells throws(Fault) in
            guard let first = cells.firstIndex(where: { !$0.isEmpty }), let last = cells.lastIndex(where: { !$0.isEmpty })
            else { return }
            guard let known = extent else {
                extent = Extent(columns: first...last, rows: 1)
                return
            }
            extent = Extent(
                columns: min(known.columns.lowerBound, first)...max(known.columns.upperBound, last), rows: known.rows + 1)
        }
        self.extent = extent
        return extent
    }

    mutating func write(names: [String], to output: inout OutputLines) throws(Fault) -> Int {
        let known = if let extent { extent } else { try survey() }
        guard let extent = known else { throw Fault(.empty) }
        output.line { writer in
            writer.raw(#"{"sheets":"#)
            writer.separated(names, open: "[", close: "]") { $0.string($1) }
            writer.raw(#","sheet":"#)
            writer.string(name)
            writer.raw(#","width":"#)
            writer.number(Double(extent.columns.count))
            writer.raw(#","rows":"#)
            writer.number(Double(extent.rows))
            writer.raw("}")
        }
        var count = 0
        try forEachRow { number, cells throws(Fault) in
            guard let last = cells.lastIndex(where: { !$0.isEmpty }) else { return }
            count += 1
            output.line { writer in
                writer.raw("[")
                writer.number(Double(number))
                for cell in cells[extent.columns.lowerBound...last] {
                    writer.raw(",")
                    writer.string(cell)
                }
                writer.raw("]")
            }
        }
        return count
    }

    /// Blank cells come as empty.
    private func forEachRow(_ body: (_ number: Int, _ cells: [String]) throws(Fault) -> Void) throws(Fault) {
        cgdal_rewind(layer)
        let width = cgdal_field_count(layer)
        while let row = cgdal_next(layer) {
            defer { cgdal_free(row) }
            let cells = (0..<width).map { cell(cgdal_text(row, $0)) }
            try body(Int(cgdal_feature_id(row)), cells)
            try Fault.check()
        }
        try Fault.check()
    }

    private func cell(_ text: UnsafePointer<CChar>?) -> String {
        guard let text else { return "" }
        let cell = String(cString: text)
        return cell.allSatisfy(\.isWhitespace) ? "" : Self.standardDate(cell)
    }

    /// Drivers write a date cell as `2024/03/01`, `2024-03-01` or `2024-03-01T13:45:10`: one form for all, ISO 8601's
    /// with a space for the T.
    private static func standardDate(_ cell: String) -> String {
        var bytes = Array(cell.utf8)
        guard bytes.count == 10 || bytes.count >= 19, bytes[4] == bytes[7], "/-".utf8.contains(bytes[4]) else {
            return cell
        }
        guard bytes.count == 10 || " T".utf8.contains(bytes[10]) else { return cell }
        let signs = Set(bytes.count == 10 ? [4, 7] : [4, 7, 10, 13, 16])
        guard bytes.prefix(19).indices.allSatisfy({ signs.contains($0) || (0x30...0x39).contains(bytes[$0]) }) else {
            return cell
        }
        (bytes[4], bytes[7]) = (UInt8(ascii: "-"), UInt8(ascii: "-"))
        if bytes.count > 10 { bytes[10] = UInt8(ascii: " ") }
        return String(decoding: bytes, as: UTF8.self)
    }
}
