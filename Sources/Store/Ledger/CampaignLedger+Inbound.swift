import AlertModel
import Dispatching
import GRDB

extension CampaignLedger {
    /// Keeps what people wrote and does what it says; see `Ledger.receive`. For whoever gets messages beside a dispatcher.
    package func receive(_ messages: [InboundMessage], mode: CampaignMode, now: UTCTime) throws {
        try writer.write { try $0.receive(messages, mode, now: now) }
    }
}

extension Database {
    /// Milliseconds within which the same text from the same number is the same message: an SMSC that got no answer
    /// brings it again for as long. Kept all the same, as a number of repeats.
    private static var repeatWindow: Int64 { 3_600_000 }

    func receive(_ messages: [InboundMessage], _ mode: CampaignMode, now: UTCTime) throws {
        let parts = InboundParts(database: self, mode: mode)
        for message in messages {
            for whole in try message.part.map({ try parts.add(message, $0) }) ?? [message] {
                try receive(whole: whole, mode, now: now)
            }
        }
        if messages.contains(where: { $0.part != nil }) { try expireInboundParts(mode, now: now) }
        try applyWaitingAnswers()
    }

    /// What is left of long messages of which some parts never came is for a person to read.
    func expireInboundParts(_ mode: CampaignMode, now: UTCTime) throws {
        for rest in try InboundParts(database: self, mode: mode).expire(now: now) { try receive(whole: rest, mode, now: now) }
    }

    private func receive(whole message: InboundMessage, _ mode: CampaignMode, now: UTCTime) throws {
        let numbers = SenderNumber.candidates(message.sender.value)
        let match = try match(numbers, mode)
        if try !isRepeat(message, of: match, mode) { try take(message, from: numbers, match, mode, now: now) }
    }

    /// The same word to another campaign's message is another answer.
    private func isRepeat(_ message: InboundMessage, of match: Match?, _ mode: CampaignMode) throws -> Bool {
        let known = try Int64.fetchOne(
            cachedStatement(sql: """
                SELECT id FROM inbound_messages INDEXED BY inbound_by_sender
                WHERE gateway = ?1 AND sender = ?2 AND received_at >= ?3 AND mode = ?4 AND CASE WHEN ?5 IS NULL
                    THEN external_id IS NULL AND text = ?6 AND recipient = ?7 AND leg_id IS ?8 ELSE external_id = ?5 END
                ORDER BY id DESC LIMIT 1
                """),
            arguments: [
                message.gateway, message.sender.value,
                message.id == nil ? message.receivedAt.millisecondsSince1970 - Self.repeatWindow : 0,
                mode.rawValue, message.id, message.text.value, message.recipient, match?.leg,
            ])
        guard let known else { return false }
        // Somebody who writes the same again after it was read may mean it again.
        try execute(
            sql: """
                UPDATE inbound_messages SET repeats = repeats + 1,
                    is_unread = CASE WHEN read_at IS NULL THEN is_unread ELSE ?2 END WHERE id = ?1
                """, arguments: [known, message.id == nil])
        return true
    }

