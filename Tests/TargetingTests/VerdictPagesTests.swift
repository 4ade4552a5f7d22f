import AlertModel
import TestSupport
import Testing

@testable import Targeting

@Suite struct VerdictPagesTests {
    private let verdicts: [Verdict] = [.outside, .notLocated, .possible, .certain]

    @Test func `two verdicts combine as they do for one recipient`() {
        for left in verdicts {
            for right in verdicts {
                let recipient = RecipientID(rawValue: 5000)
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
            for entry in entries { pages.insert(entry.recipient, entry.verdict) }
            return pages
        }
        func entries(_ pages: VerdictPages) -> [VerdictSet.Entry] {
            var entries: [VerdictSet.Entry] = []
            pages.forEach { entries.append(VerdictSet.Entry(recipient: $0, verdict: $1, reasons: [])) }
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
}
