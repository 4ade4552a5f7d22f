import AlertModel
import Campaigns
import Dispatching
import Foundation
import GRDB
import GeoModel
import Targeting
import TestSupport
import Testing

@testable import Store

/// Two worlds that differ only in what an organisation does not see give it the same answers, to every reading function.
@Suite struct NonInterferenceTests {
    @Test(arguments: 0..<24)
    func `what is not seen changes no answer`(seed: Int) throws {
        let quiet = try World(seed: UInt64(seed), withOthers: false)
        let loud = try World(seed: UInt64(seed), withOthers: true)
        #expect(quiet.viewer == loud.viewer)
        let others = try loud.bench.count("SELECT count(*) FROM recipients") - quiet.bench.count("SELECT count(*) FROM recipients")
        #expect(others > 0, "nothing was hidden")
        let (left, right) = (try quiet.answers(), try loud.answers())
        #expect(left.map(\.question) == right.map(\.question))
        for (one, other) in zip(left, right) { #expect(one.answer == other.answer, "\(one.question)") }
        #expect(left.contains { $0.answer.contains("own-0") }, "nothing was seen")
        // What is asked for by its name is in the refusal, in both worlds.
        let told = right.filter { !$0.question.contains("hidden") && !$0.answer.hasPrefix("error") }
        #expect(!told.contains { $0.answer.contains("hidden-") && !$0.answer.contains("hidden-tag") }, "something hidden is told")
    }
}

/// A random tree with random delegations, seen by one of its organisations.
private final class World {
    let bench: StoreBench
    private var generator: SeededGenerator
    private(set) var organisations: [OrganisationID] = []
    private(set) var viewer = OrganisationID(rawValue: 0)
    /// The same for both worlds of a seed.
    private static let start = UTCTime.now
    private var now: UTCTime { Self.start }

    init(seed: UInt64, withOthers: Bool) throws {
        bench = try StoreBench()
        generator = SeededGenerator(seed: seed)
        let store = bench.database
        for index in 0..<7 {
            let parent = index == 0 || generator.next() % 4 == 0 ? nil : organisations.randomElement(using: &generator)
            let kind = OrganisationKind.allCases.randomElement(using: &generator)!
            organisations.append(
                try store.createOrganisation(
                    named: "O\(index)", kind: kind, code: kind == .commune ? ["80001", "80002"].randomElement(using: &generator) : nil,
                    parent: parent, actor: "test"))
        }
        viewer = organisations.randomElement(using: &generator)!
        for owner in organisations where owner != viewer && generator.next() % 3 == 0 {
            let withdrawn = generator.next() % 3 == 0
            try store.delegate(registerOf: owner, to: viewer, from: now.advanced(bySeconds: -9), until: nil, actor: "test", now: now)
            if withdrawn { try store.withdraw(registerOf: owner, from: viewer, actor: "test", now: now) }
        }
        // Others among themselves.
        for owner in organisations where owner != viewer && generator.next() % 3 == 0 {
            let other = organisations.filter { $0 != owner && $0 != viewer }.randomElement(using: &generator)!
            try store.delegate(registerOf: owner, to: other, from: now.advanced(bySeconds: -9), until: nil, actor: "test", now: now)
        }
        let scope = try store.scope(of: viewer)
        let above = Set(try store.ancestors(of: viewer).map(\.id))
        for id in organisations where scope.admits(id) { try fillRegister(of: id, mark: "own") }
        for id in organisations where id == viewer || above.contains(id) { try fillLibrary(of: id, mark: "own") }
        for id in organisations where try isBelowSeen(id) { try fillCard(of: id, mark: "own") }
        try fillAffairs(of: viewer, mark: "own")
        guard withOthers else { return }
        for id in organisations where !scope.admits(id) { try fillRegister(of: id, mark: "hidden") }
        for id in organisations where id != viewer && !above.contains(id) { try fillLibrary(of: id, mark: "hidden") }
        for id in organisations where id != viewer { try fillAffairs(of: id, mark: "hidden") }
        if seed % 2 == 0 { try store.rebuildRegisterIndexes() }
    }

