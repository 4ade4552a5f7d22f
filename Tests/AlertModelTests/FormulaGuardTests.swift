import TestSupport
import Testing

@testable import AlertModel

@Suite struct FormulaGuardTests {
    @Test(arguments: [
        ("=1+1", "'=1+1"), ("+33639980001", "'+33639980001"), ("-cmd|calc", "'-cmd|calc"), ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"), ("\r=1", "'\r=1"), ("-1+2", "'-1+2"), ("-1e", "'-1e"), ("-", "'-"), ("-1.2.3", "'-1.2.3"),
        // What an import would shorten is prepared for it.
        ("'=1", "''=1"), ("''+3", "'''+3"),
        // Numbers, names and the rest stay as they are.
        ("-0.5", "-0.5"), ("-61", "-61"), ("-1e-05", "-1e-05"), ("", ""), ("Le Goff", "Le Goff"), ("'Abbé", "'Abbé"),
        ("06 39", "06 39"), ("a=b", "a=b"), ("'", "'"),
    ])
    func `what a spreadsheet would run becomes text, and comes back`(text: String, cell: String) {
        #expect(FormulaGuard.guarded(text) == cell)
        #expect(FormulaGuard.unguarded(cell) == text)
    }

    @Test func `any text comes back from a guarded and from an escaped cell`() {
        var generator = SeededGenerator(seed: 5)
        let alphabet = Array("'=+-@\t\r\n1e.a é")
        for _ in 0..<5000 {
            let text = String((0..<Int.random(in: 0...6, using: &generator)).map { _ in alphabet.randomElement(using: &generator)! })
            #expect(FormulaGuard.unguarded(FormulaGuard.guarded(text)) == text, "\(text.debugDescription)")
            #expect(FormulaGuard.unguarded(FormulaGuard.escaped(text)) == text, "\(text.debugDescription)")
            let cell = FormulaGuard.guarded(text)
            let isNumber = cell.hasPrefix("-") && Double(cell) != nil
            #expect(isNumber || !"=+-@\t\r\n".unicodeScalars.contains(cell.unicodeScalars.first ?? "x"), "\(cell.debugDescription)")
        }
    }
}