    private func take(
        _ message: InboundMessage, from numbers: [String], _ match: Match?, _ mode: CampaignMode, now: UTCTime
    ) throws {
        // Of nobody's campaign: the words that everybody knows.
        let words = try match.map { try replyWords(of: $0.organisation) } ?? .standard
        let meaning = ReplyMeaning(message.text.value, words: words, language: match?.language ?? "")
        // What is left of a message whose other parts are missing says nothing for itself: a person reads it.
        let isWhole = !message.isIncomplete
        var acknowledged = false
        if isWhole, meaning.acknowledges, let match {
            acknowledged = true
            try execute(
                sql: "INSERT OR IGNORE INTO leg_answers (leg_id, acknowledged_at, is_applied) VALUES (?, ?, 0)",
                arguments: [match.leg, now.millisecondsSince1970])
        }
        var refused = false
        // Simulated people refuse nothing in the register.
        if isWhole, meaning.refuses, mode == .real {
            let refusals = try match.map { [($0.organisation, $0.address)] } ?? holders(of: numbers)
            refused = !refusals.isEmpty
            for (organisation, address) in refusals {
                try refuseInformation(
                    of: organisation, channel: .sms, address: address,
                    on: match.map { LegID(rawValue: $0.leg) }, now: now)
            }
        }
        let isUnread = meaning.needsReading || message.isIncomplete || (meaning.acknowledges && !acknowledged)
            || (meaning.refuses && !refused && mode == .real)
        try execute(
            sql: """
                INSERT INTO inbound_messages (mode, gateway, external_id, sender, recipient, text, is_incomplete,
                    received_at, leg_id, campaign_id, organisation_id, acknowledged, refused, is_unread)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                mode.rawValue, message.gateway, message.id, message.sender.value, message.recipient, message.text.value,
                message.isIncomplete, message.receivedAt.millisecondsSince1970, match?.leg, match?.campaign,
                match?.organisation, acknowledged, refused, isUnread,
            ])
    }

    private struct Match {
        let leg: Int64
        let campaign: Int64
        let organisation: Int64
        let address: String
        /// Of the recipient the leg is for; empty where it is not known.
        let language: String
    }

    /// The latest campaign that sent an SMS to one of the numbers, one that is live before one that has ended.
    private func match(_ numbers: [String], _ mode: CampaignMode) throws -> Match? {
        guard !numbers.isEmpty else { return nil }
        // Padded, so that there is one statement.
        let places = numbers + Array(repeating: numbers[0], count: max(0, SenderNumber.mostCandidates - numbers.count))
        let marks = Array(repeating: "?", count: places.count).joined(separator: ", ")
        // By campaign: there are hundreds of those, and an index of every leg by address would slow down every launch.
        let row = try Row.fetchOne(
            cachedStatement(sql: """
                SELECT legs.id, campaigns.id, campaigns.organisation_id, legs.address,
                    (SELECT language FROM deliveries WHERE deliveries.id = legs.delivery_id)
                FROM campaigns CROSS JOIN legs ON legs.campaign_id = campaigns.id AND legs.channel = 'sms'
                    AND legs.address IN (\(marks))
                WHERE campaigns.mode = ? AND EXISTS (SELECT 1 FROM attempts WHERE attempts.leg_id = legs.id)
                ORDER BY campaigns.state = 'running' OR campaigns.state = 'paused' DESC, campaigns.id DESC LIMIT 1
                """), arguments: StatementArguments(places + [mode.rawValue]))
        return row.map { Match(leg: $0[0], campaign: $0[1], organisation: $0[2], address: $0[3], language: ($0[4] as String?) ?? "") }
    }

    /// The organisations whose register has one of the numbers: somebody we never wrote to may refuse too.
    private func holders(of numbers: [String]) throws -> [(Int64, String)] {
        guard !numbers.isEmpty else { return [] }
        let marks = Array(repeating: "?", count: numbers.count).joined(separator: ", ")
        return try Row.fetchAll(
            self,
            sql: """
                SELECT DISTINCT ifnull(organisations.annex_of, organisations.id), contact_points.address
                FROM contact_points INDEXED BY contact_points_by_address CROSS JOIN recipients
                    ON recipients.id = contact_points.recipient_id
                    CROSS JOIN organisations ON organisations.id = recipients.organisation_id
                WHERE contact_points.channel = 'sms' AND contact_points.address IN (\(marks)) ORDER BY 1, 2
                """, arguments: StatementArguments(numbers)
        ).map { ($0[0], $0[1]) }
    }
}

/// A sender's number in the ways the register may have written it.
enum SenderNumber {
    /// France's country codes for mobiles: their ranges do not overlap, so that at most one number of them exists.
    private static let countries = ["33", "262", "590", "594", "596", "508", "687", "689", "681"]
    static let mostCandidates = 10

    /// - Parameter text: digits, with a plus sign or two zeros where the gateway says that it is international.
    static func candidates(_ text: String) -> [String] {
        let digits = String(text.unicodeScalars.filter { ("0"..."9").contains($0) }.map(Character.init))
        guard (4...15).contains(digits.count) else { return [] }
        if text.hasPrefix("+") { return ["+" + digits] }
        if digits.hasPrefix("00") { return ["+" + digits.dropFirst(2)] }
        if digits.hasPrefix("0") { return countries.map { "+" + $0 + digits.dropFirst() } }
        return ["+" + digits]
    }
}
