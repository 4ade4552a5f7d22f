import Foundation
import Store
import Testing

@testable import Import

@Suite struct FileSourceTests {
    @Test func `only a regular file with something in it is a source`() throws {
        let bench = try ImportBench()
        #expect(throws: ImportError.empty(file: "empty.csv")) {
            try FileSource(path: try bench.file("empty.csv", ""))
        }
        for path in [bench.folder.path, bench.folder.path + "/none.csv", "/dev/null"] {
            let error = #expect(throws: ImportError.self) { try FileSource(path: path) }
            guard case .unreadable? = error else {
                Issue.record("\(path): \(String(describing: error))")
                continue
            }
        }
    }

    @Test func `the digest is of the bytes on the disk`() throws {
        let bench = try ImportBench()
        let source = try FileSource(path: try bench.file("abc.txt", "abc"))
        let imported = try source.imported()
        #expect(imported.name == "abc.txt")
        #expect(imported.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    @Test func `a shapefile's digest covers every file that is read with it, in one order`() throws {
        let bench = try ImportBench()
        let shp = try bench.file("C.shp", [0, 0, 0x27, 0x0A])
        func digest() throws -> String { try FileSource(path: shp).sha256() }
        let alone = try digest()
        for part in ["C.CPG", "C.dbf", "C.prj", "C.shx"] { _ = try bench.file(part, part) }
        _ = try bench.file("C.txt", "not read")
        let all = try digest()
        #expect(alone != all)
        let joined = [0, 0, 0x27, 0x0A] + Array("C.shxC.dbfC.prjC.CPG".utf8)
        #expect(try FileSource(path: try bench.file("joined", joined)).sha256() == all)
        _ = try bench.file("C.dbf", "other attributes")
        #expect(try digest() != all)
    }

    @Test func `progress counts what was read of the disk`() throws {
        let bench = try ImportBench()
        let source = try FileSource(path: try bench.file("f", [UInt8](repeating: 0x41, count: 600_000)))
        var steps: [Int] = []
        try source.read { _, bytesRead in steps.append(bytesRead) }
        #expect(steps == steps.sorted())
        #expect(steps.last == source.byteCount)
        #expect(steps.count > 1)
    }
}
