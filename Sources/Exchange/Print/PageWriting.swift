import CPrint
import GeoModel

/// Lays a report out on pages of A4 and writes them as PDF: reads `{"title":"…","subtitle":"…","footer":"…"}`, then a line a
/// block (`heading`, `paragraph`, `note`, `facts`, `table` and its `row`s, `map`), then `{"end":n}`.
///
/// Set in two passes: what stands where, then the drawing, when the number of pages is known.
struct PageWriting {
    /// A table of all the communes of France is 35,000 rows, on 700 pages.
    private static let maximumLines = 200_000

    let path: String

    func write() throws(Fault) {
        var input = InputLines()
        guard let head = try line(&input), let title = head["title"]?.string else { throw Fault(.cutShort) }
        guard let document = cprint_open(path, Paper.width, Paper.height, title, "Tocsin") else { throw Fault(.notWritten) }
        var layout = PageLayout(document: document)
        layout.title(title, head["subtitle"]?.string ?? "")
        var count = 0
        while let next = try line(&input) {
            if let end = next["end"]?.number {
                guard end == Double(count) else { throw Fault(.cutShort) }
                layout.draw(footer: head["footer"]?.string ?? "")
                guard cprint_close(document) == 0 else { throw Fault(.notWritten) }
                return
            }
            count += 1
            guard count <= Self.maximumLines else { throw Fault(.tooManyRows) }
            layout.add(next)
        }
        throw Fault(.cutShort)
    }

    private func line(_ input: inout InputLines) throws(Fault) -> JSONValue? {
        guard let bytes = try input.next() else { return nil }
        do throws(GeoJSONError) { return try JSONValue.read(bytes) } catch { throw Fault(.cutShort) }
    }
}

/// A4 upright, in points.
enum Paper {
    static let width = 595.28
    static let height = 841.89
    static let margin = 40.0
    static let bottom = height - 54
    static var textWidth: Double { width - 2 * margin }
}

/// The colours of print.
enum Ink {
    static let text: UInt32 = 0x1B2830
    static let quiet: UInt32 = 0x4D5A63
    static let rule: UInt32 = 0xC8D0D6
    static let strongRule: UInt32 = 0x7D8A94
    static let land: UInt32 = 0xF4F6F7
}
