import Foundation
import Testing

@testable import Import

@Suite struct UploadedTableTests {
    private func table(
        _ bytes: [UInt8], encoding: String? = nil, delimiter: String? = nil, mark: Bool = false, most: Int = 100
    ) throws -> UploadedTable {
        try UploadedTable(bytes: Data(bytes), encoding: encoding, delimiter: delimiter, writesMark: mark, mostRows: most)
    }

    private func rows(_ table: UploadedTable, _ count: Int = 3) throws -> [[String]] {
        var table = table, rows: [[String]] = []
        while let more = try table.next(upTo: count) {
            #expect(!more.isEmpty && more.count <= count)
            rows += more
        }
        return rows
    }

    private func fault(
        _ text: String, encoding: String? = nil, delimiter: String? = nil, most: Int = 100
    ) -> UploadedTable.Fault? {
        do {
            _ = try table(Array(text.utf8), encoding: encoding, delimiter: delimiter, most: most)
            return nil
        } catch { return error as? UploadedTable.Fault }
    }

    @Test func `rows come as many as asked, each as long as the header`() throws {
        let table = try table(Array("a;b;c\r\n1;2\r\n\"x\r\ny\";\"q\"\"r\";3;;\r\n;;\r\n\r\n4;5;6".utf8))
        #expect(table.header == ["a", "b", "c"])
        #expect(try rows(table) == [["1", "2", ""], ["x\r\ny", "q\"r", "3"], ["", "", ""], ["4", "5", "6"]])
    }

    @Test func `a long table is read in pieces`() throws {
        let lines = (0..<20_000).map { "\($0),rue n° \($0)" }
        let table = try table(Array(("n,adresse\n" + lines.joined(separator: "\n")).utf8), most: 20_000)
        #expect(try rows(table, 50).map { $0.joined(separator: ",") } == lines)
    }

    @Test(arguments: ["utf-8", "windows-1252", "iso-8859-1"])
    func `a row without results is written with the bytes it came with`(charset: String) throws {
        // Every byte that is a letter of its own there; in UTF-8, letters of every length.
        let text: [UInt8] = charset == "utf-8"
            ? Array("é€𝄞\u{301}".utf8) : (0x80...0xFF).map { UInt8($0) }
        let bytes = Array("a;b\r\n".utf8) + text + Array(";\"x;y\"\r\n".utf8)
        var table = try table(bytes, encoding: charset)
        #expect(table.charset == charset)
        let row = try #require(try table.next(upTo: 9)?.first)
        #expect(table.line(table.header, []) + table.line(row, []) == bytes)
    }

    @Test func `results are written in the table's encoding, spelled out where it lacks a letter`() throws {
        let label = "Rue du Sacré-Cœur d’Ÿs Łódź"
        func line(_ encoding: String) throws -> [UInt8] { try table(Array("a\nx".utf8), encoding: encoding).line([], [label]) }
        #expect(try line("utf-8") == Array("\(label)\n".utf8))
        let start = Array("Rue du Sacr".utf8) + [0xE9] + Array("-C".utf8)
        #expect(try line("cp1252") == start + [0x9C] + Array("ur d".utf8) + [0x92, 0x9F] + Array("s ".utf8) + Array("?".utf8) + [0xF3] + Array("dz\n".utf8))
        #expect(try line("latin-1") == start + Array("oeur d'Ys ".utf8) + Array("?".utf8) + [0xF3] + Array("dz\n".utf8))
    }

    @Test func `the encoding is found out, and a mark is kept or asked for`() throws {
        #expect(try table([0x61, 0x0A, 0xE9]).charset == "windows-1252")
        #expect(try table(Array("a\né".utf8)).charset == "utf-8")
        #expect(try table(Array("a\né".utf8)).beginning == [])
        #expect(try table([0xEF, 0xBB, 0xBF] + Array("a\né".utf8)).beginning == [0xEF, 0xBB, 0xBF])
        #expect(try table([0xEF, 0xBB, 0xBF] + Array("a\né".utf8)).header == ["a"])
        #expect(try table(Array("a\né".utf8), mark: true).beginning == [0xEF, 0xBB, 0xBF])
        #expect(try table([0x61, 0x0A, 0xE9], mark: true).beginning == [])
    }

    @Test(arguments: [
        ("a;b\n1;2", nil, ["a", "b"]), ("a,b\n1,2", nil, ["a", "b"]), ("a\tb\n1\t2", nil, ["a", "b"]),
        ("a|b\n1|2", nil, ["a", "b"]), ("a,b\n1,2", ";", ["a,b"]), ("a~b\n1~2", "~", ["a", "b"]), ("a\tb\n", "\\t", ["a", "b"]),
        // One column, whose rows hold the usual separators.
        ("adresse\n1, rue X; bâtiment Y", nil, ["adresse"]),
    ] as [(String, String?, [String])])
    func `the separator is found out or named`(text: String, delimiter: String?, header: [String]) throws {
        let table = try table(Array(text.utf8), delimiter: delimiter)
        #expect(table.header == header)
        #expect(try rows(table).allSatisfy { $0.count == header.count })
    }

    @Test func `what cannot be answered whole is refused before it is begun`() {
        #expect(fault("") == .noHeader)
        #expect(fault("\n\n") == .noHeader)
        #expect(fault("a;b\n1;2;3\n") == .tooManyFields(line: 2))
        #expect(fault("a\n1\n2\n3\n", most: 2) == .tooManyRows(limit: 2))
        #expect(fault("a\n1\n2\n", most: 2) == nil)
        #expect(fault("a;b\n1;2\n\"x;3\n") == .unterminatedQuote(line: 3))
        #expect(fault("a\n" + String(repeating: "x", count: 2 << 20)) == .recordTooLong(line: 2))
        #expect(fault("a\né", encoding: "utf-16") == .unknownEncoding)
        #expect(fault("a\né", encoding: "ascii") == .undecodable)
        for delimiter in ["ab", "\"", "\n", "é", "\u{1}"] { #expect(fault("a", delimiter: delimiter) == .badDelimiter) }
        #expect(throws: UploadedTable.Fault.undecodable) { try table([0x61, 0x0A, 0xE9], encoding: "UTF-8") }
    }
}
