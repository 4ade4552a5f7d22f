import AlertModel
import GeoModel
import Testing

@testable import Store

@Suite struct PerimetersTests {
    private let holed = Area<WGS84>([
        Polygon(
            exterior: rectangle(2.0, 50.0, 2.1, 50.1).polygons[0].exterior,
            holes: [rectangle(2.04, 50.04, 2.05, 50.05).polygons[0].exterior])
    ])

    @Test func `a perimeter is saved as it was drawn, once by name`() throws {
        let bench = try StoreBench()
        let mairie = try bench.database.organisation(named: "Mairie")
        let id = try bench.database.savePerimeter(named: "Crue", area: holed, organisation: mairie, actor: "agent")
        let saved = try bench.database.perimeters(scope: .all)
        #expect(saved.map(\.id) == [id])
        #expect(saved.map(\.area) == [holed])
        #expect(throws: StoreError.perimeterExists(name: "Crue")) {
            try bench.database.savePerimeter(
                named: "Crue", area: rectangle(3, 50, 3.1, 50.1), organisation: mairie, actor: "agent")
        }
        #expect(try bench.database.perimeters(scope: .all).map(\.area) == [holed])
    }

    @Test func `names, sight and deletion stop at the organisation`() throws {
        let bench = try StoreBench()
        let a = try bench.database.organisation(named: "A")
        let b = try bench.database.organisation(named: "B")
        let first = try bench.database.savePerimeter(named: "Crue", area: holed, organisation: a, actor: "agent")
        _ = try bench.database.savePerimeter(named: "Crue", area: holed, organisation: b, actor: "agent")
        #expect(try bench.database.perimeters(scope: .organisation(b)).count == 1)
        #expect(try !bench.database.deletePerimeter(id: first, scope: .organisation(b), actor: "agent"))
        #expect(try bench.database.perimeters(scope: .all).count == 2)
        #expect(try bench.database.deletePerimeter(id: first, scope: .organisation(a), actor: "agent"))
        #expect(try !bench.database.deletePerimeter(id: first, scope: .organisation(a), actor: "agent"))
        #expect(try bench.database.auditEntries(limit: 1).map(\.action) == ["perimeter.delete"])
        _ = try bench.database.savePerimeter(named: "Crue", area: holed, organisation: a, actor: "agent")
    }

    @Test func `a perimeter gets another name, is found by it, and the journal says so`() throws {
        let bench = try StoreBench()
        let a = try bench.database.organisation(named: "A")
        let b = try bench.database.organisation(named: "B")
        let id = try bench.database.savePerimeter(named: "Crue", area: holed, organisation: a, actor: "agent")
        _ = try bench.database.savePerimeter(named: "Crue", area: holed, organisation: b, actor: "agent")
        #expect(throws: StoreError.ambiguousPerimeter(name: "Crue")) {
            try bench.database.renamePerimeter(named: "Crue", to: "Crue 1910", scope: .all, actor: "agent")
        }
        try bench.database.renamePerimeter(named: "Crue", to: "Crue 1910", scope: .organisation(a), actor: "agent")
        let entry = try #require(try bench.database.auditEntries(limit: 1).first)
        #expect((entry.action, entry.subject) == ("perimeter.rename", "Crue"))
        #expect(try bench.database.perimeter(named: "Crue 1910", scope: .all).id == id)
        #expect(try bench.database.perimeter(named: "Crue", scope: .all).organisationName == "B")
        _ = try bench.database.savePerimeter(named: "Seveso", area: holed, organisation: a, actor: "agent")
        #expect(throws: StoreError.perimeterExists(name: "Seveso")) {
            try bench.database.renamePerimeter(named: "Crue 1910", to: "Seveso", scope: .all, actor: "agent")
        }
        try bench.database.deletePerimeter(named: "Seveso", scope: .all, actor: "agent")
        #expect(throws: StoreError.unknownPerimeter(name: "Seveso", known: ["Crue", "Crue 1910"])) {
            try bench.database.deletePerimeter(named: "Seveso", scope: .all, actor: "agent")
        }
    }

    @Test(arguments: ["", " Crue", "a\tb", String(repeating: "x", count: 201)])
    func `a name that no list could show is refused`(name: String) throws {
        let bench = try StoreBench()
        let mairie = try bench.database.organisation(named: "Mairie")
        #expect(throws: StoreError.invalidPerimeterName) {
            try bench.database.savePerimeter(named: name, area: holed, organisation: mairie, actor: "agent")
        }
    }
}
