import Foundation
import TestSupport
import Testing

@testable import GeoModel

/// Mirrors `Communes/`: what codes of other years mean today, on INSEE's own movements and on small made-up ones.
@Suite struct CommuneHistoryTests {
    // MARK: Made-up movements

    private static func node(_ text: String) -> CommuneNode {
        let words = text.split(separator: " ")
        return CommuneNode(CommuneKind(rawValue: String(words[0]))!, CommuneCode(words[1])!)
    }

    /// Lines such as `32 2017-01-01 COM 80002 -> COM 80001`.
    private static func history(_ lines: String..., today: [String], parts: [String: String] = [:], vintage: Int = 2024)
        -> CommuneHistory
    {
        let movements = lines.map { line in
            let halves = line.components(separatedBy: " -> ")
            let words = halves[0].split(separator: " ")
            return CommuneMovement(
                event: CommuneMovement.Event(rawValue: Int(words[0])!)!, day: CalendarDay(words[1])!,
                before: node("\(words[2]) \(words[3])"), nameBefore: "Nom \(words[3])", after: node(halves[1]),
                nameAfter: "")
        }
        var territory = CommuneHistory.Territory()
        territory.communes = Set(today.map { CommuneCode($0)! })
        territory.vintages = Dictionary(today.map { (CommuneCode($0)!.department, vintage) }) { first, _ in first }
        for (part, whole) in parts { territory.parts[CommuneCode(part)!] = (.delegated, CommuneCode(whole)!) }
        return CommuneHistory(movements: movements, territory: territory)
    }

    /// `80001`, or `80001/80002` for the part 80002 of it.
    private static func meaning(_ history: CommuneHistory, _ code: String, _ vintage: Int? = nil) -> [String] {
        (history.resolve(CommuneCode(code)!, at: vintage)?.places ?? []).map { place in
            ([place.commune] + place.parts.reversed()).map(\.rawValue).joined(separator: "/")
        }
    }

    @Test func `a commune of today is itself, one that nobody knows is nothing`() {
        let history = Self.history(today: ["80001"])
        #expect(Self.meaning(history, "80001") == ["80001"])
        #expect(Self.meaning(history, "80009") == [])
        #expect(history.resolve(CommuneCode("80001")!)?.since == nil)
    }

    @Test func `a merger that keeps the old commune as a part leads to that part`() {
        let history = Self.history(
            "32 2017-01-01 COM 80001 -> COM 80001", "32 2017-01-01 COM 80001 -> COMD 80001",
            "32 2017-01-01 COM 80002 -> COM 80001", "32 2017-01-01 COM 80002 -> COMD 80002", today: ["80001"],
            parts: ["80002": "80001"])
        #expect(Self.meaning(history, "80002") == ["80001/80002"])
        #expect(history.resolve(CommuneCode("80002")!)?.since?.text == "2017-01-01")
        #expect(history.resolve(CommuneCode("80002")!)?.name == "Nom 80002")
        // The code lives on as the new commune's; of 2016 it is only the part.
        #expect(Self.meaning(history, "80001") == ["80001"])
        #expect(Self.meaning(history, "80001", 2016) == ["80001/80001"])
        #expect(Self.meaning(history, "80001", 2017) == ["80001"])
        #expect(Self.meaning(history, "80002", 2017) == ["80001/80002"])
    }

    @Test func `a chain of mergers, a change of code and of department is followed to its end`() {
        let history = Self.history(
            "31 1972-01-01 COM 14001 -> COM 14002", "31 1972-01-01 COM 14002 -> COM 14002",
            "41 2018-01-01 COM 14002 -> COM 50002", "32 2018-01-01 COM 50002 -> COM 50003",
            "32 2018-01-01 COM 50002 -> COMD 50002", "32 2018-01-01 COM 50003 -> COM 50003",
            "35 2020-01-01 COMD 50002 -> COM 50003", "50 2021-01-01 COM 50003 -> COM 50004", today: ["50004"])
        #expect(Self.meaning(history, "14001") == ["50004/50002/14001"])
        #expect(Self.meaning(history, "14002") == ["50004/50002"])
        #expect(Self.meaning(history, "50002") == ["50004/50002"])
        #expect(Self.meaning(history, "50003") == ["50004"])
    }

    @Test func `a commune that was given back is whole again, and the others stay where they were`() {
        let history = Self.history(
            "31 1972-01-01 COM 80001 -> COM 80001", "31 1972-01-01 COM 80002 -> COM 80001",
            "31 1972-01-01 COM 80003 -> COM 80001", "21 1990-01-01 COM 80001 -> COM 80001",
            "21 1990-01-01 COM 80001 -> COM 80002", today: ["80001", "80002"])
        #expect(Self.meaning(history, "80002") == ["80002"])
        #expect(Self.meaning(history, "80002", 1960) == ["80002"])
        #expect(Self.meaning(history, "80003") == ["80001/80003"])
        // Of 1980 the code named both.
        #expect(Self.meaning(history, "80001", 1980) == ["80001", "80002"])
    }