    // MARK: What an organisation has

    /// The same identifiers everywhere, and codes and discs that only one register knows.
    private func fillRegister(of id: OrganisationID, mark: String) throws {
        var people = (0..<6).map { index in
            let spot = place(2.0 + Double(generator.next() % 200) / 1000, 50.0 + Double(generator.next() % 100) / 1000)
            return person(
                "\(index)", commune: ["80001", "80002", nil].randomElement(using: &generator)!, at: index % 3 == 0 ? nil : spot,
                within: index == 4 ? Double(generator.next() % 300) : 0,
                contacts: ["sms:+3363998\(1000 + Int(generator.next() % 9000))", "email:\(mark)\(index)@example.org"],
                lists: ["L", "\(mark)-list"], name: "\(mark)-\(index)")
        }
        if mark == "hidden" {
            people.append(person("far", commune: "80999", contacts: ["sms:+33639980000"], lists: ["far"], name: "hidden-far"))
            people.append(person("vast", at: place(2.05, 50.05), within: 90_000, name: "hidden-vast"))
        }
        for index in people.indices { people[index].tags = ["T", "\(mark)-tag"] }
        let name = try bench.database.name(of: id)
        try bench.register(people, organisation: name)
        try bench.database.createList(named: "F", definition: .filter(.channel([.email])), organisation: id, actor: "test")
        try bench.database.setDefaultList(named: "L", scope: .organisation(id), actor: "test")
    }

