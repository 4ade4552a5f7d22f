import AlertModel
import GRDB
import GeoModel
import TestSupport
import Testing

@testable import Store

/// Filters against a plain reading of what they say, over registers drawn at random.
@Suite struct ListQueryTests {
    private static let communes = ["80001", "80002", "80102", "80999"]
    private static let tags = ["pmr", "chien"]
    private static let words = ["Éléonore d'Œuvre", "LE GOFF", "eleonore", "Rue de l'Eau"]
    private static let dates = ["2024-01-31", "2024-02-29", "2025-06-01"]

    private static func person(_ index: Int, _ generator: inout SeededGenerator) -> Recipient {
        func maybe<Value>(_ values: [Value]) -> Value? {
            Bool.random(using: &generator) ? values.randomElement(using: &generator) : nil
        }
        var recipient = StoreTests.person(
            "r\(index)", commune: maybe(communes), at: maybe([place(2.05, 50.05)]),
            within: Double(Int.random(in: 0...1, using: &generator) * 50), address: maybe(words),
            postcode: maybe(["80000", "80100"]),
            contacts: [maybe(["sms:+33639980001"]), maybe(["email:a@example.org"])].compactMap(\.self),
            lists: maybe([["L"]]) ?? [], name: words.randomElement(using: &generator)!)
        recipient.kind = RecipientKind.allCases.randomElement(using: &generator)!
        recipient.language = ["fr", "pt", "pt-br", "p"].randomElement(using: &generator)!
        recipient.tags = maybe([["pmr"], ["pmr", "chien"]]) ?? []
        recipient.household = maybe(["F1", "F2"])
        recipient.building = maybe(["Tour A"])
        recipient.confirmedOn = maybe(dates).flatMap { CalendarDate($0) }
        return recipient
    }

    private static func filter(_ generator: inout SeededGenerator, depth: Int = 3) -> RecipientFilter {
        func deeper() -> RecipientFilter { filter(&generator, depth: depth - 1) }
        func one<Value>(_ values: [Value]) -> Value { values.randomElement(using: &generator)! }
        switch Int.random(in: 0..<(depth > 0 ? 18 : 13), using: &generator) {
        case 0: return .kind([one(RecipientKind.allCases)])
        case 1: return .commune([CommuneCode(one(communes))!])
        case 2: return .postcode([one(["80000", "80100", "1"])])
        case 3: return .language([one(["fr", "pt", "pt-br"])])
        case 4: return .tag([one(tags)])
        case 5: return .channel([one(Channel.allCases), .sms])
        case 6: return .precision([one(Precision.allCases)])
        case 7: return .household(["F1", one(["F2", "F3"])])
        case 8: return .building(["Tour A"])
        case 9: return .list(["L"])
        case 10: return .confirmed(since: CalendarDate(one(dates)), before: nil)
        case 11: return .confirmed(since: nil, before: CalendarDate(one(dates)))
        case 12: return .contains(one([.name, .address]), one(["éléonore", "d’œuvre", "goff", "RUE DE L EAU", "l'e"]))
        case 13, 14: return .all([deeper(), deeper()])
        case 15: return .any([deeper(), deeper(), deeper()])
        default: return .not(deeper())
        }
    }

    /// The filter's words, taken at their word.
    private static func takes(_ filter: RecipientFilter, _ one: Recipient) -> Bool {
        func folded(_ text: String?) -> String { FoldedName(text ?? "").text }
        switch filter {
        case .all(let filters): return filters.allSatisfy { takes($0, one) }
        case .any(let filters): return filters.contains { takes($0, one) }
        case .not(let filter): return !takes(filter, one)
        case .kind(let kinds): return kinds.contains(one.kind)
        case .commune(let codes):
            guard let code = one.communeCode else { return false }
            return codes.contains(code) || (code.rawValue == "80102" && codes.map(\.rawValue).contains("80002"))
        case .postcode(let values): return values.contains { $0 == one.postcode }
        case .language(let tags): return tags.contains { one.language == $0 || one.language.hasPrefix($0 + "-") }
        case .tag(let tags): return tags.contains { (one.tags ?? []).contains($0) }
        case .channel(let channels): return one.contactPoints.contains { channels.contains($0.channel) }
        case .precision(let values):
            return values.contains(one.location?.precision ?? (one.communeCode == nil ? .notLocated : .commune))
        case .household(let values): return values.contains { $0 == one.household }
        case .building(let values): return values.contains { $0 == one.building }
        case .source: return false
        case .list: return one.lists == ["L"]
        case .confirmed(let since, let before):
            guard let day = one.confirmedOn else { return false }
            return since.map { day >= $0 } ?? true && before.map { day < $0 } ?? true
        case .contains(let field, let text):
            return folded(field == .name ? one.name.value : one.addressText?.value).contains(folded(text))
        }
    }

