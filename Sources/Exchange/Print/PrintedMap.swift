import CPrint
import GeoModel

/// A map on the page, with its legend below it.
struct PrintedMap {
    private struct Shape {
        let fill: Int64
        let stroke: UInt32
        let lineWidth: Double
        let rings: [[Double]]
    }

    private static let legendRow = 13.0
    private static let legendColumns = 3

    private let width: Double
    private let height: Double
    private let shapes: [Shape]
    private let labels: [(x: Double, y: Double, text: String)]
    private let legend: [(colour: UInt32, text: String)]
    private let scale: (length: Double, text: String)

    init(_ block: JSONValue) {
        width = min(Paper.textWidth, max(10, block["width"]?.number ?? 0))
        height = min(600, max(10, block["height"]?.number ?? 0))
        shapes = block["shapes"].elements.map { shape in
            Shape(
                fill: shape["fill"]?.string.map { Int64(Self.colour($0)) } ?? -1,
                stroke: Self.colour(shape["stroke"]?.string ?? ""), lineWidth: shape["line"]?.number ?? 0.5,
                rings: shape["rings"].elements.map { ring in Optional(ring).elements.compactMap(\.number) })
        }
        labels = block["labels"].elements.compactMap { label in
            let parts = Optional(label).elements
            guard parts.count == 3, let x = parts[0].number, let y = parts[1].number else { return nil }
            return (x, y, parts[2].string ?? "")
        }
        legend = block["legend"].elements.map { (Self.colour($0.element(0)), $0.element(1)) }
        let scale = block["scale"].elements
        self.scale = (scale.first?.number ?? 0, scale.last?.string ?? "")
    }

    var pageWidth: Double { width }

    var totalHeight: Double {
        height + 6 + Double((legend.count + Self.legendColumns - 1) / Self.legendColumns) * Self.legendRow
    }

    func draw(_ document: OpaquePointer, x: Double, y: Double) {
        cprint_rectangle(document, x, y, width, height, Ink.land)
        cprint_clip(document, x, y, width, height)
        for shape in shapes where !shape.rings.isEmpty {
            for ring in shape.rings { cprint_ring(document, ring, Int32(ring.count / 2), x, y) }
            cprint_draw(document, shape.fill, shape.stroke, shape.lineWidth)
        }
        for label in labels { cprint_label(document, label.text, x + label.x, y + label.y, 6, Ink.text) }
        cprint_unclip(document)
        let foot = y + height - 8
        cprint_line(document, x + 10, foot, x + 10 + scale.length, foot, 2, Ink.text)
        cprint_text(document, scale.text, x + 10, foot - 11, 100, 7, 0, CPRINT_LEFT, Ink.text)
        cprint_text(document, "Nord ↑", x + width - 70, y + 5, 60, 8, 0, CPRINT_RIGHT, Ink.text)
        for (index, entry) in legend.enumerated() {
            let left = x + Double(index % Self.legendColumns) * width / Double(Self.legendColumns)
            let top = y + height + 6 + Double(index / Self.legendColumns) * Self.legendRow
            cprint_rectangle(document, left, top, 14, 9, Ink.strongRule)
            cprint_rectangle(document, left + 0.5, top + 0.5, 13, 8, entry.colour)
            cprint_text(document, entry.text, left + 19, top - 0.5, width / 3 - 24, 7.5, 0, CPRINT_LEFT, Ink.text)
        }
    }

    /// `#rrggbb`; black for anything else.
    private static func colour(_ text: String) -> UInt32 {
        text.hasPrefix("#") && text.utf8.count == 7 ? UInt32(text.dropFirst(), radix: 16) ?? 0 : 0
    }
}

extension JSONValue? {
    /// The elements of an array; none of anything else.
    fileprivate var elements: [JSONValue] {
        if case .array(let elements)? = self { elements } else { [] }
    }
}
