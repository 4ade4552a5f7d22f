import GeoModel

/// A saved query over the register: a recipient is in, or is not, by what the register says of it.
///
/// A value that the register does not have (no postcode, never confirmed) matches no condition; `not` of that condition
/// does match it, so that nobody falls between a filter and its opposite.
package indirect enum RecipientFilter: Hashable, Sendable {
    /// Every one of these; never empty.
    case all([RecipientFilter])
    /// At least one of these; never empty.
    case any([RecipientFilter])
    case not(RecipientFilter)
    case kind([RecipientKind])
    /// By the register's code; the codes of their delegated and associated communes and arrondissements count.
    case commune([CommuneCode])
    /// As the register writes it.
    case postcode([String])
    /// BCP 47 tags: `pt` takes `pt-br` too (RFC 4647, basic filtering).
    case language([String])
    /// Has at least one of these tags.
    case tag([String])
    /// Can be reached by at least one of these channels.
    case channel([Channel])
    case precision([Precision])
    case household([String])
    case building([String])
    /// Where the recipient's row came from.
    case source([String])
    /// Is in at least one of these lists of the same organisation, of any kind.
    case list([String])
    /// Last confirmed on this day or later, and before that day; at least one of the two.
    case confirmed(since: CalendarDate?, before: CalendarDate?)
    /// The text occurs in the field, letter case, accents and punctuation aside.
    case contains(TextField, String)

    package enum TextField: String, CaseIterable, Hashable, Sendable {
        case name, address
    }
}

extension RecipientFilter {
    /// The lists it names, in reading order, each once.
    package var listNames: [String] {
        var seen: Set<String> = []
        return allListNames.filter { seen.insert($0).inserted }
    }

    private var allListNames: [String] {
        switch self {
        case .all(let filters), .any(let filters): filters.flatMap(\.allListNames)
        case .not(let filter): filter.allListNames
        case .list(let names): names
        default: []
        }
    }

    /// The same filter after a list it may name has got another name.
    package func renamingList(_ old: String, to new: String) -> RecipientFilter {
        switch self {
        case .all(let filters): .all(filters.map { $0.renamingList(old, to: new) })
        case .any(let filters): .any(filters.map { $0.renamingList(old, to: new) })
        case .not(let filter): .not(filter.renamingList(old, to: new))
        case .list(let names): .list(Set(names.map { $0 == old ? new : $0 }).sorted(by: utf8Order))
        default: self
        }
    }
}

/// The order of `LC_ALL=C sort`, in which a canonical document writes its values.
func utf8Order(_ left: String, _ right: String) -> Bool {
    left.utf8.lexicographicallyPrecedes(right.utf8)
}
