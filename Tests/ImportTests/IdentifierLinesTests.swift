import TestSupport
import Testing

@testable import Import

@Suite struct IdentifierLinesTests {
    @Test func `each identifier is known by the line it stood on first, however many there are`() {
        var lines = IdentifierLines()
        var expected: [String: Int32] = [:]
        var generator = SeededGenerator(seed: 5)
        for line in Int32(1)...20_000 {
            let identifier = "B\(Int.random(in: 0..<12_000, using: &generator))"
            #expect(lines.insert(IdentifierKey(identifier), line: line) == expected[identifier])
            if expected[identifier] == nil { expected[identifier] = line }
        }
    }

    @Test func `an identifier is not taken for its mirror, nor for nothing`() {
        var lines = IdentifierLines()
        for (line, identifier) in ["", "ab", "ba", "aba", "a", "é", "e\u{301}"].enumerated() {
            #expect(lines.insert(IdentifierKey(identifier), line: Int32(line + 1)) == nil)
        }
        #expect(lines.insert(IdentifierKey("ba"), line: 9) == 3)
    }
}
