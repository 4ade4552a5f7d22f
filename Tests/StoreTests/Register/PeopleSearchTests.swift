import AlertModel
import GRDB
import GeoModel
import TestSupport
import Testing

@testable import Store

@Suite struct PeopleSearchTests {
    private func bench() throws -> StoreBench {
        let bench = try StoreBench()
        try bench.register([
            person(
                "P-1", commune: "80001", address: "12 rue de l’Eau", postcode: "80000", town: "Amiens",
                contacts: ["sms:+33639980001"], lists: ["Riverains"], name: "Éloïse Le Goff"),
            person("P-2", address: "3 quai", contacts: ["email:Eloise@example.org"], name: "Martin Cœur_de_Lion"),
            person("P-10", contacts: ["voice:+262692980001"], name: "L'Éloi"),
            person("P-11", commune: "80002", address: "1 rue Saint-Martin", name: "Dupont Paul"),
        ])
        return bench
    }

    private func found(_ bench: StoreBench, _ question: PeopleQuestion, scope: RegisterScope = .all) throws -> [String] {
        try bench.database.findPeople(question, scope: scope, limit: 50).people.map(\.externalID)
    }

    private func found(_ bench: StoreBench, _ text: String) throws -> [String] {
        var question = PeopleQuestion()
        question.text = text
        return try found(bench, question)
    }

    private static let cases: [(String, [String])] = [
        ("eloise", ["P-1"]), ("LE GOFF", ["P-1"]), ("gof ea 8000", ["P-1"]), ("p 1", ["P-1", "P-10", "P-11"]),
        ("06 39 98 00 01", ["P-1"]), ("+33 (0)6 39 98 00 01", ["P-1"]), ("0033639980001", ["P-1"]), ("0639.98", ["P-1"]),
        ("0692 98 00", ["P-10"]), ("eloise@EXAMPLE", ["P-2"]), ("Eloise@example", ["P-2"]), ("l eloi", ["P-1", "P-10"]), ("zzz", []),
        ("coeur", ["P-2"]), ("de lion", ["P-2"]), ("martin", ["P-2", "P-11"]), ("%", ["P-1", "P-2", "P-10", "P-11"]),
        ("\"", ["P-1", "P-2", "P-10", "P-11"]), ("NEAR AND OR", []), ("_o1", []), ("80000", ["P-1"]),
    ]

    @Test(arguments: cases.indices) func `people are found by beginnings of words and by numbers, names first`(index: Int) throws {
        let bench = try bench()
        let (text, ids) = Self.cases[index]
        // As an import in bulk leaves it, and once the words are written: the same people in the same order.
        try bench.database.pool.write { try $0.postponeWords() }
        #expect(try found(bench, text) == ids, "read from the rows")
        try bench.database.writeAllDueWords()
        #expect(try bench.count("SELECT COUNT(*) FROM recipient_words_due") == 0)
        #expect(try found(bench, text) == ids, "read from the words")
    }

