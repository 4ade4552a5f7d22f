import AlertModel

/// The verdicts of one zone over a register: sparse, whoever is missing is outside.
///
/// Kept as an array sorted by recipient so that set operations are merges: a million recipients combine in
/// milliseconds and the result never depends on the order of reading.
package struct VerdictSet: Sendable, Equatable {
    package struct Entry: Sendable, Equatable {
        package let recipient: RecipientID
        package let verdict: Verdict
        /// Which terms of the zone spoke for the recipient: bit n is the nth term.
        package let reasons: TermSet
    }

    package private(set) var entries: [Entry]

    package init() {
        entries = []
    }

    /// - Parameter unsorted: entries of one term, in any order; a recipient met twice keeps the surest verdict.
    init(unsorted: [Entry]) {
        let sorted = unsorted.sorted { $0.recipient < $1.recipient }
        var entries: [Entry] = []
        entries.reserveCapacity(sorted.count)
        for entry in sorted where entry.verdict != .outside {
            if let last = entries.last, last.recipient == entry.recipient {
                entries[entries.count - 1] = Entry(
                    recipient: last.recipient, verdict: .union(last.verdict, entry.verdict),
                    reasons: last.reasons.union(entry.reasons))
            } else {
                entries.append(entry)
            }
        }
        self.entries = entries
    }

    func union(_ other: VerdictSet) -> VerdictSet { merged(with: other, Verdict.union) }

    func intersection(_ other: VerdictSet) -> VerdictSet { merged(with: other, Verdict.intersection) }

    func subtracting(_ other: VerdictSet) -> VerdictSet {
        merged(with: other, Verdict.difference(_:except:), keepingRightReasons: false)
    }

    /// Without those who are possibly in it.
    func certainOnly() -> VerdictSet {
        var result = VerdictSet()
        result.entries = entries.filter { $0.verdict != .possible }
        return result
    }

    private func merged(
        with other: VerdictSet, _ combine: (Verdict, Verdict) -> Verdict, keepingRightReasons: Bool = true
    ) -> VerdictSet {
        var result = VerdictSet()
        result.entries.reserveCapacity(max(entries.count, other.entries.count))
        func append(_ recipient: RecipientID, _ left: Entry?, _ right: Entry?) {
            let verdict = combine(left?.verdict ?? .outside, right?.verdict ?? .outside)
            guard verdict != .outside else { return }
            let reasons = (left?.reasons ?? []).union(keepingRightReasons ? right?.reasons ?? [] : [])
            result.entries.append(Entry(recipient: recipient, verdict: verdict, reasons: reasons))
        }
        var l = 0, r = 0
        while l < entries.count || r < other.entries.count {
            let left = l < entries.count ? entries[l] : nil
            let right = r < other.entries.count ? other.entries[r] : nil
            switch (left, right) {
            case (let left?, let right?) where left.recipient == right.recipient:
                append(left.recipient, left, right)
                l += 1
                r += 1
            case (let left?, let right?) where left.recipient < right.recipient:
                append(left.recipient, left, nil)
                l += 1
            case (let left?, nil):
                append(left.recipient, left, nil)
                l += 1
            case (_, let right?):
                append(right.recipient, nil, right)
                r += 1
            case (nil, nil):
                return result
            }
        }
        return result
    }
}

/// A set of term numbers. Terms from the 64th on share the last bit: who is in is exact, why is then coarser.
package struct TermSet: OptionSet, Hashable, Sendable {
    package let rawValue: UInt64

    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    init(term: Int) {
        rawValue = 1 << UInt64(min(term, 63))
    }

    package func contains(term: Int) -> Bool { contains(TermSet(term: term)) }
}
