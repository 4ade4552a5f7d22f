import AlertModel
import Campaigns
import Reports
import Store

/// A campaign's state as `key<TAB>value` lines, the same for `alert`, `campaign show` and `campaign watch`.
enum CampaignSummary {
    static func lines(_ record: CampaignRecord) -> [(key: String, value: String)] {
        [
            ("campaign", record.id.description), ("mode", record.mode.rawValue), ("state", record.state.rawValue),
            ("waits_until", record.waitsUntil().map { record.policy.quiet.text($0) } ?? ""),
            ("kind", record.kind.rawValue), ("quiet_hours", record.policy.quiet?.description ?? "none"),
            ("weight", String(record.weight)),
            ("cascade", record.policy.cascade.map { "\(CascadeWords.write($0)) until \($0.until.rawValue)" } ?? ""),
            ("subject", record.message.subject),
            ("message_version", String(record.messageVersion)), ("recipients", String(record.recipients)),
            ("certain", String(record.certain)), ("possible", String(record.possible)),
            ("not_located", String(record.notLocated)), ("addenda", String(record.addenda)), ("joined", String(record.joined)),
        ] + CampaignReport.states.map { ($0.key, String(record.progress.count($0.state))) } + [
            ("legs_open", String(record.progress.openLegs)), ("legs_held", String(record.progress.heldLegs)),
            ("possible_duplicates", String(record.progress.possibleDuplicates)),
            ("audience_hash", record.audience.hexadecimal), ("created_by", record.createdBy),
            ("lane", record.lane?.rawValue ?? ""), ("scenario", record.scenario ?? ""),
            ("approved_by", record.approvedBy ?? ""), ("alone_reason", record.aloneReason ?? ""),
            ("opened_at", record.openedAt.map { ISO8601.text($0) } ?? ""),
            ("held_until", record.heldUntil.map { ISO8601.text($0) } ?? ""),
            ("first_message_at", record.firstSubmissionAt.map { ISO8601.text($0) } ?? ""),
            ("decision_seconds", record.decisionMilliseconds.map { "\($0 / 1000).\($0 % 1000 / 100)" } ?? ""),
            ("started_at", ISO8601.text(record.startedAt)), ("ended_at", record.endedAt.map { ISO8601.text($0) } ?? ""),
        ]
    }
}

extension QuietHours? {
    /// A moment by the clock the quiet hours go by, which is named.
    func text(_ time: UTCTime) -> String {
        let clock = self?.clock ?? .paris
        return "\(clock.text(time)) \(clock.zone)"
    }
}
