import Foundation
import TestSupport
import Testing

@testable import Import

@Suite struct InflaterTests {
    private func inflate(_ bytes: [UInt8], chunk: Int = 7, limit: Int = 1 << 30) throws -> [UInt8] {
        var inflater = Inflater(file: "f.gz", limitBytes: limit)
        defer { inflater.close() }
        var output: [UInt8] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            try Array(rest.prefix(chunk)).withUnsafeBytes { raw in try inflater.inflate(raw) { output += $0 } }
            rest = rest.dropFirst(chunk)
        }
        try inflater.finish()
        return output
    }

    private let text = Array("Bois de la Cité, 80000 Amiens".utf8)

    @Test func `plain bytes pass as they are`() throws {
        #expect(try inflate(text) == text)
        #expect(try inflate([0x1F]) == [0x1F])
        #expect(try inflate([0x1F, 0x8C, 1]) == [0x1F, 0x8C, 1])
    }

    @Test(arguments: [2, 3, 10, 11, 1 << 20])
    func `several members are one file, however they are cut`(chunk: Int) throws {
        #expect(try inflate(gzipped(text), chunk: chunk) == text)
        #expect(try inflate(gzipped(text) + gzipped([]) + gzipped(text), chunk: chunk) == text + text)
        let long = [UInt8](repeating: 0x41, count: 700_000)
        #expect(try inflate(gzipped(long), chunk: 1 << 16) == long)
    }

    @Test func `a file cut anywhere is refused`() {
        let whole = gzipped(text)
        for length in 2..<whole.count {
            #expect(throws: ImportError.corruptGzip(file: "f.gz", reason: "it is cut short"), "\(length)") {
                try inflate(Array(whole.prefix(length)))
            }
        }
    }

    @Test func `damage is found by the check sum`() {
        for index in [12, 20, 60] {
            var damaged = gzipped(text + text)
            damaged[index] ^= 0x20
            #expect(throws: ImportError.corruptGzip(file: "f.gz", reason: "its data are damaged"), "\(index)") {
                try inflate(damaged)
            }
        }
        #expect(throws: ImportError.self) { try inflate(gzipped(text) + Array("rubbish".utf8)) }
    }

    @Test func `a bomb is stopped at the limit, plain or packed`() throws {
        #expect(try inflate(gzipped(text), limit: text.count) == text)
        for bytes in [gzipped(text), gzipped([]) + gzipped(text), text] {
            #expect(throws: ImportError.tooLarge(file: "f.gz", limitBytes: text.count - 1)) {
                try inflate(bytes, limit: text.count - 1)
            }
        }
    }

    @Test func `a really compressed file is read whole`() throws {
        let source = try FileSource(path: ShippedGeodata.file("demo/habitants-80.csv.gz").path)
        var count = 0
        var lines = 0
        try source.read { chunk, _ in
            count += chunk.count
            lines += chunk.count { $0 == UInt8(ascii: "\n") }
        }
        #expect(lines == 20_001)
        #expect(count > source.byteCount)
    }
}
