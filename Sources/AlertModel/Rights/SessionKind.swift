/// What a session is for, which says how long it lasts and what it asks before a launch.
package enum SessionKind: String, CaseIterable, Codable, Hashable, Sendable {
    /// At any desk: a shift.
    case desk
    /// On a workstation that an administrator declared as a duty station: a week of duty, with a proof at each launch.
    case duty

    /// Absolute: using the session does not prolong it.
    package var seconds: Int {
        switch self {
        case .desk: 12 * 3_600
        case .duty: 7 * 86_400
        }
    }

    /// How long a proof (PIN, password or code) holds for launching and approving on a duty session, and for managing people's
    /// rights on any; signing in is one.
    package static let proofSeconds = 300
}
