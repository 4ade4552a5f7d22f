/// One thing an account may do in its organisation. Rights are never finer and never coarser than these.
package enum Capability: String, CaseIterable, Codable, Hashable, Sendable, Comparable {
    /// Draws perimeters, writes templates and scenarios, sends tests to registered addresses.
    case prepare
    /// Launches, amends, holds up, resumes and stops campaigns.
    case launch
    /// Gives the second person's consent to a campaign.
    case approve
    /// Imports, corrects and deletes recipients.
    case editRegister = "edit_register"
    /// Sees names, addresses and contact points, and exports them.
    case seePersonalData = "see_personal_data"
    /// Sees counts, coverage, campaigns and their results.
    case statistics
    /// Manages the organisation's people, rights, and settings.
    case administer

    /// What one person alone must not be able to give away: a second administrator confirms it.
    package static let grave: Set<Capability> = [.launch, .approve, .administer]

    /// What an exercise takes, and all that its password and its tokens open: nobody's data, no register, no rights.
    package static let exercise: Set<Capability> = [.prepare, .launch, .statistics]

    package static func < (left: Capability, right: Capability) -> Bool { left.position < right.position }

    private var position: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

extension Set<Capability> {
    /// With what these cannot be used without: whoever prepares, launches or approves sees the counts.
    package var completed: Set<Capability> {
        isDisjoint(with: [.prepare, .launch, .approve]) ? self : union([.statistics])
    }

    /// As texts in the enumeration's order, for documents and the store.
    package var names: [String] { sorted().map(\.rawValue) }
}
