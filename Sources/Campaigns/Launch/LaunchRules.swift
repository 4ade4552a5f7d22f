import AlertModel
import GeoModel

/// What must hold before anything leaves. Checked when planned and again when launched; the dispatcher's own
/// check before each gateway is a third line, not a replacement.
package struct LaunchRules: Sendable {
    /// RFC 5322 lets a line be longer; a subject that is not read at once fails its purpose.
    package static let subjectLimit = 200
    /// A fax page or two; the longest text that still is a message.
    package static let textLimit = 10_000

    package let mode: CampaignMode
    /// Channels that a real gateway carries.
    package let available: Set<Channel>

    package init(mode: CampaignMode, available: Set<Channel>) {
        self.mode = mode
        self.available = available
    }

    /// Whether something carries the channel in this mode; an exercise simulates all of them.
    package func carries(_ channel: Channel) -> Bool { mode == .exercise || available.contains(channel) }

    /// Every reason to refuse, the weightiest first; empty when the launch may go on.
    /// - Parameters:
    ///   - zone: what the audience was selected over.
    ///   - recipients: certain and possible together.
    ///   - confirmation: the number typed by the operator; nil where none is asked.
    package func refusals(
        zone: Zone, recipients: Int, message: Message, policy: Policy, confirmation: Int? = nil
    ) -> [LaunchError] {
        var refusals: [LaunchError] = []
        if zone.namesNothing { refusals.append(.emptyZone) }
        if recipients == 0 { refusals.append(.emptyAudience) }
        refusals += self.refusals(message: message, policy: policy)
        if let confirmation, confirmation != recipients {
            refusals.append(.confirmationMismatch(expected: recipients, given: confirmation))
        }
        return refusals
    }

    /// The reasons that can be told before a zone is chosen.
    package func refusals(message: Message, policy: Policy) -> [LaunchError] {
        var refusals = PolicyRules.problems(of: policy).map(LaunchError.policyOutOfBounds)
        if policy.channels.isEmpty { refusals.append(.noChannel) }
        if mode == .real {
            let missing = policy.channels.filter { !available.contains($0) }
            if !missing.isEmpty { refusals.append(.channelUnavailable(missing)) }
        }
        return refusals + textRefusals(message, channels: policy.channels)
    }

    private func textRefusals(_ message: Message, channels: [Channel]) -> [LaunchError] {
        var refusals: [LaunchError] = []
        func add(_ new: [LaunchError]) { refusals += new.filter { !refusals.contains($0) } }
        // How long it gets for each recipient, its census says.
        let message = message.sample
        // Without channels the text is still judged.
        if channels.isEmpty { add(textRefusals(message, on: nil)) }
        for channel in channels.sorted() {
            for wording in message.wordings(on: channel) { add(textRefusals(wording, on: channel)) }
        }
        return refusals
    }

    /// - Parameter message: as one channel carries it.
    private func textRefusals(_ message: Message, on channel: Channel?) -> [LaunchError] {
        var refusals: [LaunchError] = []
        if message.text.isBlank { refusals.append(.textEmpty) }
        if message.subject.isBlank, channel == .email || channel == .fax { refusals.append(.subjectEmpty) }
        if message.subject.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
            refusals.append(.subjectUnprintable)
        }
        let sent = message.marked(for: mode)
        if sent.subject.count > Self.subjectLimit {
            refusals.append(.subjectTooLong(characters: sent.subject.count, limit: Self.subjectLimit))
        }
        if sent.text.count > Self.textLimit {
            refusals.append(.textTooLongInCharacters(sent.text.count, limit: Self.textLimit))
        } else if channel == .sms {
            let segments = SMSText(sent.text).segments
            if segments > SMSText.maximumSegments {
                refusals.append(.textTooLong(segments: segments, limit: SMSText.maximumSegments))
            }
        }
        return refusals
    }
}

extension Zone {
    /// Whether the zone names nothing at all. A named place where nobody lives is an empty audience instead.
    package var namesNothing: Bool {
        switch self {
        case .perimeter(_, let area): area.polygons.isEmpty
        case .circle(_, let radiusMetres): !(radiusMetres > 0)
        case .communes(let codes, _): codes.isEmpty
        case .department(let code), .epci(let code): code.isEmpty
        case .members(.list(let name)), .members(.tag(let name)): name.isEmpty
        case .members(.filter), .members(.campaign): false
        case .widened(let place, _): place.namesNothing
        case .certainly(let zone): zone.namesNothing
        case .union(let zones): zones.allSatisfy(\.namesNothing)
        case .intersection(let zones): zones.isEmpty || zones.contains { $0.namesNothing }
        case .difference(let zone, _): zone.namesNothing
        }
    }
}

extension String {
    /// Only spaces, line ends and the like.
    var isBlank: Bool { allSatisfy(\.isWhitespace) }
}
