import AlertModel
import Testing

@testable import Targeting

/// The algebra written out: rows are the left verdict, columns the right one, in the order of `all`.
@Suite struct VerdictTests {
    static let all: [Verdict] = [.outside, .notLocated, .possible, .certain]

    private func expect(_ table: [[Verdict]], _ combine: (Verdict, Verdict) -> Verdict) {
        for (row, left) in Self.all.enumerated() {
            for (column, right) in Self.all.enumerated() {
                #expect(combine(left, right) == table[row][column], "\(left), \(right)")
            }
        }
    }

    @Test func `a union keeps the surest`() {
        expect(
            [
                [.outside, .notLocated, .possible, .certain],
                [.notLocated, .notLocated, .possible, .certain],
                [.possible, .possible, .possible, .certain],
                [.certain, .certain, .certain, .certain],
            ], Verdict.union)
    }

    @Test func `an intersection keeps the least sure`() {
        expect(
            [
                [.outside, .outside, .outside, .outside],
                [.outside, .notLocated, .notLocated, .notLocated],
                [.outside, .notLocated, .possible, .possible],
                [.outside, .notLocated, .possible, .certain],
            ], Verdict.intersection)
    }

    @Test func `a difference removes only whoever is certainly in what is taken away`() {
        expect(
            [
                [.outside, .outside, .outside, .outside],
                [.notLocated, .notLocated, .notLocated, .outside],
                [.possible, .possible, .possible, .outside],
                [.certain, .possible, .possible, .outside],
            ], Verdict.difference(_:except:))
    }

    @Test func `someone only possibly in what is taken away stays, as possible`() {
        #expect(Verdict.difference(.certain, except: .possible) == .possible)
        #expect(Verdict.difference(.certain, except: .notLocated) == .possible)
    }

    @Test func `union and intersection depend on neither order nor grouping`() {
        for a in Self.all {
            for b in Self.all {
                #expect(Verdict.union(a, b) == Verdict.union(b, a))
                #expect(Verdict.intersection(a, b) == Verdict.intersection(b, a))
                for c in Self.all {
                    #expect(Verdict.union(Verdict.union(a, b), c) == Verdict.union(a, Verdict.union(b, c)))
                    #expect(
                        Verdict.intersection(Verdict.intersection(a, b), c)
                            == Verdict.intersection(a, Verdict.intersection(b, c)))
                }
            }
        }
    }

    @Test func `an audience takes certain and possible, and nobody else`() {
        #expect(Self.all.map(\.certainty) == [nil, nil, .possible, .certain])
    }
}