    @Test func `ground that is shared out is in each of its heirs, a part where others were there`() {
        let history = Self.history(
            "30 1968-03-02 COM 80001 -> COM 80002", "30 1968-03-02 COM 80001 -> COM 80003",
            "30 1968-03-02 COM 80002 -> COM 80002", "30 1968-03-02 COM 80003 -> COM 80003",
            "20 1980-01-01 COM 80005 -> COM 80006", "20 1980-01-01 COM 80005 -> COM 80007",
            today: ["80002", "80003", "80006", "80007"])
        #expect(Self.meaning(history, "80001") == ["80002/80001", "80003/80001"])
        #expect(Self.meaning(history, "80005") == ["80006", "80007"])
    }

    @Test func `a code that served twice means what it meant last, or what it meant that year`() {
        let history = Self.history(
            "32 2017-01-01 COM 27058 -> COM 27676", "32 2017-01-01 COM 27058 -> COMD 27058",
            "32 2017-01-01 COM 27676 -> COM 27676", "32 2017-01-01 COM 27676 -> COMD 27676",
            "35 2021-01-01 COMD 27058 -> COM 27676", "50 2021-01-01 COM 27676 -> COM 27058",
            "50 2023-01-01 COM 27058 -> COM 27676", today: ["27676"])
        #expect(Self.meaning(history, "27058") == ["27676"])
        #expect(Self.meaning(history, "27058", 2016) == ["27676/27058"])
        #expect(Self.meaning(history, "27058", 2022) == ["27676"])
        #expect(Self.meaning(history, "27676", 2022) == ["27676/27676"])
    }

    @Test func `what happened after the territory's vintage does not hold yet`() {
        let history = Self.history(
            "31 2019-01-01 COM 80001 -> COM 80002", "31 2019-01-01 COM 80002 -> COM 80002",
            "31 2017-01-01 COM 80003 -> COM 80001", "31 2017-01-01 COM 80001 -> COM 80001",
            today: ["80001", "80002"], vintage: 2018)
        #expect(Self.meaning(history, "80001") == ["80001"])
        #expect(Self.meaning(history, "80003") == ["80001/80003"])
    }

    @Test func `codes that lead in a circle end`() {
        let history = Self.history(
            "50 2017-01-01 COM 80001 -> COM 80002", "50 2017-01-01 COM 80002 -> COM 80001",
            "50 2018-01-01 COM 80001 -> COM 80002", today: ["80002"], parts: ["80007": "80008", "80008": "80007"])
        #expect(Self.meaning(history, "80001") == ["80002"])
        #expect(Self.meaning(history, "80007") == [])
    }

    @Test func `a place encloses itself and its parts, never its neighbour`() {
        func place(_ commune: String, _ parts: String...) -> CommunePlace {
            CommunePlace(commune: CommuneCode(commune)!, parts: parts.map { CommuneCode($0)! })
        }
        #expect(place("80001").encloses(place("80001", "80003", "80002")))
        #expect(place("80001", "80002").encloses(place("80001", "80003", "80002")))
        #expect(!place("80001", "80003").encloses(place("80001", "80003", "80002")))
        #expect(!place("80001", "80002").encloses(place("80001")))
        #expect(!place("80002").encloses(place("80001")))
    }

    // MARK: INSEE's movements

    private static let insee: CommuneHistory? = try? {
        func rows(_ path: String) throws -> [[String]] {
            let text = String(decoding: try TestGeodata.gunzipped(path), as: UTF8.self)
            return text.split(whereSeparator: \.isNewline).dropFirst().map { $0.components(separatedBy: ",") }
        }
        var territory = CommuneHistory.Territory()
        for row in try rows("cog/2024/communes.csv.gz") {
            guard let code = CommuneCode(row[1]), let kind = CommuneKind(rawValue: row[0]) else { continue }
            if kind == .commune {
                territory.communes.insert(code)
                territory.vintages[code.department] = 2024
            } else {
                territory.parts[code] = (kind, CommuneCode(row[11])!)
            }
        }
        let movements = try rows("cog/2024/mouvements-communes.csv.gz").compactMap { row -> CommuneMovement? in
            guard !row[3].isEmpty else { return nil }
            return CommuneMovement(
                event: CommuneMovement.Event(rawValue: Int(row[0])!)!, day: CalendarDay(row[1])!,
                before: node("\(row[2]) \(row[3])"), nameBefore: row[7], after: node("\(row[8]) \(row[9])"),
                nameAfter: row[13])
        }
        return CommuneHistory(movements: movements, territory: territory)
    }()

