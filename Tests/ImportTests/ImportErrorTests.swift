import Testing

@testable import Import

@Suite struct ImportErrorTests {
    @Test func `errors say what happened, where, and what to do`() {
        #expect(
            ImportError.unterminatedQuote(file: "f.csv", line: 3).description
                == "f.csv, line 3: a quoted field opens here and is never closed")
        #expect(
            ImportError.invalidRows(file: "f.csv", count: 1).description
                == "f.csv: 1 row is refused, so nothing was imported: correct the file, or keep the other rows with "
                + "--skip-invalid")
        #expect(ImportError.tooLarge(file: "f.gz", limitBytes: 8 << 30).description.contains("more than 8192 MiB"))
        #expect(
            ImportError.missingColumns(file: "f.csv", fields: ["id"], found: ["a", "b"]).description
                == "f.csv: no column for id: columns are “a”, “b”; say which with --map COLUMN=id")
    }
}
