import AlertModel

/// Why a launch is refused. Descriptions are safe to show; `code` is the stable word of the API.
package enum LaunchError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The zone has no part, or covers nothing.
    case emptyZone
    /// The zone is sound and nobody of the register is inside.
    case emptyAudience
    /// The policy names no channel.
    case noChannel
    /// Outside an exercise, no gateway carries these channels.
    case channelUnavailable([Channel])
    case textEmpty
    /// E-mail and fax need a subject.
    case subjectEmpty
    /// A line end or another control character, which no header may hold.
    case subjectUnprintable
    case subjectTooLong(characters: Int, limit: Int)
    /// More SMS segments than are sent in one message.
    case textTooLong(segments: Int, limit: Int)
    case textTooLongInCharacters(Int, limit: Int)
    /// Recipients for whom a place of the text has nothing to say: the register has no value, or they share an address with
    /// somebody whose value is another.
    case placeWithoutValue(PersonalPlace, recipients: Int, sharing: Int)
    /// The text's places cannot be read.
    case textMalformed(PlaceholderError)
    /// A wording for voice names a sound that the organisation has not.
    case recordingUnknown(SoundHash)
    /// The number typed is not the number of recipients.
    case confirmationMismatch(expected: Int, given: Int)
    case policyOutOfBounds(PolicyProblem)
    /// Nothing of it would leave: its quiet hours last as long as it is valid.
    case quietThroughout(QuietHours, until: UTCTime)
    /// A guard rail stops it, or asks for a second person who has not agreed.
    case guarded(GuardFinding)
    /// The zone reaches beyond the organisation's territory, or lies wholly outside of it.
    case outsideTerritory(wholly: Bool)
    /// The audience is not the one that was shown.
    case audienceChanged(recipients: Int)
    /// A fault of the caller: recipients must come in the byte order of their external id.
    case audienceNotSorted(position: Int)

    package var code: String {
        switch self {
        case .emptyZone: "empty_zone"
        case .emptyAudience: "empty_audience"
        case .noChannel: "no_channel"
        case .channelUnavailable: "channel_unavailable"
        case .textEmpty: "text_empty"
        case .subjectEmpty: "subject_empty"
        case .subjectUnprintable: "subject_unprintable"
        case .subjectTooLong: "subject_too_long"
        case .textTooLong, .textTooLongInCharacters: "text_too_long"
        case .placeWithoutValue: "place_without_value"
        case .textMalformed(let error): error.code
        case .recordingUnknown: "recording_unknown"
        case .confirmationMismatch: "confirmation_mismatch"
        case .policyOutOfBounds(let problem): problem.code
        case .quietThroughout: "quiet_throughout"
        case .guarded(let finding):
            finding.consequence != .stop ? "second_person_needed" : finding.rail == .quota ? "quota_exceeded" : "guard_stopped"
        case .outsideTerritory: "outside_territory"
        case .audienceChanged: "audience_changed"
        case .audienceNotSorted: "audience_not_sorted"
        }
    }

    package var description: String {
        switch self {
        case .emptyZone:
            "the zone is empty: name communes, a perimeter or a circle; nobody is ever alerted by default"
        case .emptyAudience: "nobody in the register is inside the zone: check the zone, or import the register"
        case .noChannel: "no channel is chosen: name at least one of sms, voice, email, fax"
        case .channelUnavailable(let channels):
            "no gateway carries \(channels.sorted().map(\.rawValue).joined(separator: ", ")), or none that the organisation may use "
                + "(`tocsin organisation gateways`): configure one, leave the channel out, or run an exercise"
        case .recordingUnknown(let hash):
            "the message plays a recording that is not, or no longer, the organisation's (\(hash.hexadecimal.prefix(8))…): choose it anew"
        case .textEmpty: "the message has no text"
        case .subjectEmpty: "the message has no subject, which e-mail and fax need"
        case .subjectUnprintable: "the subject holds a line end or another control character: keep it on one line"
        case .subjectTooLong(let characters, let limit):
            "the subject has \(characters) characters, of \(limit) at most"
        case .textTooLong(let segments, let limit):
            "the text makes \(segments) SMS segments, of \(limit) at most: shorten it, or replace the letters that "
                + "are not in the SMS alphabet"
        case .textTooLongInCharacters(let characters, let limit):
            "the text has \(characters) characters, of \(limit) at most"
        case .placeWithoutValue(let place, let recipients, let sharing):
            "{\(place.rawValue)} would be left empty: "
                + [
                    recipients > 0 ? "\(recipients) recipients have no value for it" : nil,
                    sharing > 0 ? "\(sharing) share an address with somebody whose value is another" : nil,
                ].compactMap { $0 }.joined(separator: ", ")
                + "; write {\(place.rawValue)|what to say instead}"
        case .textMalformed(let error): error.description
        case .confirmationMismatch(let expected, let given):
            "\(given) was typed to confirm, and \(expected) recipients would be alerted: nothing was launched"
        case .policyOutOfBounds(let problem): problem.description
        case .quietThroughout(let quiet, let end):
            "quiet hours (\(quiet)) last until \(quiet.clock.text(end)), when the message is no longer valid: nothing would "
                + "leave; launch it later, or with a longer validity"
        case .guarded(let finding) where finding.rail == .quota && finding.consequence == .stop:
            "\(finding); nothing was launched, for information waits where an alert would not"
        case .guarded(let finding):
            "\(finding): " + (finding.consequence == .stop
                ? "the organisation's guard rail “\(finding.rail.rawValue)” stops it; draw the zone again"
                : "a second person must agree (guard rail “\(finding.rail.rawValue)”)")
        case .outsideTerritory(true):
            "the zone lies outside of the organisation's territory: ask whoever answers for that ground to alert it"
        case .outsideTerritory(false):
            "the zone reaches beyond the organisation's territory: look at it again, cut to the territory"
        case .audienceChanged(let recipients):
            "the audience changed since it was shown (\(recipients) recipients now): look at it again before launching"
        case .audienceNotSorted(let position):
            "the audience is not sorted by external id at entry \(position): nothing was launched"
        }
    }
}
