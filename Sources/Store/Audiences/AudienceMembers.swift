import AlertModel
import Targeting

/// The members of a frozen audience, in the order of row numbers, and their compact form: some two or three bytes a member.
package struct AudienceMembers: Hashable, Sendable {
    /// Ascending, each once.
    package private(set) var recipients: [RecipientID] = []
    /// Whether each is only possibly in; as many as `recipients`.
    package private(set) var isPossible: [Bool] = []
    /// Which terms of the zone speak for each: an index of `reasonSets`.
    private var reasons: [UInt8] = []
    /// The distinct sets of terms, in the order in which they were met. Beyond 255 the last stands for all others: why is
    /// then coarser, who is exact.
    private var reasonSets: [TermSet] = []
    private var indexOfReasons: [TermSet: UInt8] = [:]

    package init() {}

    package var count: Int { recipients.count }
    package var certainCount: Int { isPossible.count { !$0 } }

    package func reasons(of index: Int) -> TermSet { reasonSets[Int(reasons[index])] }

    mutating func reserveCapacity(_ count: Int) {
        recipients.reserveCapacity(count)
        isPossible.reserveCapacity(count)
        reasons.reserveCapacity(count)
    }

    /// Adds a member.
    ///
    /// - Parameter recipient: greater than the last one.
    package mutating func append(_ recipient: RecipientID, _ certainty: Certainty, _ terms: TermSet) {
        recipients.append(recipient)
        isPossible.append(certainty == .possible)
        if let last = reasons.last, reasonSets[Int(last)] == terms {
            reasons.append(last)
        } else if let known = indexOfReasons[terms] {
            reasons.append(known)
        } else if reasonSets.count < 255 {
            indexOfReasons[terms] = UInt8(reasonSets.count)
            reasons.append(UInt8(reasonSets.count))
            reasonSets.append(terms)
        } else {
            if reasonSets.count == 255 { reasonSets.append(terms) } else { reasonSets[255].formUnion(terms) }
            reasons.append(255)
        }
    }

    package static func == (left: Self, right: Self) -> Bool {
        left.recipients == right.recipients && left.isPossible == right.isPossible && left.reasons == right.reasons
            && left.reasonSets == right.reasonSets
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(recipients) }

    // MARK: Bytes

    /// Changes whenever the form does.
    private static let version: UInt8 = 1

    /// Version; number of members; the step from each row number to the next; one bit a member, set for possible; number of
    /// sets of terms, and these; with two and more, each member's. Numbers in groups of seven bits, the lowest first.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(4 * count + 64)
        bytes.append(Self.version)
        Self.append(UInt64(count), to: &bytes)
        var last: Int64 = 0
        for recipient in recipients {
            Self.append(UInt64(bitPattern: recipient.rawValue &- last), to: &bytes)
            last = recipient.rawValue
        }
        var bits: UInt8 = 0
        for (index, isPossible) in isPossible.enumerated() {
            if isPossible { bits |= 1 << UInt8(index & 7) }
            if index & 7 == 7 || index == count - 1 {
                bytes.append(bits)
                bits = 0
            }
        }
        Self.append(UInt64(reasonSets.count), to: &bytes)
        for set in reasonSets { Self.append(set.rawValue, to: &bytes) }
        if reasonSets.count > 1 { bytes += reasons }
        return bytes
    }

    private static func append(_ number: UInt64, to bytes: inout [UInt8]) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// - Returns: nil for bytes that are not of this form.
    package init?(bytes: [UInt8]) {
        var reader = Reader(bytes: bytes)
        guard reader.byte() == Self.version, let number = reader.number(), let count = Int(exactly: number),
              count <= bytes.count
        else { return nil }
        reserveCapacity(count)
        var last: Int64 = 0
        for _ in 0..<count {
            guard let step = reader.number(), let next = Int64(exactly: step).map({ last.addingReportingOverflow($0) }),
                  !next.overflow, next.partialValue > last
            else { return nil }
            last = next.partialValue
            recipients.append(RecipientID(rawValue: last))
        }
        guard let planes = reader.bytes((count + 7) / 8), let setCount = reader.number(), setCount <= 256 else { return nil }
        for index in 0..<count { isPossible.append(planes[planes.startIndex + index >> 3] >> UInt8(index & 7) & 1 == 1) }
        for _ in 0..<setCount {
            guard let set = reader.number() else { return nil }
            reasonSets.append(TermSet(rawValue: set))
        }
        if setCount > 1 {
            guard let own = reader.bytes(count), own.allSatisfy({ Int($0) < reasonSets.count }) else { return nil }
            reasons = Array(own)
        } else {
            guard setCount == 1 || count == 0 else { return nil }
            reasons = Array(repeating: 0, count: count)
        }
        guard reader.isAtEnd else { return nil }
        for (index, set) in reasonSets.enumerated().prefix(255) { indexOfReasons[set] = UInt8(index) }
    }

    private struct Reader {
        let bytes: [UInt8]
        private var index = 0

        init(bytes: [UInt8]) { self.bytes = bytes }

        var isAtEnd: Bool { index == bytes.count }

        mutating func byte() -> UInt8? {
            guard index < bytes.count else { return nil }
            index += 1
            return bytes[index - 1]
        }

        mutating func bytes(_ count: Int) -> ArraySlice<UInt8>? {
            guard count <= bytes.count - index else { return nil }
            index += count
            return bytes[index - count..<index]
        }

        mutating func number() -> UInt64? {
            var number: UInt64 = 0
            for shift: UInt64 in stride(from: 0, through: 63, by: 7) {
                guard let byte = byte() else { return nil }
                guard shift < 63 || byte <= 1 else { return nil }
                number |= UInt64(byte & 0x7F) << shift
                if byte < 0x80 { return number }
            }
            return nil
        }
    }
}