    @Test func `words of any script are asked for as the index cuts them, and sharp s is two letters`() throws {
        let bench = try bench()
        try bench.register([person("P-3", address: "Rue Weiß", contacts: ["sms:+33639980333"], name: "குமார் Weiß")])
        try bench.database.writeAllDueWords()
        for text in ["குமார்", "weiss", "Weiß"] { #expect(try found(bench, text) == ["P-3"], "\(text)") }
        // A mark that a telephone's keyboard adds, and a script without words of its own.
        #expect(try found(bench, "Paul\u{FE0F}") == ["P-11"])
        #expect(try found(bench, "कुमार").isEmpty)
    }

    @Test func `what is written is found at once, what is gone is not`() throws {
        let bench = try bench()
        try bench.database.writeAllDueWords()
        try bench.database.edit(recipient: "P-2", [.name("Zoé Quintal"), .address("5 allée Neuve")], scope: .all, actor: "agent")
        #expect(try found(bench, "quint neuv") == ["P-2"])
        #expect(try found(bench, "coeur").isEmpty)
        try bench.database.delete(recipient: "P-2", scope: .all, actor: "agent")
        #expect(try found(bench, "quintal").isEmpty)
        try bench.register([person("P-20", name: "Quintal")])
        #expect(try found(bench, "quintal") == ["P-20"])
    }

    @Test func `a change while words are due is found before and after they are written`() throws {
        let bench = try bench()
        try bench.database.pool.write { try $0.postponeWords() }
        try bench.database.edit(recipient: "P-1", [.name("Nouveau Nom")], scope: .all, actor: "agent")
        try bench.database.delete(recipient: "P-11", scope: .all, actor: "agent")
        try bench.register([person("P-12", name: "Nouveau Venu")])
        for _ in 0..<2 {
            #expect(try found(bench, "nouveau") == ["P-1", "P-12"])
            #expect(try found(bench, "eloise").isEmpty)
            try bench.database.writeAllDueWords()
        }
        // Nothing is in the words that is not in the register.
        #expect(try bench.count("SELECT COUNT(*) FROM recipient_words WHERE recipient_words MATCH '\"__o1\"'") == 4)
    }

    @Test func `pages follow each other without a gap or a double`() throws {
        let bench = try StoreBench()
        try bench.register((0..<57).map { number in
            person("r\(number)", address: number % 2 == 0 ? "rue Martin" : nil, name: number % 3 == 0 ? "Martin \(number)" : "Autre \(number)")
        })
        var question = PeopleQuestion()
        question.text = "martin"
        var all: [String] = []
        var after: PeopleCursor?
        repeat {
            let page = try bench.database.findPeople(question, scope: .all, after: after, limit: 7)
            if after == nil { #expect(page.count == 38) }
            all += page.people.map(\.externalID)
            after = page.next
        } while after != nil
        #expect(all.count == 38 && Set(all).count == 38)
        #expect(all.prefix(19).allSatisfy { Int($0.dropFirst())! % 3 == 0 })
    }

    @Test func `filters narrow, alone and with words`() throws {
        let bench = try bench()
        try bench.database.edit(recipient: "P-11", [.addTag("fragile"), .confirmedOn(CalendarDate("2026-06-01"))], scope: .all, actor: "a")
        func ask(_ change: (inout PeopleQuestion) -> Void) throws -> [String] {
            var question = PeopleQuestion()
            change(&question)
            return try found(bench, question)
        }
        #expect(try ask { $0.list = "Riverains" } == ["P-1"])
        #expect(try ask { $0.list = "Riverains"; $0.text = "dupont" }.isEmpty)
        #expect(try ask { $0.tag = "fragile"; $0.text = "paul" } == ["P-11"])
        #expect(try ask { $0.communeCode = "80002" } == ["P-11"])
        #expect(try ask { $0.communeCode = "80001"; $0.text = "paul" }.isEmpty)
        #expect(try ask { $0.channel = .sms } == ["P-1"])
        #expect(try ask { $0.isUnreachable = true } == ["P-11"])
        #expect(try ask { $0.precision = .notLocated } == ["P-2", "P-10"])
        #expect(try ask { $0.unconfirmedSince = CalendarDate("2026-01-01") } == ["P-1", "P-2", "P-10"])
        try bench.database.pool.write {
            try $0.execute(sql: "UPDATE contact_points SET consent = 'refused' WHERE channel = 'voice'")
        }
        #expect(try ask { $0.hasOptedOut = true } == ["P-10"])
        #expect(throws: StoreError.self) { try ask { $0.list = "Personne n'a ce nom" } }
    }

    @Test func `nobody sees another organisation's people, by words, numbers, lists or rows`() throws {
        let bench = try bench()
        try bench.register([person("Q-1", contacts: ["sms:+33639980001"], name: "Éloïse Autre")], organisation: "Voisin")
        let voisin = RegisterScope.organisation(try bench.database.pool.read { try Int64.fetchOne($0, sql: "SELECT id FROM organisations WHERE name = 'Voisin'") }.map { OrganisationID(rawValue: $0) }!)
        for text in ["eloise", "0639980001", "", "p 1"] {
            var question = PeopleQuestion()
            question.text = text
            let ids = try found(bench, question, scope: voisin)
            #expect(ids == (text == "p 1" ? [] : ["Q-1"]), "\(text)")
            try bench.database.pool.write { try $0.postponeWords() }
            #expect(try found(bench, question, scope: voisin) == ids)
            try bench.database.writeAllDueWords()
        }
        let mine = try bench.fetch("SELECT id FROM recipients WHERE external_id = 'P-1'", as: Int64.self)[0]
        #expect(throws: StoreError.unknownPerson) {
            try bench.database.personCard(RecipientID(rawValue: mine), scope: voisin)
        }
    }

    @Test func `every beginning of a long word finds, with its own index or without`() throws {
        let bench = try StoreBench()
        let long = "Llanfairpwllgwyngyll"
        try bench.register([
            person("P-1", town: "\(long)-du-Nord", name: "Paul"), person("P-2", name: long), person("P-3", town: "Llanfair", name: "Anne"),
        ])
        try bench.database.writeAllDueWords()
        for count in 1...long.count {
            let beginning = String(long.prefix(count))
            #expect(try found(bench, beginning) == ["P-2", "P-1"] + (count <= 8 ? ["P-3"] : []), "\(beginning)")
        }
        #expect(try found(bench, long + "x").isEmpty)
    }

    @Test func `an upgrade makes the index of words anew and leaves them to be written`() throws {
        let bench = try bench()
        try bench.database.writeAllDueWords()
        try bench.database.pool.write { try Schema.lengthenBeginnings($0) }
        for _ in 1...2 {
            #expect(try found(bench, "eloise") == ["P-1"])
            #expect(try found(bench, "martin") == ["P-2", "P-11"])
            try bench.database.writeAllDueWords()
        }
        #expect(try bench.count("SELECT COUNT(*) FROM recipient_words WHERE recipient_words MATCH '\"__o1\"'") == 4)
    }

    @Test func `an import in bulk leaves the words for later, and undoing it too`() throws {
        let bench = try bench()
        try bench.database.pool.write { database in
            try database.writingRecipientsInBulk(makesIndexes: true) {
                try database.execute(sql: "UPDATE recipients SET name = 'En bloc' WHERE external_id = 'P-1'")
            }
        }
        #expect(try bench.count("SELECT COUNT(*) FROM recipient_words_due") == 1)
        #expect(try found(bench, "bloc") == ["P-1"])
        try bench.database.writeAllDueWords()
        #expect(try found(bench, "bloc") == ["P-1"])
        #expect(try found(bench, "eloise").isEmpty)
    }
}
