import Foundation
import GeoEngine
import TestSupport
import Testing

@testable import Import
@testable import Store

@Suite struct AtlasDrawingTests {
    @Test func `after it every tile of a low zoom is there or known to be empty`() throws {
        let bench = try ImportBench()
        let count = try #require(try AtlasDrawing.draw(in: bench.database))
        #expect(try bench.count("atlas_tiles") == count)
        for zoom in TileAtlas.zooms {
            #expect(try bench.fetch("SELECT count(*) FROM atlas_tiles WHERE zoom = \(zoom)", as: Int.self)[0] > 0)
        }
        // Amiens is at 2.3° E, 49.9° N.
        let (tile, _) = try bench.database.atlasTile(zoom: 7, column: 64, row: 43)
        guard case .drawn(let bytes) = tile else {
            Issue.record("no tile: \(tile)")
            return
        }
        #expect(bytes.starts(with: [0x1F, 0x8B]))
        #expect(try bench.database.atlasTile(zoom: 7, column: 0, row: 0).tile == .empty)
    }

    @Test func `it is drawn again only when a commune has changed`() throws {
        let bench = try ImportBench()
        try AtlasDrawing.draw(in: bench.database)
        #expect(try AtlasDrawing.draw(in: bench.database) == nil)
        try bench.communes(ImportBench.communes([#"{"code":"80003","nom":"Acheux"}"#: (1.6, 1.7)]))
        #expect(try AtlasDrawing.draw(in: bench.database) != nil)
    }

    @Test func `what is compressed is what it was, for gzip too`() throws {
        let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 * $0 / 7) }
        let zipped = try #require(Deflater.gzip(bytes))
        var inflater = Inflater(file: "t", limitBytes: 1 << 20)
        defer { inflater.close() }
        var back: [UInt8] = []
        try zipped.withUnsafeBytes { raw in try inflater.inflate(raw) { back += $0 } }
        try inflater.finish()
        #expect(back == bytes)
        #expect(Deflater.gzip([]) != nil)
    }
}
