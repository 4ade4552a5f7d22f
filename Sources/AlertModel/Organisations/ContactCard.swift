/// How an organisation itself is reached: who answers for it, and where. Kept by its own people; those above it alert it by
/// this card.
package struct ContactCard: Hashable, Sendable {
    /// Who is asked for: “Mme Leroy”.
    package let name: Redacted<String>
    /// “Maire”, “Astreinte”; empty when not said.
    package let function: String
    /// Emergency numbers first, in their order, then e-mail.
    package let contactPoints: [ContactPoint]

    /// Numbers at most: three is what a duty desk can try in turn.
    package static let mostNumbers = 3
    package static let longestText = 200

    package init(name: Redacted<String>, function: String, contactPoints: [ContactPoint]) {
        self.name = name
        self.function = function
        self.contactPoints = contactPoints
    }
}
