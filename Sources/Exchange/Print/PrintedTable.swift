import CPrint
import GeoModel

/// A table's columns on the page: cells wrap, figures stand to the right.
struct PrintedTable {
    /// Of cells; the columns' names, in bold, are smaller, so that words fit.
    private static func size(bold: Bool) -> Double { bold ? 6.5 : 7.5 }
    private static let padding = 3.0

    let caption: String
    let titles: [String]
    private let isNumber: [Bool]
    private let edges: [Double]

    /// - Parameter columns: `{"title":"…","number":true,"weight":1}`.
    init(caption: String, columns: [JSONValue]) {
        self.caption = caption
        titles = columns.map { $0["title"]?.string ?? "" }
        isNumber = columns.map { $0["number"] == .bool(true) }
        let weights = columns.map { max(0.1, $0["weight"]?.number ?? 1) }
        let unit = Paper.textWidth / max(0.1, weights.reduce(0, +))
        edges = weights.reduce(into: [Paper.margin]) { edges, weight in edges.append(edges[edges.count - 1] + weight * unit) }
    }

    func headingHeight(_ document: OpaquePointer) -> Double { height(document, titles, bold: true) }

    func height(_ document: OpaquePointer, _ cells: [String], bold: Bool) -> Double {
        let heights = zip(cells.prefix(titles.count).indices, cells).map { index, cell in
            cprint_text_height(document, cell, width(index), Self.size(bold: bold), bold ? 1 : 0)
        }
        return (heights.max() ?? Self.size(bold: bold)) + 2 * Self.padding
    }

    func draw(_ document: OpaquePointer, _ cells: [String], at y: Double, bold: Bool) {
        for (index, cell) in cells.prefix(titles.count).enumerated() {
            cprint_text(
                document, cell, edges[index] + Self.padding, y + Self.padding, width(index), Self.size(bold: bold), bold ? 1 : 0,
                isNumber[index] ? CPRINT_RIGHT : CPRINT_LEFT, bold ? Ink.quiet : Ink.text)
        }
    }

    private func width(_ column: Int) -> Double { edges[column + 1] - edges[column] - 2 * Self.padding }
}
