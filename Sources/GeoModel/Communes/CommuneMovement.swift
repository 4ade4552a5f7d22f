/// One line of INSEE's “mouvements de communes”: what a code was before an event, and is after it.
///
/// An event has a line for each pair of before and after; a merger that keeps the old commune as a delegated one has two
/// for it. Source: insee.fr, “Liste de modalités des fichiers téléchargeables du COG”.
package struct CommuneMovement: Hashable, Sendable {
    /// INSEE's MOD.
    package enum Event: Int, CaseIterable, Hashable, Sendable {
        case renaming = 10
        case creation = 20
        case restoration = 21
        case suppression = 30
        case merger = 31
        case newCommune = 32
        case mergerWithAssociation = 33
        case associationAbsorbed = 34
        case delegationSuppressed = 35
        case changeOfDepartment = 41
        case changeOfSeat = 50
        case associationToDelegation = 70
        /// Not in INSEE's list, but in its file: delegated communes restored within a new commune.
        case delegationRestored = 71

        /// The order of several events of one day: what a line names as “before” is what the ones above left. With it,
        /// every code of the file since 1943 ends on one that stands today.
        var order: Int {
            switch self {
            case .changeOfDepartment: 0
            case .creation: 1
            case .restoration: 2
            case .suppression: 3
            case .merger: 4
            case .mergerWithAssociation: 5
            case .newCommune: 6
            case .associationAbsorbed: 7
            case .associationToDelegation: 8
            case .delegationRestored: 9
            case .delegationSuppressed: 10
            case .changeOfSeat: 11
            case .renaming: 12
            }
        }

        /// Whether a line from a commune to itself says that others joined it.
        var isMerging: Bool {
            switch self {
            case .suppression, .merger, .newCommune, .mergerWithAssociation: true
            default: false
            }
        }
    }

    package let event: Event
    package let day: CalendarDay
    package let before: CommuneNode
    package let nameBefore: String
    package let after: CommuneNode
    package let nameAfter: String

    package init(
        event: Event, day: CalendarDay, before: CommuneNode, nameBefore: String, after: CommuneNode, nameAfter: String
    ) {
        self.event = event
        self.day = day
        self.before = before
        self.nameBefore = nameBefore
        self.after = after
        self.nameAfter = nameAfter
    }
}
