import AlertModel
import Campaigns
import Dispatching
import GRDB
import GeoModel
import Testing

@testable import Store

@Suite struct OrganisationTreeTests {
    private let bench: StoreBench
    private var store: AlertDatabase { bench.database }

    init() throws { bench = try StoreBench() }

    private func make(
        _ store: AlertDatabase, _ name: String, _ kind: OrganisationKind = .service, code: String? = nil,
        under parent: OrganisationID? = nil
    ) throws -> OrganisationID {
        try store.createOrganisation(named: name, kind: kind, code: code, parent: parent, actor: "test")
    }

    @Test func `a tree is listed from the top, and a part of it from its own top`() throws {
        let prefecture = try make(store, "Préfecture", .prefecture, code: "80")
        let epci = try make(store, "Agglo", .epci, code: "248000531", under: prefecture)
        let town = try make(store, "Ville", .commune, code: "80001", under: epci)
        _ = try make(store, "Bourg", .commune, code: "80002", under: prefecture)
        #expect(try store.organisationTree().map { "\($0.depth) \($0.organisation.name)" }
            == ["0 Préfecture", "1 Agglo", "2 Ville", "1 Bourg"])
        #expect(try store.organisationTree(under: epci).map(\.organisation.name) == ["Agglo", "Ville"])
        #expect(try store.ancestors(of: town).map(\.name) == ["Agglo", "Préfecture"])
        #expect(throws: StoreError.unknownOrganisation(name: "Bourg", known: ["Agglo", "Ville"])) {
            try store.findOrganisation(named: "Bourg", under: epci)
        }
    }

    @Test func `nothing is put below itself, however far below`() throws {
        let a = try make(store, "A"), b = try make(store, "B", under: a), c = try make(store, "C", under: b)
        #expect(throws: StoreError.treeCycle(name: "A", under: "C")) { try store.move(a, under: c, actor: "test") }
        #expect(throws: StoreError.treeCycle(name: "A", under: "A")) { try store.move(a, under: a, actor: "test") }
        try store.move(c, under: nil, actor: "test")
        try store.move(a, under: c, actor: "test")
        #expect(try store.ancestors(of: b).map(\.name) == ["A", "C"])
    }

    @Test func `the tree's depth is bounded, whether it grows or is moved`() throws {
        var last: OrganisationID?
        for level in 0...OrganisationTree.greatestDepth { last = try make(store, "N\(level)", under: last) }
        #expect(throws: StoreError.treeTooDeep(limit: OrganisationTree.greatestDepth)) {
            try make(store, "below", under: last)
        }
        let other = try make(store, "M"), leaf = try make(store, "L", under: other)
        let above = try store.ancestors(of: last!)[0].id
        #expect(throws: StoreError.treeTooDeep(limit: OrganisationTree.greatestDepth)) {
            try store.move(other, under: above, actor: "test")
        }
        try store.move(leaf, under: above, actor: "test")
    }

    @Test func `a cycle that somebody wrote into the table hangs nothing`() throws {
        let a = try make(store, "A"), b = try make(store, "B", under: a)
        try store.pool.write { try $0.execute(sql: "UPDATE organisations SET parent_id = ? WHERE id = ?", arguments: [b.rawValue, a.rawValue]) }
        #expect(try store.ancestors(of: a).map(\.name) == ["B"])
        #expect(try store.organisationTree(under: a).map(\.organisation.name) == ["A", "B"])
        #expect(try store.perimeters(scope: .organisation(a)).isEmpty)
    }

    @Test(arguments: [
        (OrganisationKind.commune, "8001"), (.commune, "80"), (.epci, "24800053"), (.prefecture, "8"), (.prefecture, "ABC"),
        (.service, "80001"),
    ])
    func `a code has the form of its kind`(kind: OrganisationKind, code: String) throws {
        #expect(throws: StoreError.self) { try make(store, "A", kind, code: code) }
    }

    @Test func `a name is one's only, and clean`() throws {
        let a = try make(store, "A")
        #expect(throws: StoreError.organisationExists(name: "A")) { try make(store, "A") }
        for name in ["", " A", "A\n", String(repeating: "x", count: 201)] {
            #expect(throws: StoreError.self) { try make(store, name) }
        }
        _ = try make(store, "B")
        #expect(throws: StoreError.organisationExists(name: "B")) { try store.rename(a, to: "B", actor: "test") }
        try store.rename(a, to: "C", actor: "test")
        #expect(try store.name(of: a) == "C")
    }

    // MARK: What is inherited

    @Test func `perimeters, templates and guard rails come from above, the nearest first, and are only their owner's to change`() throws {
        let top = try make(store, "Préfecture"), town = try make(store, "Ville", under: top)
        let sister = try make(store, "Bourg", under: top)
        for (name, owner) in [("Inondation", top), ("Usine", top), ("Usine", town), ("Digue", sister)] {
            _ = try store.savePerimeter(named: name, area: rectangle(2, 50, 2.1, 50.1), organisation: owner, actor: "test")
        }
        #expect(try store.perimeters(scope: .organisation(town)).map { "\($0.name) \($0.organisationName)" }
            == ["Inondation Préfecture", "Usine Ville"])
        #expect(try store.perimeters(scope: .organisation(top)).map(\.name) == ["Inondation", "Usine"])
        #expect(throws: StoreError.inherited(what: "perimeter", name: "Inondation")) {
            try store.deletePerimeter(named: "Inondation", scope: .organisation(town), actor: "test")
        }
        let inherited = try store.perimeter(named: "Inondation", scope: .organisation(town)).id
        #expect(try !store.deletePerimeter(id: inherited, scope: .organisation(town), actor: "test"))
        #expect(throws: StoreError.unknownPerimeter(name: "Digue", known: ["Inondation", "Usine"])) {
            try store.perimeter(named: "Digue", scope: .organisation(town))
        }

        let template = try MessageTemplate(Array(#"{"version": 1, "message": {"subject": "Crue", "text": "Montez."}, "correction": {"text": "Erreur"}, "allClear": {"text": "Fin"}}"#.utf8))
        _ = try store.save(template, named: "Crue", of: top, actor: "test")
        #expect(try store.templates(of: town).map(\.name) == ["Crue"])
        #expect(throws: StoreError.inherited(what: "template", name: "Crue")) {
            try store.removeTemplate(named: "Crue", of: town, actor: "test")
        }
        _ = try store.save(template, named: "Orage", of: sister, actor: "test")
        #expect(try store.templates(of: town).map(\.name) == ["Crue"])

        try store.set(.quiet, to: "21:00-07:00", ofOrganisationNamed: "Préfecture", actor: "test")
        #expect(try store.quietPattern(ofOrganisationNamed: "Ville").description.hasPrefix("21:00-07:00"))
        try store.set(.quiet, to: "22:00-06:00", ofOrganisationNamed: "Ville", actor: "test")
        #expect(try store.quietPattern(ofOrganisationNamed: "Ville").description.hasPrefix("22:00-06:00"))
        #expect(try store.quietPattern(ofOrganisationNamed: "Bourg").description.hasPrefix("21:00-07:00"))
    }

    // MARK: Territory

    @Test func `a territory is what was settled, or what the code names, and what is not loaded is said`() throws {
        let prefecture = try make(store, "P", .prefecture, code: "80")
        let town = try make(store, "V", .commune, code: "80001", under: prefecture)
        let service = try make(store, "S", .service, under: town)
        let far = try make(store, "F", .commune, code: "75056")
        #expect(try store.territory(of: prefecture) == OrganisationTerritory(zone: .department("80"), isSettled: false))
        #expect(try store.territory(of: town)?.zone == .communes(codes("80001")))
        #expect(
            try store.territory(of: service)
                == OrganisationTerritory(zone: .communes(codes("80001")), isSettled: false, isInherited: true))
        #expect(throws: StoreError.unknownTerritory(name: "F", code: "75056")) { try store.territory(of: far) }
        // Nobody's register makes a code known.
        try bench.register([person("x", commune: "75056")], organisation: "F")
        #expect(throws: StoreError.unknownTerritory(name: "F", code: "75056")) { try store.territory(of: far) }
        let settled = Zone.communes(codes("80002"))
        try store.set(
            .territory, to: String(decoding: ZoneDocument.encode(settled), as: UTF8.self), ofOrganisationNamed: "V", actor: "test")
        #expect(try store.territory(of: town) == OrganisationTerritory(zone: settled, isSettled: true))
        #expect(try store.territory(of: service) == OrganisationTerritory(zone: settled, isSettled: true, isInherited: true))
    }

    @Test func `what has no territory takes that of the nearest above it, and an unknown one above is not passed by`() throws {
        let prefecture = try make(store, "P", .prefecture, code: "80")
        let between = try make(store, "E", .epci, under: prefecture), service = try make(store, "S", .service, under: between)
        let far = try make(store, "F", .commune, code: "75056", under: prefecture)
        let office = try make(store, "O", .service, under: far)
        let alone = try make(store, "A", .service)
        #expect(
            try store.territory(of: service)
                == OrganisationTerritory(zone: .department("80"), isSettled: false, isInherited: true))
        #expect(try store.territory(ofOrganisationNamed: "S") == .department("80"))
        #expect(throws: StoreError.unknownTerritory(name: "F", code: "75056")) { try store.territory(of: office) }
        #expect(try store.territory(ofOrganisationNamed: "O") == nil)
        #expect(try store.territory(of: alone) == nil)
        #expect(throws: LaunchError.outsideTerritory(wholly: true)) {
            try store.territoryCut(of: perimeter(2.5, 48.8, 2.6, 48.9), for: service, scope: .organisation(service))
        }
    }

    @Test func `a territory beyond that of the organisation above it is measured`() throws {
        let first = try make(store, "A", .commune, code: "80001")
        let inside = try make(store, "S", .service, under: first)
        let beside = try make(store, "B", .commune, code: "80002", under: first)
        #expect(try store.squareMetresOutsideParent(of: first) == nil)
        #expect(try store.squareMetresOutsideParent(of: inside) == nil)
        let outside = try #require(try store.squareMetresOutsideParent(of: beside))
        // 0.1° by 0.1° at 50° N: 7.17 by 11.12 km.
        #expect(abs(outside - 79_700_000) < 700_000)
        try store.set(
            .territory, to: String(decoding: ZoneDocument.encode(.department("80")), as: UTF8.self), ofOrganisationNamed: "A",
            actor: "test")
        #expect(try store.squareMetresOutsideParent(of: beside)! < 1)
    }
}
