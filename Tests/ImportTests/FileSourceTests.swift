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
