/// How surely a selected recipient is inside the zone.
package enum Certainty: String, CaseIterable, Codable, Hashable, Sendable {
    /// The recipient's disc touches the zone.
    case possible
    /// The disc lies wholly inside the zone, boundary included; or the recipient was named by code or list.
    case certain
}
