/// A strict RFC 8259 reader over bytes that builds nothing it is not asked for.
///
/// Every access is bounds-checked: the bytes come from strangers. Errors carry the line and the column.
struct JSONScanner {
    let bytes: [UInt8]
    var index: Int
    /// Nesting beyond this is refused: the reader recurses.
    let maxDepth: Int
    /// The line of the file that `bytes` starts on, when they are a part of it.
    let firstLine: Int

    init(_ bytes: [UInt8], maxDepth: Int, firstLine: Int = 1) {
        self.bytes = bytes
        self.maxDepth = maxDepth
        self.firstLine = firstLine
        // RFC 8259, section 8.1: a parser may ignore a byte order mark.
        index = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    /// The byte at the reading point, or nil at the end.
    var current: UInt8? { index < bytes.count ? bytes[index] : nil }

    mutating func skipWhitespace() {
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x0A, 0x0D, 0x09: index += 1
            default: return
            }
        }
    }

    /// Moves past `byte` when it is next (white space before it is skipped).
    mutating func consume(_ byte: UInt8) -> Bool {
        skipWhitespace()
        guard current == byte else { return false }
        index += 1
        return true
    }

    mutating func expect(_ byte: UInt8, _ what: StaticString) throws(GeoJSONError) {
        guard consume(byte) else { throw unexpected("expected \(what)") }
    }

    /// Checks that the bytes are one JSON value and nothing else, then returns to the start.
    mutating func validateDocument() throws(GeoJSONError) {
        let start = index
        try skipValue(depth: 0)
        skipWhitespace()
        guard index == bytes.count else {
            throw syntaxError("there is more text after the end of the document")
        }
        index = start
    }

    // MARK: Values

    /// Checks the syntax of the next value and moves past it.
    mutating func skipValue(depth: Int) throws(GeoJSONError) {
        skipWhitespace()
        switch current {
        case UInt8(ascii: "{"):
            try forEachMember(depth: depth) { (scanner, _, depth) throws(GeoJSONError) in
                try scanner.skipValue(depth: depth)
            }
        case UInt8(ascii: "["):
            try forEachElement(depth: depth) { (scanner, _, depth) throws(GeoJSONError) in
                try scanner.skipValue(depth: depth)
            }
        case UInt8(ascii: "\""): _ = try scanString()
        case UInt8(ascii: "t"): try skipLiteral("true")
        case UInt8(ascii: "f"): try skipLiteral("false")
        case UInt8(ascii: "n"): try skipLiteral("null")
        default: _ = try scanNumber()
        }
    }

    /// Moves past the next value of a text that `validateDocument` has accepted: only brackets and quotes count.
    mutating func skipValidatedValue() throws(GeoJSONError) {
        skipWhitespace()
        guard current == UInt8(ascii: "{") || current == UInt8(ascii: "[") else { return try skipValue(depth: 0) }
        let start = index
        index = bytes.withUnsafeBufferPointer { bytes in
            var depth = 0
            var position = start
            var inString = false
            while position < bytes.count {
                let byte = bytes[position]
                position += 1
                if inString {
                    if byte == UInt8(ascii: "\\") { position += 1 }
                    if byte == UInt8(ascii: "\"") { inString = false }
                } else if byte == UInt8(ascii: "\"") {
                    inString = true
                } else if byte == UInt8(ascii: "[") || byte == UInt8(ascii: "{") {
                    depth += 1
                } else if byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}") {
                    depth -= 1
                    if depth == 0 { break }
                }
            }
            return position
        }
    }

    /// Reads the next value.
    mutating func parseValue(depth: Int) throws(GeoJSONError) -> JSONValue {
        skipWhitespace()
        switch current {
        case UInt8(ascii: "{"):
            var object = JSONObject()
            try forEachMember(depth: depth) { (scanner, key, depth) throws(GeoJSONError) in
                object.append(key.text(in: scanner.bytes), try scanner.parseValue(depth: depth))
            }
            return .object(object)
        case UInt8(ascii: "["):
            var array: [JSONValue] = []
            try forEachElement(depth: depth) { (scanner, _, depth) throws(GeoJSONError) in
                array.append(try scanner.parseValue(depth: depth))
            }
            return .array(array)
        case UInt8(ascii: "\""): return .string(try scanString().text(in: bytes))
        case UInt8(ascii: "t"): try skipLiteral("true"); return .bool(true)
        case UInt8(ascii: "f"): try skipLiteral("false"); return .bool(false)
        case UInt8(ascii: "n"): try skipLiteral("null"); return .null
        default: return .number(try parseNumber())
        }
    }

    /// Whether the next value is null; moves past it then.
    mutating func consumeNull() throws(GeoJSONError) -> Bool {
        skipWhitespace()
        guard current == UInt8(ascii: "n") else { return false }
        try skipLiteral("null")
        return true
    }

    /// Walks the object at the reading point. `body` gets each key and must read exactly its value.
    mutating func forEachMember(
        depth: Int, _ body: (inout JSONScanner, JSONToken, Int) throws(GeoJSONError) -> Void
    ) throws(GeoJSONError) {
        try expect(UInt8(ascii: "{"), "an object")
        try checkDepth(depth)
        if consume(UInt8(ascii: "}")) { return }
        repeat {
            skipWhitespace()
            guard current == UInt8(ascii: "\"") else { throw unexpected("expected a key in quotes") }
            let key = try scanString()
            try expect(UInt8(ascii: ":"), "a colon after the key")
            try body(&self, key, depth + 1)
        } while consume(UInt8(ascii: ","))
        try expect(UInt8(ascii: "}"), "a comma or the end of the object")
    }

    /// Walks the array at the reading point. `body` gets each index and must read exactly that value.
    mutating func forEachElement(
        depth: Int, _ body: (inout JSONScanner, Int, Int) throws(GeoJSONError) -> Void
    ) throws(GeoJSONError) {
        try expect(UInt8(ascii: "["), "an array")
        try checkDepth(depth)
        if consume(UInt8(ascii: "]")) { return }
        var element = 0
        repeat {
            try body(&self, element, depth + 1)
            element += 1
        } while consume(UInt8(ascii: ","))
        try expect(UInt8(ascii: "]"), "a comma or the end of the array")
    }

    // MARK: Private

    private mutating func skipLiteral(_ literal: StaticString) throws(GeoJSONError) {
        let matches = literal.withUTF8Buffer { bytes[index...].starts(with: $0) }
        guard matches else { throw unexpected("expected a value") }
        index += literal.utf8CodeUnitCount
    }

    private func checkDepth(_ depth: Int) throws(GeoJSONError) {
        guard depth < maxDepth else {
            let (line, column) = lineAndColumn(at: index)
            throw GeoJSONError(
                .tooDeep, reason: "values are nested more than \(maxDepth) levels deep", line: line, column: column)
        }
    }
}
