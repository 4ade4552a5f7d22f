/// A JSON value as a request's body or a zone document holds it: large members that have a reader of their own, such
/// as a geometry, stay text.
package indirect enum JSONNode: Hashable, Sendable {
    case object([String: JSONNode])
    case array([JSONNode])
    case string(String)
    /// Always finite. Integers are exact up to 2⁵³.
    case number(Double)
    case bool(Bool)
    case null
    /// A member that was asked to stay text: well-formed JSON, not yet interpreted.
    case text([UInt8])
    /// One of these that is a plain surface in degrees: see `PlainSurface`.
    case area(Area<WGS84>)

    /// Bounds on what a stranger's text may cost.
    package struct Limits: Hashable, Sendable {
        /// Nesting of objects and arrays.
        package var maxDepth: Int
        /// Values in all, besides those inside members that stay text.
        package var maxValues: Int

        package init(maxDepth: Int, maxValues: Int) {
            self.maxDepth = maxDepth
            self.maxValues = maxValues
        }
    }

    /// Reads a whole document strictly (RFC 8259): nothing may follow it, and no key may be written twice.
    /// - Parameter keys: objects under these keys stay text, wherever they are, unless they are plain surfaces.
    /// - Throws: the first fault, with its line and column.
    package static func read(
        _ bytes: [UInt8], keepingTextOf keys: Set<String> = [], limits: Limits
    ) throws(GeoJSONError) -> JSONNode {
        var reader = Reader(scanner: JSONScanner(bytes, maxDepth: limits.maxDepth), keys: keys, limits: limits)
        let node = try reader.readValue(depth: 0)
        reader.scanner.skipWhitespace()
        guard reader.scanner.current == nil else {
            throw reader.scanner.syntaxError("there is more text after the end of the document")
        }
        return node
    }

    private struct Reader {
        var scanner: JSONScanner
        let keys: Set<String>
        let limits: Limits
        var valueCount = 0

        mutating func readValue(depth: Int) throws(GeoJSONError) -> JSONNode {
            valueCount += 1
            guard valueCount <= limits.maxValues else {
                throw GeoJSONError(.tooLarge, reason: "the text holds more than \(limits.maxValues) values")
            }
            scanner.skipWhitespace()
            switch scanner.current {
            case UInt8(ascii: "{"): return try readObject(depth: depth)
            case UInt8(ascii: "["):
                var elements: [JSONNode] = []
                var reader = self
                try scanner.forEachElement(depth: depth) { (scanner, _, depth) throws(GeoJSONError) in
                    reader.scanner = scanner
                    elements.append(try reader.readValue(depth: depth))
                    scanner.index = reader.scanner.index
                }
                valueCount = reader.valueCount
                return .array(elements)
            default:
                switch try scanner.parseValue(depth: depth) {
                case .string(let text): return .string(text)
                case .number(let number): return .number(number)
                case .bool(let bool): return .bool(bool)
                case .null, .array, .object: return .null
                }
            }
        }

        private mutating func readObject(depth: Int) throws(GeoJSONError) -> JSONNode {
            var members: [String: JSONNode] = [:]
            var reader = self
            try scanner.forEachMember(depth: depth) { (scanner, token, depth) throws(GeoJSONError) in
                let key = token.text(in: scanner.bytes)
                guard members[key] == nil else {
                    let (line, column) = scanner.lineAndColumn(at: token.range.lowerBound)
                    throw GeoJSONError(
                        .duplicateKey, reason: "the key “\(key.prefix(40))” is written twice", line: line,
                        column: column)
                }
                scanner.skipWhitespace()
                if reader.keys.contains(key), scanner.current == UInt8(ascii: "{") {
                    let start = scanner.index
                    if depth + PlainSurface.depth <= scanner.maxDepth,
                       let plain = PlainSurface.read(scanner.bytes, from: start)
                    {
                        members[key] = .area(plain.area)
                        scanner.index = plain.end
                    } else {
                        try scanner.skipValue(depth: depth)
                        members[key] = .text(Array(scanner.bytes[start..<scanner.index]))
                    }
                } else {
                    reader.scanner = scanner
                    members[key] = try reader.readValue(depth: depth)
                    scanner.index = reader.scanner.index
                }
            }
            valueCount = reader.valueCount
            return .object(members)
        }
    }
}
