import AlertModel
import Foundation

/// Information that the server launches by the calendar, as the console shows it: `GET /api/schedules`.
package struct ScheduleCard: Codable, Hashable, Sendable {
    package struct Occurrence: Codable, Hashable, Sendable {
        package let at: Date
        /// `launched`, `refused`, `skipped`.
        package let outcome: String
        @Nullable package var campaign: Int64?
        @Nullable package var reason: String?

        package init(at: Date, outcome: String, campaign: Int64?, reason: String?) {
            self.at = at
            self.outcome = outcome
            self.campaign = campaign
            self.reason = reason
        }
    }

    package let id: Int64
    package let name: String
    package let mode: CampaignMode
    /// `active`, `paused`, `ended`.
    package let state: String
    /// The next occurrences; none while it is paused or over.
    package let next: [Date]
    /// RFC 5545; nil for once.
    @Nullable package var rule: String?
    /// The clock's IANA name.
    package let timeZone: String
    package let zone: String
    @Nullable package var template: String?
    @Nullable package var templateVersion: Int?
    /// Whether the template says something else by now.
    package let isTemplateNewer: Bool
    package let subject: String
    package let text: String
    package let channels: [Channel]
    package let createdBy: String
    /// Newest first.
    package let occurrences: [Occurrence]

    package init(
        id: Int64, name: String, mode: CampaignMode, state: String, next: [Date], rule: String?, timeZone: String, zone: String,
        template: String?, templateVersion: Int?, isTemplateNewer: Bool, subject: String, text: String, channels: [Channel],
        createdBy: String, occurrences: [Occurrence]
    ) {
        self.id = id
        self.name = name
        self.mode = mode
        self.state = state
        self.next = next
        self.timeZone = timeZone
        self.zone = zone
        self.isTemplateNewer = isTemplateNewer
        self.subject = subject
        self.text = text
        self.channels = channels
        self.createdBy = createdBy
        self.occurrences = occurrences
        self.rule = rule
        self.template = template
        self.templateVersion = templateVersion
    }
}

/// What a schedule to be made would launch, looked at now: `POST /api/schedules/preview`.
package struct SchedulePreview: Codable, Hashable, Sendable {
    /// Whom it would reach now: certain and possible.
    package let recipients: Int
    package let certain: Int
    package let possible: Int
    package let notLocated: Int
    package let next: [Date]
    /// The clock's IANA name.
    package let timeZone: String
    @Nullable package var templateVersion: Int?
    /// As it is sent the next time, its places filled.
    package let subject: String
    package let text: String
    /// What warns; what would stop it is a refusal.
    package let guards: [GuardNotice]

    package init(
        recipients: Int, certain: Int, possible: Int, notLocated: Int, next: [Date], timeZone: String, templateVersion: Int?,
        subject: String, text: String, guards: [GuardNotice]
    ) {
        self.recipients = recipients
        self.certain = certain
        self.possible = possible
        self.notLocated = notLocated
        self.next = next
        self.timeZone = timeZone
        self.subject = subject
        self.text = text
        self.guards = guards
        self.templateVersion = templateVersion
    }
}

/// A schedule to be made: information from a template.
package struct NewSchedule: Sendable {
    package let name: String
    package let zone: Zone
    package let template: String
    /// The version of it that was seen; nil for the newest.
    package let templateVersion: Int?
    /// What fills the template's places.
    package let values: [String: String]
    package let channels: [Channel]
    /// `2026-12-01 18:00`, by the clock of the organisation's territory.
    package let at: String
    /// A word of `schedule add --every`, or a rule of RFC 5545; nil for once.
    package let every: String?
    /// The last day; nil for none.
    package let last: String?

    package init(
        name: String, zone: Zone, template: String, templateVersion: Int? = nil, values: [String: String], channels: [Channel],
        at: String, every: String?, last: String?
    ) {
        self.name = name
        self.zone = zone
        self.template = template
        self.templateVersion = templateVersion
        self.values = values
        self.channels = channels
        self.at = at
        self.every = every
        self.last = last
    }
}

/// Schedules of an account's organisation. Every function may throw `ConsoleProblem`; `not_found` for another's.
package struct ScheduleDesk: Sendable {
    package var list: @Sendable (Account) async throws -> [ScheduleCard]
    /// What would be made, and whom it would reach now. Refused as the launch would be.
    package var look: @Sendable (Account, NewSchedule) async throws -> SchedulePreview
    /// As `look`; `template_changed` where the template is no longer at the version that was seen.
    package var add: @Sendable (Account, NewSchedule) async throws -> Void
    package var pause: @Sendable (Account, Int64) async throws -> Void
    package var resume: @Sendable (Account, Int64) async throws -> Void
    package var remove: @Sendable (Account, Int64) async throws -> Void

    package init(
        list: @escaping @Sendable (Account) async throws -> [ScheduleCard],
        look: @escaping @Sendable (Account, NewSchedule) async throws -> SchedulePreview,
        add: @escaping @Sendable (Account, NewSchedule) async throws -> Void,
        pause: @escaping @Sendable (Account, Int64) async throws -> Void,
        resume: @escaping @Sendable (Account, Int64) async throws -> Void,
        remove: @escaping @Sendable (Account, Int64) async throws -> Void
    ) {
        self.list = list
        self.look = look
        self.add = add
        self.pause = pause
        self.resume = resume
        self.remove = remove
    }
}
