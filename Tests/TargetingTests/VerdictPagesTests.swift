import AlertModel
import TestSupport
import Testing

@testable import Targeting

@Suite struct VerdictPagesTests {
    private let verdicts: [Verdict] = [.outside, .notLocated, .possible, .certain]

    @Test func `two verdicts combine as they do for one recipient`() {
        for left in verdicts {
            for right in verdicts {
                let recipient: Int64 = 5000
                func pages(_ verdict: Verdict) -> VerdictPages {
                    let pages = VerdictPages()
                    pages.insert(recipient, verdict)
                    return pages
                }
                let union = pages(left), intersection = pages(left), difference = pages(left), twice = pages(left)
                union.formUnion(pages(right))
                intersection.formIntersection(pages(right))
                difference.subtract(pages(right))
                twice.insert(recipient, right)
                #expect(union.verdict(of: recipient) == .union(left, right))
                #expect(intersection.verdict(of: recipient) == .intersection(left, right))
                #expect(difference.verdict(of: recipient) == .difference(left, except: right))
                #expect(twice.verdict(of: recipient) == .union(left, right))
            }
        }
    }

    @Test(arguments: 1..<9 as Range<UInt64>)
    func `random sets combine as sorted sets of verdicts do`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        func random() -> [VerdictSet.Entry] {
            (0..<3000).map { _ in
                // Some far beyond what the directory of pages holds.
                let row = Int64.random(in: 0...20_000, using: &generator)
                return VerdictSet.Entry(
                    recipient: RecipientID(rawValue: row % 50 == 0 ? row << 20 : row),
                    verdict: verdicts.randomElement(using: &generator)!, reasons: [])
            }
        }
        func pages(_ entries: [VerdictSet.Entry]) -> VerdictPages {
            let pages = VerdictPages()
            for entry in entries { pages.insert(entry.recipient.rawValue, entry.verdict) }
            return pages
        }
        func entries(_ pages: VerdictPages) -> [VerdictSet.Entry] {
            var entries: [VerdictSet.Entry] = []
            pages.forEach { seat, verdict in
                entries.append(VerdictSet.Entry(recipient: RecipientID(rawValue: seat), verdict: verdict, reasons: []))
            }
            return entries
        }
        let (left, right) = (random(), random())
        let (a, b) = (VerdictSet(unsorted: left), VerdictSet(unsorted: right))
        #expect(entries(pages(left)) == a.entries)
        let union = pages(left), intersection = pages(left), difference = pages(left)
        union.formUnion(pages(right))
        intersection.formIntersection(pages(right))
        difference.subtract(pages(right))
        #expect(entries(union) == a.union(b).entries)
        #expect(entries(intersection) == a.intersection(b).entries)
        #expect(entries(difference) == a.subtracting(b).entries)
    }

    @Test(arguments: 1..<9 as Range<UInt64>)
    func `a range is as its seats one by one, also beside others and kept for later`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let ranges = VerdictPages(), single = VerdictPages(), kept = VerdictPages()
        for _ in 0..<40 {
            let start = Int64.random(in: 0...12_000, using: &generator)
            let seats = start..<(start + Int64.random(in: 0...[1, 70, 9000].randomElement(using: &generator)!, using: &generator))
            let verdict = verdicts.randomElement(using: &generator)!
            ranges.insert(seats, verdict)
            for seat in seats { single.insert(seat, verdict) }
            let one = VerdictPages()
            one.insert(seats, verdict)
            kept.formUnion(one.frozen)
        }
        for seat in -1...Int64(22_000) {
            #expect(ranges.verdict(of: seat) == single.verdict(of: seat))
            #expect(kept.verdict(of: seat) == single.verdict(of: seat))
        }
    }
}
