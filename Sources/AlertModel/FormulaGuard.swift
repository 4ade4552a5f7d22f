/// Keeps a spreadsheet from running what a register holds: a cell that starts with `=`, `+`, `-`, `@`, a tab or a line
/// break is taken for a formula (CSV injection). An apostrophe before it makes it text, and an import takes that
/// apostrophe off again: what was exported comes back as it was.
package enum FormulaGuard {
    /// The text as a cell that no spreadsheet runs. Plain negative numbers stay numbers.
    package static func guarded(_ text: String) -> String {
        isQuotedFormula(text) || isFormula(text) ? "'" + text : text
    }

    /// The text as a cell that is text already (XLSX): only what `unguarded` would shorten is prepared for it.
    package static func escaped(_ text: String) -> String {
        isQuotedFormula(text) ? "'" + text : text
    }

    /// What `guarded` or `escaped` was given.
    package static func unguarded(_ text: String) -> String {
        isQuotedFormula(text) ? String(text.dropFirst()) : text
    }

    private static func isStart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), 0x09, 0x0A, 0x0D: true
        default: false
        }
    }

    private static func isFormula(_ text: String) -> Bool {
        guard let first = text.utf8.first, isStart(first) else { return false }
        return first != UInt8(ascii: "-") || !isNegativeNumber(text.utf8)
    }

    /// One apostrophe or more, then the start of a formula.
    private static func isQuotedFormula(_ text: String) -> Bool {
        guard text.utf8.first == UInt8(ascii: "'") else { return false }
        return text.utf8.first { $0 != UInt8(ascii: "'") }.map(isStart) ?? false
    }

    /// `-`, digits, at most one point between them; an exponent.
    private static func isNegativeNumber(_ text: String.UTF8View) -> Bool {
        let parts = text.dropFirst().split(separator: UInt8(ascii: "e"), maxSplits: 1, omittingEmptySubsequences: false)
        func isDigits(_ part: Substring.UTF8View) -> Bool {
            !part.isEmpty && part.allSatisfy { (0x30...0x39).contains($0) }
        }
        let mantissa = parts[0].split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        guard mantissa.allSatisfy(isDigits) else { return false }
        guard parts.count == 2 else { return true }
        return isDigits(parts[1].first == UInt8(ascii: "-") ? parts[1].dropFirst() : parts[1])
    }
}
