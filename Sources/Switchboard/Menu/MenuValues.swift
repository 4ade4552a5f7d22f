import AlertModel
import Campaigns
import Foundation

/// Who a caller says they are; the PIN proves it.
package enum CallerClaim: Hashable, Sendable {
    /// A personal code, typed.
    case code(String)
    /// The number they call from, which is an account's.
    case number(String)
}

/// Who launches by telephone.
package struct PhoneOperator: Hashable, Sendable {
    /// The name at sign-in.
    package let user: String
    package let organisation: OrganisationID
    /// Where they are called back; nil where nobody wrote a number down.
    package let callback: String?

    package init(user: String, organisation: OrganisationID, callback: String?) {
        self.user = user
        self.organisation = organisation
        self.callback = callback
    }
}

/// A scenario that has a number.
package struct NumberedScenario: Hashable, Sendable {
    package let number: Int
    package let name: String
    /// Exercises only, unless somebody marked it as it stands now.
    package let mode: CampaignMode

    package init(number: Int, name: String, mode: CampaignMode) {
        self.number = number
        self.name = name
        self.mode = mode
    }
}

/// What a launch would do, as it is read out: exactly this is launched, or nothing.
package struct LaunchReading: Hashable, Sendable {
    package let scenario: NumberedScenario
    /// In words.
    package let zone: String
    package let recipients: Int
    /// Messages by channel.
    package let legs: [Channel: Int]
    /// As it would be said on the telephone, marked in an exercise.
    package let text: String
    /// What is out of the ordinary, in French sentences.
    package let notices: [String]
    package let audienceHash: String
    /// When it was read: its text holds that time.
    package let openedAt: Date
    /// Makes a repeated launch harmless.
    package let requestKey: UUID

    package init(
        scenario: NumberedScenario, zone: String, recipients: Int, legs: [Channel: Int], text: String, notices: [String],
        audienceHash: String, openedAt: Date, requestKey: UUID
    ) {
        self.scenario = scenario
        self.zone = zone
        self.recipients = recipients
        self.legs = legs
        self.text = text
        self.notices = notices
        self.audienceHash = audienceHash
        self.openedAt = openedAt
        self.requestKey = requestKey
    }
}

/// What an operator said after the tone.
package struct SpokenRecording: Hashable, Sendable {
    /// Seconds; shorter is a mistake.
    static let shortest = 1.0

    /// A-law, 8,000 samples a second.
    package let sound: [UInt8]

    package init(sound: [UInt8]) { self.sound = sound }

    var seconds: Double { Double(sound.count) / 8_000 }
}

/// A campaign under way.
package struct LiveCampaign: Hashable, Sendable {
    package let id: CampaignID
    package let subject: String
    package let mode: CampaignMode

    package init(id: CampaignID, subject: String, mode: CampaignMode) {
        self.id = id
        self.subject = subject
        self.mode = mode
    }
}

/// Where a campaign stands.
package struct CampaignStanding: Hashable, Sendable {
    package let state: CampaignState
    package let progress: CampaignProgress

    package init(state: CampaignState, progress: CampaignProgress) {
        self.state = state
        self.progress = progress
    }
}

/// Why something is not done on the telephone. What is said of each is in `MenuWords`.
package enum SwitchboardRefusal: Error, Hashable, Sendable {
    /// The right to launch is not there, or no longer.
    case notPermitted
    case noSuchScenario
    /// It has places that only a keyboard fills.
    case hasBlanks
    case nobodyInside
    /// A second person is due, and nobody can be asked here.
    case secondPersonNeeded
    /// A guard rail stops it.
    case stopped
    /// No gateway carries a channel.
    case channelUnavailable
    /// Others are inside than were read out.
    case audienceChanged
    case tooLateToUndo
    /// The campaign is over, or in a state that forbids it.
    case notPossible
    /// Nothing is heard in what was recorded.
    case nothingHeard
    /// Anything else; the journal or the log says what.
    case failed
}