    /// What those below have too.
    private func fillLibrary(of id: OrganisationID, mark: String) throws {
        let store = bench.database
        let west = 2.0 + Double(generator.next() % 100) / 1000
        for name in ["P", "\(mark)-\(id)"] {
            _ = try store.savePerimeter(named: name, area: rectangle(west, 50, west + 0.05, 50.05), organisation: id, actor: mark)
        }
        let template = try MessageTemplate(Array(#"{"version": 1, "message": {"subject": "\#(mark)", "text": "Montez."}, "correction": {"text": "Erreur"}, "allClear": {"text": "Fin"}}"#.utf8))
        for name in ["Crue", "\(mark)-\(id)"] { _ = try store.save(template, named: name, of: id, actor: mark) }
        try store.set(.guards, to: "register_share=warn", ofOrganisationNamed: try store.name(of: id), actor: "test")
        // Those below give their town halls to the registers above, which the viewer may see.
        if try !isBelowSeen(id) { try fillCard(of: id, mark: mark) }
    }

    private func fillCard(of id: OrganisationID, mark: String) throws {
        try bench.database.setContactCard(
            ContactCard(
                name: Redacted("\(mark) maire"), function: "Maire",
                contactPoints: [ContactPoint(channel: .voice, address: Redacted("+33322000001"), rank: 1, isEmergency: true)]),
            of: id, actor: "test")
    }

    /// Whether it stands below an organisation whose register the viewer sees.
    private func isBelowSeen(_ id: OrganisationID) throws -> Bool {
        let scope = try bench.database.scope(of: viewer)
        return try bench.database.ancestors(of: id).contains { scope.admits($0.id) }
    }

    /// What nobody else has.
    private func fillAffairs(of id: OrganisationID, mark: String) throws {
        let store = bench.database
        let scope = try store.scope(of: id)
        for (index, zone) in zones.prefix(2).enumerated() {
            // A commune launches on its own ground alone.
            guard let zone = try? store.territoryCut(of: zone, for: id, scope: scope)?.zone ?? zone,
                let counts = try? store.counts(of: zone, scope: scope), counts.recipients > 0
            else { continue }
            let plan = plan(zone: zone, key: "k\(id)-\(index)", text: "\(mark) text", organisation: id)
            _ = try store.launch(plan, zone: zone, scope: scope, now: now)
            _ = try store.freezeAudience(named: "A\(index)", of: zone, scope: scope, actor: mark, now: now)
        }
        if mark == "hidden", let counts = try? store.counts(of: zones[0], scope: scope), counts.recipients > 0 {
            _ = try store.freezeAudience(named: "hidden-audience", of: zones[0], scope: scope, actor: mark, now: now)
        }
        try store.add(
            TestAddress(label: "\(mark) essai", channel: .email, address: Redacted("x@example.org")), to: id, actor: mark)
        try store.keep(try store.standingCoverage(scope: scope, now: now), scope: scope, actor: mark)
        try store.pool.write { database in
            try database.execute(
                sql: """
                    INSERT INTO inbound_messages (mode, gateway, sender, recipient, text, is_incomplete, received_at,
                        organisation_id, acknowledged, refused, is_unread)
                    VALUES ('exercise', 'g', '+33639980001', '38000', ?, 0, 0, ?, 0, 0, 1)
                    """, arguments: ["\(mark) text", id.rawValue])
        }
    }

    // MARK: Questions

    private let zones: [Zone] = [
        .communes(codes("80001", "80002")), perimeter(2.05, 50.0, 2.15, 50.1),
        .circle(centre: place(2.1, 50.05), radiusMetres: 3000), .department("80"), .communes(codes("80999")),
        .department("99"), .list("L"), .list("F"), .list("far"), .list("own-list"), .members(.tag("T")), .members(.tag("hidden-tag")),
        .members(.filter(.channel([.sms]))), .members(.campaign(CampaignID(rawValue: 1), .all)),
        .members(.campaign(CampaignID(rawValue: 3), .all)), .members(.campaign(CampaignID(rawValue: 99), .all)),
        .union([perimeter(2.0, 50.0, 2.05, 50.05), .list("L")]),
        .difference(.department("80"), except: .circle(centre: place(2.1, 50.05), radiusMetres: 3000)),
        .widened(perimeter(2.05, 50.0, 2.1, 50.1), metres: 500), .certainly(.department("80")),
    ]

    func answers() throws -> [(question: String, answer: String)] {
        let store = bench.database
        let scope = try store.scope(of: viewer), own = RegisterScope.organisation(viewer)
        let name = try store.name(of: viewer)
        var answers: [(String, String)] = []
        func ask(_ question: String, _ body: () throws -> Any) {
            do { answers.append((question, Dump.text(try body()))) } catch { answers.append((question, "error: \(error)")) }
        }
        for (index, zone) in zones.enumerated() {
            ask("counts \(index)") { try store.counts(of: zone, scope: scope) }
            ask("selected \(index)") { try store.selectedRecipients(in: zone, scope: scope) }
            ask("ids \(index)") { try store.selectedExternalIDs(in: zone, scope: scope, filter: SelectionFilter()) }
            ask("not located \(index)") { try store.notLocatedRecipients(in: zone, scope: scope) }
            ask("coverage \(index)") {
                try store.coverage(of: zone, scope: scope, options: CoverageOptions(now: Date(timeIntervalSince1970: 1_700_000_000)))
            }
            ask("survey \(index)") { try store.survey(of: zone, scope: scope) }
            ask("surface \(index)") { try store.surface(of: zone, scope: scope) as Any }
            ask("density \(index)") {
                try store.density(in: BoundingBox(west: 1.9, south: 49.9, east: 2.3, north: 50.2), zoom: 12, zone: zone, scope: scope)
            }
            ask("mappings \(index)") { try store.mappings(of: zone) }
            for kind in [CampaignKind.alert, .information] {
                ask("preview \(index) \(kind)") {
                    let base = plan(zone: zone, organisation: viewer)
                    let made = CampaignPlan(
                        organisation: viewer, requestKey: "n", mode: .exercise, zoneDocument: base.zoneDocument, message: base.message,
                        policy: base.policy, notLocated: 0, approvedHash: nil, createdBy: "a", kind: kind)
                    return try store.previewAudience(of: made, zone: zone, scope: scope, now: now)
                }
            }
            for id in ["0", "1", "far", "vast", "nobody"] {
                ask("explain \(id) \(index)") { try store.explanations(ofExternalID: id, in: zone, scope: scope) }
            }
        }
        for id in ["0", "4", "far", "vast", "nobody", TownHalls.externalID(of: organisations[0])] {
            ask("entry \(id)") { try store.registerEntry(ofExternalID: id, scope: scope) }
            ask("lists of \(id)") { try store.lists(ofExternalID: id, scope: scope) }
        }
        for text in ["hidden", "own", "far", "+33639981", "example.org"] {
            ask("search \(text)") { try store.searchRegister(text, scope: scope, limit: 50) }
        }
        ask("summary") { try store.registerSummary(scope: scope) }
        ask("figures") { try store.registerFigures(scope: scope) }
        ask("by commune") { try store.registeredByCommune(scope: scope) }
        ask("doubts") { try store.placeDoubts(scope: scope) }
        ask("lists") { try store.lists(scope: scope) }
        ask("default lists") { try store.defaultLists(scope: scope) }
        for list in ["L", "F", "far", "own-list", "hidden-list", "Mairies", "Organismes"] {
            ask("list \(list)") { try store.list(named: list, scope: scope) }
            ask("members \(list)") { try store.members(ofListNamed: list, scope: scope) }
        }
        ask("tags") { try store.tags(scope: scope) }
        ask("perimeters") { try store.perimeters(scope: own) }
        for perimeter in ["P", "hidden-\(organisations[0])", "own-\(organisations[0])"] {
            ask("perimeter \(perimeter)") { try store.perimeter(named: perimeter, scope: own) }
        }
        ask("templates") { try store.templates(of: viewer) }
        ask("template") { try store.template(named: "hidden-\(organisations[1])", of: viewer) }
        ask("test addresses") { try store.testAddresses(of: viewer) }
        ask("audiences") { try store.frozenAudiences(scope: scope) }
        for audience in ["A0", "A1", "hidden-audience"] {
            ask("audience \(audience)") { try store.frozenAudience(named: audience, scope: scope) }
        }
        ask("standing") { try store.standingCoverage(scope: scope, now: now) }
        ask("campaigns") { try CampaignMode.allCases.map { try store.ledger.campaigns(of: viewer, mode: $0) } }
        ask("inbox") { try store.inbox(scope: own, unreadOnly: false, limit: 100) }
        ask("measures") { try store.measures(.exercise, of: viewer) }
        ask("schedules") { try store.schedules(of: viewer) }
        ask("guards") { try store.guardPolicy(ofOrganisationNamed: name) }
        ask("territory") { try store.territory(of: viewer) as Any }
        ask("quiet") { try store.quietPattern(ofOrganisationNamed: name) }
        ask("clock") { try store.localClock(ofOrganisationNamed: name) }
        ask("contact") { try store.contactCard(of: viewer) as Any }
        ask("computed") { try store.computedLists(ofOrganisationNamed: name) }
        ask("epcis") { try store.intercommunalities(matching: "cc", limit: 9, scope: scope) }
        ask("unknown organisation") { try store.scope(scope, narrowedTo: "nobody's") }
        return answers
    }
}

/// A value as text, whatever order its sets and dictionaries have; personal data too. Without the times of writing and what is
/// made of them, and without the numbers of lists, which a file's lists get in no order of their own.
private enum Dump {
    private static let unsettled: Set<String> = ["createdAt", "savedAt", "updatedAt", "cards"]

    static func text(_ value: Any, depth: Int = 0) -> String {
        // Rings and long blobs end before this; a reference would not.
        guard depth < 24 else { return "…" }
        if let redacted = value as? Redacted<String> { return redacted.value }
        let mirror = Mirror(reflecting: value)
        let labels = Set(mirror.children.compactMap(\.label))
        let children = mirror.children.filter { child in
            guard let label = child.label else { return true }
            return !unsettled.contains(label) && !(label == "id" && labels.contains("organisationName"))
                && !(label == "hash" && labels.contains("actor"))
        }.map { "\($0.label ?? ""):\(text($0.value, depth: depth + 1))" }
        switch mirror.displayStyle {
        case .set, .dictionary: return "{\(children.sorted().joined(separator: ","))}"
        case nil: return "\(value)"
        default: return children.isEmpty ? "\(value)" : "(\(children.joined(separator: ",")))"
        }
    }
}
