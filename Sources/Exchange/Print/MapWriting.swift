import CPrint
import GeoModel

/// Draws a map alone as a PNG file: reads a `map` block, as a page has it, then `{"end":0}`.
struct MapWriting {
    /// Pixels a point: as wide as messages show it, sharp on a telephone. Twice as many weigh three times as much, once a
    /// recipient.
    private static let scale = 1.2

    let path: String

    func write() throws(Fault) {
        var input = InputLines()
        guard let block = try line(&input), block["map"] != nil, try line(&input)?["end"]?.number == 0 else {
            throw Fault(.cutShort)
        }
        let map = PrintedMap(block)
        guard let image = cprint_open_image(map.pageWidth, map.totalHeight, Self.scale) else { throw Fault(.notWritten) }
        map.draw(image, x: 0, y: 0)
        guard cprint_close_image(image, path) == 0 else { throw Fault(.notWritten) }
    }

    private func line(_ input: inout InputLines) throws(Fault) -> JSONValue? {
        guard let bytes = try input.next() else { return nil }
        do throws(GeoJSONError) { return try JSONValue.read(bytes) } catch { throw Fault(.cutShort) }
    }
}
