extension JSONValue {
    /// Reads a whole document strictly (RFC 8259): nothing may follow it.
    /// - Throws: the first fault, with its line and column.
    package static func read(_ bytes: [UInt8], maxDepth: Int = 40) throws(GeoJSONError) -> JSONValue {
        var scanner = JSONScanner(bytes, maxDepth: maxDepth)
        let value = try scanner.parseValue(depth: 0)
        scanner.skipWhitespace()
        guard scanner.current == nil else {
            throw scanner.syntaxError("there is more text after the end of the document")
        }
        return value
    }
}
