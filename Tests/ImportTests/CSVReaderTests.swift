import Testing

@testable import Import

@Suite struct CSVReaderTests {
    /// “line: fields” of every record, the bytes given in chunks of a size.
    private func records(
        _ bytes: [UInt8], separator: Character = ";", encoding: TextEncoding = .utf8, chunk: Int = 1 << 18
    ) throws -> [String] {
        var reader = CSVReader(file: "f.csv", encoding: encoding, separator: separator.asciiValue!)
        var records: [String] = []
        func keep(_ record: CSVRecord) { records.append("\(record.line): \(record.fields)") }
        var rest = bytes[...]
        while !rest.isEmpty {
            try Array(rest.prefix(chunk)).withUnsafeBytes { try reader.feed($0, keep) }
            rest = rest.dropFirst(chunk)
        }
        try reader.finish(keep)
        return records
    }

    /// The same whether read at once, or cut anywhere.
    private func expect(
        _ text: String, _ expected: [String], separator: Character = ";",
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        for chunk in [1, 2, 3, 5, 1 << 18] {
            #expect(
                try records(Array(text.utf8), separator: separator, chunk: chunk) == expected, "chunks of \(chunk)",
                sourceLocation: sourceLocation)
        }
    }

    @Test func `fields, empty fields and the lines they start on`() throws {
        try expect(
            "a;b;c\n1;;3\n;;\n", ["1: [\"a\", \"b\", \"c\"]", "2: [\"1\", \"\", \"3\"]", "3: [\"\", \"\", \"\"]"])
    }

    @Test(arguments: ["\n", "\r\n", "\r"])
    func `every line ending, the last one optional, blank lines skipped and counted`(end: String) throws {
        let expected = ["1: [\"a\", \"b\"]", "3: [\"c\", \"d\"]", "6: [\"e\", \"f\"]"]
        let text = ["a;b", "", "c;d", "", "", "e;f"].joined(separator: end)
        try expect(text, expected)
        try expect(text + end, expected)
        try expect(text + end + end, expected)
    }

    @Test func `quoted fields hold separators, doubled quotes and line ends`() throws {
        try expect(
            "\"a;b\";\"say \"\"hello\"\"\"\n\"two\r\nlines\";x\n\"\";\"\"\"\"\nlast;1",
            [
                "1: [\"a;b\", \"say \\\"hello\\\"\"]", "2: [\"two\\r\\nlines\", \"x\"]", "4: [\"\", \"\\\"\"]",
                "5: [\"last\", \"1\"]",
            ])
    }

    @Test func `a quote inside a plain field is a character`() throws {
        try expect("5\" pipe;rue \"A\"\n", ["1: [\"5\\\" pipe\", \"rue \\\"A\\\"\"]"])
        try expect("\"a\"b;c\n", ["1: [\"ab\", \"c\"]"])
    }

    @Test func `a byte order mark is no part of the first name, wherever the chunks are cut`() throws {
        try expect("\u{FEFF}id;nom\n1;é\n", ["1: [\"id\", \"nom\"]", "2: [\"1\", \"é\"]"])
        // Elsewhere it is what it says.
        try expect("id;\u{FEFF}x\n", ["1: [\"id\", \"\u{FEFF}x\"]"])
        try expect("\u{FEFF}", [])
        #expect(try records([0xEF, 0xBB], encoding: .windows1252, chunk: 1) == ["1: [\"ï»\"]"])
        #expect(try records([0xEF, 0x41], encoding: .windows1252, chunk: 1) == ["1: [\"ïA\"]"])
    }

    @Test(arguments: [",", "\t", "|", ";"] as [Character])
    func `other separators`(separator: Character) throws {
        try expect(
            "a\(separator)\"b\(separator)c\"\n", ["1: [\"a\", \"b\(separator == "\t" ? "\\t" : String(separator))c\"]"],
            separator: separator)
    }

    @Test func `Windows-1252 has its own letters`() throws {
        #expect(
            try records([0xC9, 0x74, 0xE9, 0x3B, 0x80, 0x9C, 0x92], encoding: .windows1252) == ["1: [\"Été\", \"€œ’\"]"]
        )
    }

    @Test func `an unterminated quote names the line it opens on`() {
        #expect(throws: ImportError.unterminatedQuote(file: "f.csv", line: 3)) {
            try records(Array("a;b\n1;2\n3;\"four\n5;6\n7;8\n".utf8))
        }
    }

    @Test func `a record has a limit, which tells a missing quote from a long line`() {
        let long = String(repeating: "x", count: 1 << 20)
        #expect(throws: ImportError.fieldTooLong(file: "f.csv", line: 2)) {
            try records(Array("a;b\n1;\(long)\n".utf8))
        }
        #expect(throws: ImportError.unterminatedQuote(file: "f.csv", line: 2)) {
            try records(Array("a;b\n1;\"\(long)\n".utf8))
        }
        let many = String(repeating: "x\n", count: 1 << 20)
        #expect(throws: Never.self) { try records(Array(many.utf8)) }
    }

    @Test(arguments: [
        ("a;b;c,d", ";"), ("a,b;c,d", ","), ("a\tb\tc", "\t"), ("a|b", "|"), ("\"a;b;c\",d", ","), ("single", ";"),
        ("", ";"), ("a;b,c", ";"),
    ])
    func `the separator is the commonest in the header, quotes aside`(header: String, separator: String) {
        #expect(CSVReader.separator(of: header.utf8) == separator.utf8.first)
    }

    @Test func `a file is read with its own separator and encoding, gzipped or not`() throws {
        let bench = try ImportBench()
        let text: [UInt8] = Array("id,nom\n1,Caf".utf8) + [0xE9] + Array("\n".utf8)
        for (name, bytes) in [("a.csv", text), ("a.csv.gz", gzipped(text)), ("b.csv", gzipped([]) + gzipped(text))] {
            var records: [[String]] = []
            try CSVReader.read(try FileSource(path: try bench.file(name, bytes))) { record, _ in
                records.append(record.fields)
            }
            #expect(records == [["id", "nom"], ["1", "Café"]], "\(name)")
        }
    }

    @Test func `Excel's separator line and its blank rows are no records`() throws {
        let bench = try ImportBench()
        var records: [String] = []
        let path = try bench.file("excel.csv", "sep=;\r\nid;nom\r\n1;x\r\n;\r\n  ;  \r\n2;y\r\n;;;\r\n")
        try CSVReader.read(try FileSource(path: path)) { record, _ in
            records.append("\(record.line): \(record.fields.joined(separator: "|"))")
        }
        #expect(records == ["2: id|nom", "3: 1|x", "6: 2|y"])
    }

    @Test func `an empty gzip member before a byte order mark changes nothing`() throws {
        let bench = try ImportBench()
        let text = Array("\u{FEFF}id;nom\n1;x\n".utf8)
        var first: [String] = []
        try CSVReader.read(try FileSource(path: try bench.file("a.gz", gzipped([]) + gzipped(text)))) { record, _ in
            if record.line == 1 { first = record.fields }
        }
        #expect(first == ["id", "nom"])
    }
}
