import Foundation
import GeoModel
import Testing

@testable import Store

@Suite struct AtlasTests {
    @Test func `without an atlas every tile is to be drawn`() throws {
        let bench = try StoreBench()
        #expect(try bench.database.atlasTile(zoom: 5, column: 16, row: 10).tile == .outOfDate)
        #expect(try !bench.database.atlasState().isDrawn)
    }

    @Test func `a tile is there, or empty, until the next import of communes`() throws {
        let bench = try StoreBench()
        let state = try bench.database.atlasState()
        try bench.database.replaceAtlas(state, tiles: [(5, 16, 10, [1, 2, 3])])
        #expect(try bench.database.atlasTile(zoom: 5, column: 16, row: 10).tile == .drawn([1, 2, 3]))
        #expect(try bench.database.atlasTile(zoom: 5, column: 0, row: 0).tile == .empty)
        #expect(try bench.database.atlasTile(zoom: 5, column: 16, row: 10).version == state.version)
        try bench.territory([commune("80009", boundary: rectangle(3, 50, 3.1, 50.1))])
        #expect(try bench.database.atlasTile(zoom: 5, column: 16, row: 10).tile == .outOfDate)
        #expect(try !bench.database.atlasState().isDrawn)
    }

    @Test func `an import that changes no commune of today needs no new drawing`() throws {
        let bench = try StoreBench()
        try bench.database.replaceAtlas(try bench.database.atlasState(), tiles: [(5, 16, 10, [1, 2, 3])])
        try bench.territory(StoreBench.towns)
        try bench.territory([commune("80777", boundary: rectangle(3, 50, 3.1, 50.1))], vintage: 2016)
        #expect(try bench.database.atlasTile(zoom: 5, column: 16, row: 10).tile == .outOfDate)
        let state = try bench.database.atlasState()
        #expect(state.isDrawn)
        try bench.database.replaceAtlas(state, tiles: nil)
        #expect(try bench.database.atlasTile(zoom: 5, column: 16, row: 10).tile == .drawn([1, 2, 3]))
    }

    @Test func `names and figures of code tables put an atlas out of date`() throws {
        let bench = try StoreBench()
        try bench.database.replaceAtlas(try bench.database.atlasState(), tiles: [(5, 16, 10, [1, 2, 3])])
        try bench.codes(.communes([OfficialCommune(
            node: CommuneNode(.commune, CommuneCode("80001")!), name: "L'Officielle", department: "80", region: nil,
            parentCode: nil)]))
        #expect(try bench.database.atlasTile(zoom: 5, column: 16, row: 10).tile == .outOfDate)
        #expect(try !bench.database.atlasState().isDrawn)
        try bench.database.replaceAtlas(try bench.database.atlasState(), tiles: [])
        try bench.codes(.departments([]))
        #expect(try bench.database.atlasState().isDrawn)
    }

    @Test func `an atlas of before an import that came meanwhile is out of date at once`() throws {
        let bench = try StoreBench()
        let state = try bench.database.atlasState()
        try bench.territory([commune("80009", boundary: rectangle(3, 50, 3.1, 50.1))])
        try bench.database.replaceAtlas(state, tiles: [(5, 16, 10, [1, 2, 3])])
        #expect(try bench.database.atlasTile(zoom: 5, column: 16, row: 10).tile == .outOfDate)
    }
}