    @Test(.enabled(if: TestGeodata.isExpected, TestGeodata.skipReason))
    func `every code since 1943 ends on communes of today`() throws {
        let history = try #require(Self.insee)
        #expect(history.codes.count > 8_000)
        for code in history.codes.union(history.territory.parts.keys) {
            let places = try #require(history.resolve(code)?.places, "\(code)")
            #expect(places.allSatisfy { history.territory.communes.contains($0.commune) }, "\(code)")
        }
    }

    @Test(
        .enabled(if: TestGeodata.isExpected, TestGeodata.skipReason),
        arguments: [1943, 1968, 1975, 1990, 2010, 2016, 2020, 2023])
    func `every code of a vintage leads where the lines lead, one after the other`(vintage: Int) throws {
        let history = try #require(Self.insee)
        let replay = try NaiveReplay()
        var several = 0
        for code in history.codes {
            guard replay.moves(code.rawValue, after: vintage) else { continue }
            let places = try #require(history.resolve(code, at: vintage)?.places, "\(code)")
            let communes = Set(places.map(\.commune.rawValue))
            // The replay forgets who was whose part: it may only say more.
            #expect(communes.isSubset(of: replay.communes(from: code.rawValue, after: vintage)), "\(code)")
            if communes.count > 1 { several += 1 }
        }
        #expect(several < 200, "shared out: \(several)")
    }

    @Test(.enabled(if: TestGeodata.isExpected, TestGeodata.skipReason))
    func `Paris has its arrondissements, Corsica and the Seine their new codes`() throws {
        let history = try #require(Self.insee)
        #expect(Self.meaning(history, "75101") == ["75056/75101"])
        #expect(Self.meaning(history, "20004") == ["2A004"])
        #expect(Self.meaning(history, "75001") == ["94002"])
        #expect(Self.meaning(history, "08227").allSatisfy { $0.hasSuffix("/08227") })
        #expect(Self.meaning(history, "60054", 2020) == ["60054", "60694"])
        #expect(Self.meaning(history, "73148", 2015) == ["73006/73148"])
    }
}

/// Every line applied to a set of nodes, with no thought of parts: written apart from the product's own.
private struct NaiveReplay {
    private let steps: [(day: String, targets: [String: Set<String>])]
    /// For each node, the steps that speak of it: whether they have it before, or after only.
    private let mentions: [String: [(day: String, isBefore: Bool)]]

    init() throws {
        let order = ["41", "20", "21", "30", "31", "33", "32", "34", "70", "71", "35", "50", "10"]
        let text = String(
            decoding: try TestGeodata.gunzipped("cog/2024/mouvements-communes.csv.gz"), as: UTF8.self)
        var steps: [String: [String: Set<String>]] = [:]
        for line in text.split(whereSeparator: \.isNewline).dropFirst() {
            let cells = line.components(separatedBy: ",")
            guard !cells[3].isEmpty else { continue }
            let rank = order.firstIndex(of: cells[0])!
            steps["\(cells[1]) \(rank < 10 ? "0" : "")\(rank)", default: [:]][cells[2] + cells[3], default: []].insert(
                cells[8] + cells[9])
        }
        for (key, targets) in steps {
            for (node, after) in targets where Self.isCommune(node) && !after.contains(where: Self.isCommune) {
                // It got arrondissements or delegated communes, and stays.
                steps[key]?[node]?.insert(node)
            }
        }
        self.steps = steps.sorted { $0.key < $1.key }.map { (String($0.key.prefix(10)), $0.value) }
        var mentions: [String: [(day: String, isBefore: Bool)]] = [:]
        for step in self.steps {
            for node in Set(step.targets.keys).union(step.targets.values.joined()) {
                mentions[node, default: []].append((step.day, step.targets[node] != nil))
            }
        }
        self.mentions = mentions
    }

    /// `COM80021`, not `COMD80021`.
    private static func isCommune(_ node: String) -> Bool { node.count == 8 && node.hasPrefix("COM") }

    /// Whether it was a commune then, and lines speak of it later: the first of them has it before.
    func moves(_ code: String, after vintage: Int) -> Bool {
        let start = "\(vintage)-01-01"
        return mentions["COM" + code]?.first { $0.day > start }?.isBefore ?? false
    }

    func communes(from code: String, after vintage: Int) -> Set<String> {
        var nodes: Set = ["COM" + code]
        let start = "\(vintage)-01-01"
        for step in steps where step.day > start {
            nodes = Set(nodes.flatMap { step.targets[$0] ?? [$0] })
        }
        return Set(nodes.filter(Self.isCommune).map { String($0.dropFirst(3)) })
    }
}
