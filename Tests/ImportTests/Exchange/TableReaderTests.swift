import Foundation
import Testing

@testable import Import

@Suite struct TableReaderTests {
    private let bench: ImportBench

    init() throws {
        bench = try ImportBench()
    }

    private func records(_ path: String, sheet: String? = nil) throws -> [CSVRecord] {
        var records: [CSVRecord] = []
        try TableReader.read(try FileSource(path: path), sheet: sheet) { record, _ in records.append(record) }
        return records
    }

    private func workbook(_ name: String, rows: Int) throws -> String {
        let path = bench.folder.appending(path: name).path
        try SheetWriter.write(to: path, sheet: "Liste", columns: [.init("id"), .init("voie")]) { writer in
            for row in 0..<rows { try writer.row([.text("0\(row)"), .text("rue \(row)")]) }
        }
        return path
    }

    @Test func `a workbook's rows come with their numbers, leading zeros kept`() throws {
        let path = try workbook("a.xlsx", rows: 3)
        for sheet in [nil, "Liste"] {
            let read = try records(path, sheet: sheet)
            #expect(read.map(\.line) == [1, 2, 3, 4])
            #expect(read.map(\.fields) == [["id", "voie"], ["00", "rue 0"], ["01", "rue 1"], ["02", "rue 2"]])
        }
    }

    @Test func `what the file is decides, and not its name`() throws {
        let workbook = try workbook("liste.csv", rows: 1)
        #expect(try TableReader.isWorkbook(FileSource(path: workbook)))
        #expect(try records(workbook).map(\.fields) == [["id", "voie"], ["00", "rue 0"]])
        let text = try bench.file("a.xlsx", "id\tvoie\n00\true 0\n")
        #expect(try !TableReader.isWorkbook(FileSource(path: text)))
        #expect(try records(text).map(\.fields) == [["id", "voie"], ["00", "rue 0"]])
    }

    @Test func `progress goes from nothing to the whole file`() throws {
        let source = try FileSource(path: try workbook("a.xlsx", rows: 9))
        var places: [Int] = []
        try TableReader.read(source) { _, bytesRead in places.append(bytesRead) }
        #expect(places == places.sorted() && places.first == source.byteCount / 10 && places.last == source.byteCount)
    }

    @Test func `a sheet that is not there, and one of a file without sheets, are refused`() throws {
        #expect(throws: ImportError.foreign(file: "a.xlsx", reason: "it has no sheet of that name: its sheets are “Liste”")) {
            try records(try workbook("a.xlsx", rows: 1), sheet: "Autre")
        }
        let error = #expect(throws: ImportError.self) { try records(try bench.file("a.csv", "id\n1\n"), sheet: "Liste") }
        #expect(error?.description.contains("no sheets") == true)
    }

    @Test(arguments: [0.1, 0.5, 0.95])
    func `a workbook cut short is an error, whatever rows it still has`(share: Double) throws {
        let whole = try Data(contentsOf: URL(filePath: try workbook("a.xlsx", rows: 500)))
        let path = try bench.file("cut.xlsx", whole.prefix(Int(Double(whole.count) * share)))
        #expect(throws: ImportError.foreign(file: "cut.xlsx", reason: "it is damaged or cut short: get it again")) {
            try records(path)
        }
    }

    @Test func `what the reader of the rows throws ends the reading`() throws {
        struct Enough: Error {}
        let source = try FileSource(path: try workbook("a.xlsx", rows: 5000))
        var count = 0
        #expect(throws: Enough.self) {
            try TableReader.read(source) { _, _ in
                count += 1
                if count == 3 { throw Enough() }
            }
        }
        #expect(count == 3)
    }

    @Test func `many can be read at once, and leave nothing behind`() async throws {
        let path = try workbook("a.xlsx", rows: 50)
        let counts = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    var count = 0
                    try TableReader.read(try FileSource(path: path)) { _, _ in count += 1 }
                    return count
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(counts == Array(repeating: 51, count: 8))
    }
}