    @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
    func `a filter takes whom its words say, and nobody else`(seed: UInt64) throws {
        let bench = try StoreBench()
        var generator = SeededGenerator(seed: seed)
        let people = (0..<150).map { Self.person($0, &generator) }
        try bench.register(people)
        try bench.register((0..<20).map { Self.person($0 + 1000, &generator) }, organisation: "Mairie")
        let owner = try bench.database.organisation(named: "Préfecture")
        if !people.contains(where: { $0.lists == ["L"] }) { return }
        for round in 0..<60 {
            let filter = Self.filter(&generator)
            let name = "f\(round)"
            try bench.database.createList(
                named: name, definition: .filter(filter), organisation: owner, actor: "test")
            let found = try bench.database.members(ofListNamed: name, scope: .all)
            let expected = people.filter { Self.takes(filter, $0) }.map(\.externalID).sorted(by: Database.byteOrder)
            #expect(found == expected, "seed \(seed), \(filter)")
        }
    }

    @Test func `ASCII is folded as any other text`() {
        var generator = SeededGenerator(seed: 9)
        for _ in 0..<2000 {
            let bytes = (0..<Int.random(in: 0...20, using: &generator)).map { _ in UInt8.random(in: 0..<128, using: &generator) }
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(FoldedText.fold(text) == FoldedName(text).text, "\(bytes)")
        }
        #expect(FoldedText.fold("Éléonore d’ŒUVRE") == "eleonore d oeuvre")
    }

    // MARK: Plans

    @Test(arguments: [false, true])
    func `filters that can be narrowed are found by an index, not by reading the organisation`(isAnalyzed: Bool) throws {
        let bench = try StoreBench()
        var generator = SeededGenerator(seed: 3)
        // As registers are: a value is shared by few, and an organisation is one among others.
        func person(_ index: Int) -> Recipient {
            var recipient = Self.person(index, &generator)
            recipient.communeCode = CommuneCode(String(80_001 + index % 700))
            recipient.postcode = String(80_000 + index % 300)
            recipient.household = "F\(index % 500)"
            recipient.building = index % 10 == 0 ? "Tour A" : "B\(index)"
            recipient.tags = index % 20 == 0 ? ["pmr"] : ["t\(index)"]
            return recipient
        }
        try bench.register((0..<500).map(person))
        for other in 0..<4 { try bench.register((0..<500).map(person), organisation: "Mairie \(other)") }
        if isAnalyzed { try bench.database.pool.write { try $0.execute(sql: "ANALYZE") } }
        let owner = try bench.database.organisation(named: "Préfecture")
        func plan(_ text: String) throws -> [String] {
            let name = "p\(text.hashValue)"
            try bench.database.createList(
                named: name, definition: ListDocument.decode(Array(text.utf8)), organisation: owner, actor: "test")
            return try bench.database.pool.read { database in
                let query = try database.query(of: database.list(named: name, scope: .all), selecting: "recipients.id")
                return try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN " + query.sql, arguments: query.arguments)
                    .map { $0["detail"] }
            }
        }
        for (text, index) in [
            (#"{"type":"commune","values":["80001"]}"#, "recipients_by_commune"),
            (#"{"type":"postcode","values":["80000"]}"#, "recipients_by_postcode"),
            (#"{"type":"household","values":["F1"]}"#, "recipients_by_household"),
            (#"{"type":"building","values":["Tour A"]}"#, "recipients_by_building"),
            (#"{"type":"tag","values":["pmr"]}"#, "recipient_tags_by_tag"),
            (#"{"type":"list","values":["L"]}"#, "PRIMARY KEY"),
            (#"{"type":"all","filters":[{"type":"tag","values":["pmr"]},{"type":"name","contains":"goff"}]}"#, "recipient_tags_by_tag"),
        ] {
            let plan = try plan(text)
            #expect(plan.contains { $0.contains(index) }, "\(text): \(plan)")
            #expect(!plan.contains { $0 == "SCAN recipients" || $0.contains("(organisation_id=?)") }, "\(text): \(plan)")
        }
        // What no index narrows is read within the organisation alone.
        let plan = try plan(#"{"type":"kind","values":["office"]}"#)
        #expect(plan.contains { $0.hasPrefix("SEARCH recipients") && $0.contains("(organisation_id=?)") }, "\(plan)")
    }
}
