import AlertModel

/// What a zone, or a part of one, says of a recipient.
///
/// Verdicts combine so that nobody inside is silently lost: union keeps the surest, intersection the least
/// sure, and a difference removes only whoever is *certainly* in what is taken away. A recipient who cannot be
/// judged stays `notLocated` unless another part of the zone settles the matter.
package enum Verdict: UInt8, Hashable, Sendable {
    case outside
    case notLocated
    case possible
    case certain

    package static func union(_ left: Verdict, _ right: Verdict) -> Verdict {
        left.rawValue >= right.rawValue ? left : right
    }

    package static func intersection(_ left: Verdict, _ right: Verdict) -> Verdict {
        left.rawValue <= right.rawValue ? left : right
    }

    package static func difference(_ left: Verdict, except right: Verdict) -> Verdict {
        switch right {
        case .outside: left
        case .certain: .outside
        case .possible, .notLocated: intersection(left, .possible)
        }
    }

    /// The certainty an audience records, or nil for who is not in it.
    package var certainty: Certainty? {
        switch self {
        case .outside, .notLocated: nil
        case .possible: .possible
        case .certain: .certain
        }
    }
}
