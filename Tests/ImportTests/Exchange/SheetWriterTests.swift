import Foundation
import Testing

@testable import Import

@Suite struct SheetWriterTests {
    private let bench: ImportBench
    private let path: String

    init() throws {
        bench = try ImportBench()
        path = bench.folder.appending(path: "sortie.xlsx").path
    }

    private func write(
        _ columns: [SheetWriter.Column], _ rows: [[SheetWriter.Cell]], sheet: String = "Liste"
    ) throws -> [[String]] {
        try SheetWriter.write(to: path, sheet: sheet, columns: columns) { writer in
            for row in rows { try writer.row(row) }
        }
        return try read()
    }

    private func read() throws -> [[String]] {
        var rows: [[String]] = []
        try TableReader.read(try FileSource(path: path)) { record, _ in rows.append(record.fields) }
        return rows
    }

    @Test func `texts come back as they were, formulas among them`() throws {
        let texts = ["=1+1", "+33 6 39 98 00 01", "-1", "@x", "01001", "_x000D_", "a\nb\tc", "é€😀 <&\">", " avant"]
        let read = try write([.init("=id"), .init("texte")], texts.map { [.text("1"), .text($0)] })
        #expect(read == [["=id", "texte"]] + texts.map { ["1", $0] })
    }

    @Test func `what XML cannot hold is left out`() throws {
        #expect(try write([.init("a")], [[.text("x\u{0}\u{1}\u{FFFE}y")]]) == [["a"], ["xy"]])
    }

    @Test func `numbers are numbers where they are asked for`() throws {
        let read = try write(
            [.init("n", isNumber: true), .init("t")],
            [[.number(0.1), .number(0.1)], [.empty, .number(12)], [.number(-1e6), .empty], [.text("x"), .text("x")]])
        #expect(read == [["n", "t"], ["0.1", "0.1"], ["", "12"], ["-1000000", ""], ["", "x"]])
        let unpacked = try #require(try? Data(contentsOf: URL(filePath: path)))
        #expect(unpacked.starts(with: [0x50, 0x4B]))
    }

    @Test func `a table without rows has its header`() throws {
        #expect(try write([.init("a"), .init("n", isNumber: true)], []) == [["a", "n"]])
    }

    @Test(arguments: ["", "a/b:c*?[d]", String(repeating: "x", count: 60), "'quoted'"])
    func `any name makes a sheet`(name: String) throws {
        #expect(try write([.init("a")], [[.text("1")]], sheet: name) == [["a"], ["1"]])
    }

    @Test func `what fails leaves the file that was there, and nothing beside it`() throws {
        struct Stop: Error {}
        _ = try write([.init("a")], [[.text("avant")]])
        let before = try FileManager.default.contentsOfDirectory(atPath: bench.folder.path).sorted()
        #expect(throws: Stop.self) {
            try SheetWriter.write(to: path, sheet: "x", columns: [.init("a")]) { writer in
                for row in 0..<20_000 { try writer.row([.text("après \(row)")]) }
                throw Stop()
            }
        }
        #expect(try read() == [["a"], ["avant"]])
        #expect(throws: ImportError.self) {
            try SheetWriter.write(to: path, sheet: "x", columns: [.init("a")]) { writer in
                try writer.row([.text(String(repeating: "x", count: 40_000))])
            }
        }
        #expect(try read() == [["a"], ["avant"]])
        #expect(try FileManager.default.contentsOfDirectory(atPath: bench.folder.path).sorted() == before)
    }

    @Test func `a folder that is not there is an error`() {
        let error = #expect(throws: ImportError.self) {
            try SheetWriter.write(to: "/nowhere/a.xlsx", sheet: "x", columns: [.init("a")]) { _ in }
        }
        #expect(error?.description.hasPrefix("a.xlsx was not written") == true)
    }
}
