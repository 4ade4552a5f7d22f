import AlertModel

/// How a launch is made safe: by what was prepared, by a second person, or by reaching nobody.
package enum Lane: String, CaseIterable, Hashable, Sendable {
    /// An approved scenario within its limits: one person, and a few seconds to take it back.
    case scenario
    /// A second person approves the audience's hash, or the glass is broken.
    case secondPerson = "second_person"
    /// Simulators only: one person.
    case exercise
    /// Real, and nothing asks for a second person: an organisation that settled so, or the machine's administrator.
    case alone

    /// How long a launch of an approved scenario can be taken back; nothing leaves meanwhile.
    package static let undoSeconds = 5

    /// - Parameter findings: what the guard rails say of the audience.
    package init(mode: CampaignMode, author: LaunchAuthor, findings: [GuardFinding]) {
        if mode == .exercise {
            self = .exercise
        } else if findings.contains(where: { $0.consequence == .secondPerson }) {
            self = .secondPerson
        } else {
            self = author == .scenario ? .scenario : .alone
        }
    }
}
