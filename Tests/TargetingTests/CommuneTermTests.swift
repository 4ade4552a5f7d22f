import AlertModel
import GeoModel
import Testing

@testable import Targeting

/// Mirrors `CommuneTerm.swift`: the cases of decision 0013, each through the selection and the explanation.
@Suite struct CommuneTermTests {
    /// A new commune 80010 over x 2.0–2.3, made of 80010's seat (2.0–2.1), its part 80011 (2.1–2.2) and the former
    /// 80012, of which no boundary is known; 80020 beside it; 80030 was shared out over both.
    private static func register(_ people: [MemoryRegister.Person]) -> MemoryRegister {
        func place(_ commune: String, _ parts: String...) -> CommunePlace {
            CommunePlace(commune: CommuneCode(commune)!, parts: parts.map { CommuneCode($0)! })
        }
        return MemoryRegister(
            people: people,
            towns: [
                "80010": .init(boundary: rectangle(2.0, 50, 2.3, 50.1)),
                "80011": .init(boundary: rectangle(2.1, 50, 2.2, 50.1), becomes: [place("80010", "80011")]),
                "80012": .init(boundary: nil, becomes: [place("80010", "80012")]),
                "80020": .init(boundary: rectangle(2.3, 50, 2.4, 50.1)),
                "80030": .init(boundary: nil, becomes: [place("80010", "80030"), place("80020", "80030")]),
            ])
    }

    private func verdict(
        _ zone: String..., code: String?, at x: Double? = nil, within metres: Double = 0, found: Bool = false
    ) throws -> Verdict {
        let person = MemoryRegister.Person(
            id: 1, commune: code, position: x.map { place($0, 50.05) }, uncertaintyMetres: metres, isFound: found)
        let register = Self.register([person])
        let zone = Zone.communes(zone.map { CommuneCode($0)! })
        let selected = try register.select(zone)[1] ?? .outside
        // The explanation never says something else.
        let explained = try Explainer(register: register.reader).explain(RecipientID(rawValue: 1), in: zone).verdict
        #expect(explained == selected)
        return selected
    }

    @Test func `a given code whose ground is named is certain, wherever the point`() throws {
        for code in ["80010", "80011", "80012"] {
            #expect(try verdict("80010", code: code) == .certain)
            #expect(try verdict("80010", code: code, at: 2.9) == .certain)
            #expect(try verdict("80020", code: code) == .outside)
            #expect(try verdict("80020", code: code, at: 2.35) == .outside)
        }
        #expect(try verdict("80011", code: "80011") == .certain)
        #expect(try verdict("80012", code: "80012", at: 2.9) == .certain)
        #expect(try verdict("80011", code: "80012") == .outside)
    }

    @Test func `a part that is named alone takes the whole's people by its boundary, or as possible`() throws {
        #expect(try verdict("80011", code: "80010") == .possible)
        #expect(try verdict("80011", code: "80010", at: 2.15) == .certain)
        #expect(try verdict("80011", code: "80010", at: 2.1999, within: 100) == .possible)
        #expect(try verdict("80011", code: "80010", at: 2.05) == .outside)
        // A point outside the commune that the register says decides nothing.
        #expect(try verdict("80011", code: "80010", at: 2.9) == .possible)
    }

    @Test func `a part without a boundary takes the whole's people as possible`() throws {
        #expect(try verdict("80012", code: "80010") == .possible)
        #expect(try verdict("80012", code: "80010", at: 2.25) == .possible)
        #expect(try verdict("80012", code: nil, at: 2.25) == .possible)
        #expect(try verdict("80012", code: nil, at: 2.35) == .outside)
    }

    @Test func `a code that was shared out is possible in each heir unless the point decides`() throws {
        #expect(try verdict("80010", code: "80030") == .possible)
        #expect(try verdict("80020", code: "80030") == .possible)
        #expect(try verdict("80010", "80020", code: "80030") == .certain)
        #expect(try verdict("80020", code: "80030", at: 2.35) == .certain)
        #expect(try verdict("80020", code: "80030", at: 2.25) == .outside)
        #expect(try verdict("80020", code: "80030", at: 2.9) == .possible)
        #expect(try verdict("80030", code: "80030") == .certain)
        #expect(try verdict("80030", code: "80020") == .possible)
    }

    @Test func `a found code is a guess: certain only together with a point inside`() throws {
        #expect(try verdict("80010", code: "80010", found: true) == .possible)
        #expect(try verdict("80010", code: "80010", at: 2.05, found: true) == .certain)
        #expect(try verdict("80010", code: "80010", at: 2.0001, within: 50, found: true) == .possible)
        #expect(try verdict("80010", code: "80010", at: 2.9, found: true) == .possible)
        #expect(try verdict("80010", code: "80020", at: 2.25, found: true) == .possible)
        #expect(try verdict("80010", code: "80020", at: 2.35, found: true) == .outside)
        #expect(try verdict("80010", code: "80020", found: true) == .outside)
        #expect(try verdict("80011", code: "80010", at: 2.15, found: true) == .certain)
    }

    @Test func `a code that means nothing is no evidence`() throws {
        for code in [nil, "80999"] {
            #expect(try verdict("80020", code: code) == .notLocated)
            #expect(try verdict("80020", code: code, at: 2.35) == .certain)
            #expect(try verdict("80020", code: code, at: 2.25) == .outside)
        }
        #expect(try verdict("80999", code: "80999") == .certain)
        #expect(throws: MemoryRegister.Unknown(what: "80888")) { try verdict("80888", code: "80020") }
    }

    @Test func `coverage counts a commune once, its own part named beside it or not`() throws {
        var register = Self.register([.init(id: 1, commune: "80012"), .init(id: 2, commune: "80011")])
        register.towns["80010"]?.population = 900
        register.towns["80011"]?.population = 300
        func coverage(_ codes: String...) throws -> Coverage {
            let zone = Zone.communes(codes.map { CommuneCode($0)! })
            let selected = try register.select(zone).filter { $0.value.certainty != nil }.keys.sorted().map { id in
                SurveyedRecipient(
                    communeCode: CommuneCode(register.people[Int(id) - 1].commune!), communeName: nil,
                    precision: .commune, channels: [])
            }
            return try register.survey().coverage(of: zone, selected: selected, notLocated: 0)
        }
        let both = try coverage("80010", "80011")
        #expect(both.figures.population == 900)
        #expect(both.communes.map(\.code.rawValue) == ["80010"])
        #expect(both.communes[0].figures.registered == 2)
        let part = try coverage("80011")
        #expect(part.figures.population == 300)
        #expect(part.communes.map(\.code.rawValue) == ["80011"])
        #expect(part.communes[0].figures.registered == 1)
    }
}
