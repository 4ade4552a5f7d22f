extension JSONScanner {
    /// The line and the column, both from 1, of an offset. The column counts bytes.
    func lineAndColumn(at offset: Int) -> (line: Int, column: Int) {
        var line = firstLine
        var lineStart = 0
        for position in 0..<min(offset, bytes.count) where bytes[position] == 0x0A {
            line += 1
            lineStart = position + 1
        }
        return (line, offset - lineStart + 1)
    }

    func syntaxError(_ reason: String, at offset: Int? = nil) -> GeoJSONError {
        let (line, column) = lineAndColumn(at: offset ?? index)
        return GeoJSONError(.invalidJSON, reason: reason, line: line, column: column)
    }

    /// An error that says what was found instead.
    func unexpected(_ expectation: String) -> GeoJSONError {
        guard let found = current else {
            return syntaxError("\(expectation), but the text ends here; the file may be truncated")
        }
        let printable = (0x21..<0x7F).contains(found)
        let name = printable ? "“\(Character(Unicode.Scalar(found)))”" : "byte \(found)"
        return syntaxError("\(expectation), found \(name)")
    }
}
