import AlertModel
import TestSupport
import Testing

@testable import Targeting

@Suite struct VerdictSetTests {
    private typealias Model = [Int64: Verdict]

    private static func entry(_ id: Int64, _ verdict: Verdict, term: Int = 0) -> VerdictSet.Entry {
        VerdictSet.Entry(recipient: RecipientID(rawValue: id), verdict: verdict, reasons: TermSet(term: term))
    }

    private static func random(_ generator: inout SeededGenerator, term: Int) -> (VerdictSet, Model) {
        var entries: [VerdictSet.Entry] = []
        var model: Model = [:]
        for _ in 0..<Int.random(in: 0...40, using: &generator) {
            let id = Int64.random(in: 1...30, using: &generator)
            let verdict = VerdictTests.all.randomElement(using: &generator)!
            entries.append(entry(id, verdict, term: term))
            model[id] = Verdict.union(model[id] ?? .outside, verdict)
        }
        return (VerdictSet(unsorted: entries), model.filter { $0.value != .outside })
    }

    private static func combined(_ a: Model, _ b: Model, _ operation: (Verdict, Verdict) -> Verdict) -> Model {
        var result: Model = [:]
        for id in Set(a.keys).union(b.keys) {
            let verdict = operation(a[id] ?? .outside, b[id] ?? .outside)
            if verdict != .outside { result[id] = verdict }
        }
        return result
    }

    private func expect(
        _ set: VerdictSet, _ model: Model, _ seed: UInt64, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let ids = set.entries.map(\.recipient.rawValue)
        #expect(ids == model.keys.sorted(), "seed \(seed)", sourceLocation: sourceLocation)
        #expect(
            set.entries.map(\.verdict) == model.keys.sorted().map { model[$0] }, "seed \(seed)",
            sourceLocation: sourceLocation)
    }

    @Test(arguments: [1, 20, 300] as [UInt64])
    func `merges agree with a dictionary, sorted and without duplicates`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<400 {
            let (a, modelA) = Self.random(&generator, term: 0)
            let (b, modelB) = Self.random(&generator, term: 1)
            expect(a, modelA, seed)
            expect(a.union(b), Self.combined(modelA, modelB, Verdict.union), seed)
            expect(a.intersection(b), Self.combined(modelA, modelB, Verdict.intersection), seed)
            expect(a.subtracting(b), Self.combined(modelA, modelB, Verdict.difference(_:except:)), seed)
        }
    }

    @Test(arguments: [4, 50] as [UInt64])
    func `the order of reading and of merging never matters`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            let (a, _) = Self.random(&generator, term: 0)
            let (b, _) = Self.random(&generator, term: 1)
            let (c, _) = Self.random(&generator, term: 2)
            #expect(VerdictSet(unsorted: a.entries.shuffled(using: &generator)) == a)
            #expect(a.union(b) == b.union(a))
            #expect(a.intersection(b) == b.intersection(a))
            #expect(a.union(b).union(c) == a.union(b.union(c)))
            #expect(a.intersection(b).intersection(c) == a.intersection(b.intersection(c)))
        }
    }

    @Test(arguments: [7, 90] as [UInt64])
    func `adding to a union loses nobody, adding to an exception gains nobody`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        func verdicts(_ set: VerdictSet) -> Model {
            Dictionary(uniqueKeysWithValues: set.entries.map { ($0.recipient.rawValue, $0.verdict) })
        }
        for _ in 0..<200 {
            let (a, modelA) = Self.random(&generator, term: 0)
            let (b, _) = Self.random(&generator, term: 1)
            let united = verdicts(a.union(b))
            for (id, verdict) in modelA { #expect((united[id] ?? .outside).rawValue >= verdict.rawValue) }
            for (id, verdict) in verdicts(a.subtracting(b)) {
                #expect(verdict.rawValue <= (modelA[id] ?? .outside).rawValue)
            }
        }
    }

    @Test func `a recipient met twice keeps the surest verdict and both reasons`() {
        let set = VerdictSet(unsorted: [
            Self.entry(2, .possible, term: 0), Self.entry(1, .outside, term: 0), Self.entry(2, .certain, term: 3),
        ])
        #expect(
            set.entries == [
                VerdictSet.Entry(
                    recipient: RecipientID(rawValue: 2), verdict: .certain,
                    reasons: TermSet(term: 0).union(TermSet(term: 3)))
            ])
    }

    @Test func `what is taken away is nobody's reason for being in`() {
        let base = VerdictSet(unsorted: [Self.entry(1, .certain, term: 0)])
        let except = VerdictSet(unsorted: [Self.entry(1, .possible, term: 1)])
        #expect(base.subtracting(except).entries == [Self.entry(1, .possible, term: 0)])
    }

    @Test func `terms from the 64th on share a reason`() {
        let late = TermSet(term: 80)
        #expect(late.contains(term: 63))
        #expect(late.contains(term: 999))
        #expect(!late.contains(term: 62))
    }
}
