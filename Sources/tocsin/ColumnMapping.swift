import ArgumentParser

/// What columns hold, as an option says it: COLUMN=FIELD.
enum ColumnMapping {
    /// - Throws: `ValidationError` for a text without a sign of equality.
    static func read(_ texts: [String], option: String) throws -> [String: String] {
        var result: [String: String] = [:]
        for text in texts {
            guard let sign = text.lastIndex(of: "="), sign > text.startIndex else {
                throw ValidationError("\(option) takes COLUMN=FIELD, such as \(option) Portable=phone")
            }
            result[String(text[..<sign])] = String(text[text.index(after: sign)...])
        }
        return result
    }
}
