import AlertModel
import Dispatching
import GRDB

/// Joins the parts of long messages that people write, in the ledger: an SMSC is answered for a part once it is here, and a
/// crash between two parts loses neither. Bounded in number and age; what never comes whole is given as it is.
struct InboundParts {
    /// A phone sends its parts within seconds; networks try again for minutes.
    static let longestMilliseconds: Int64 = 600_000
    /// Parts kept, joined ones included: a thousand long messages within ten minutes. Beyond it the oldest make room.
    static let most = 4_000

    let database: Database
    let mode: CampaignMode

    private static let sameMessage = """
        mode = ? AND gateway = ? AND sender = ? AND recipient = ? AND reference = ? AND total = ?
        """

    private func key(_ message: InboundMessage, _ part: InboundMessage.Part) -> StatementArguments {
        [mode.rawValue, message.gateway, message.sender.value, message.recipient, part.reference, part.total]
    }

    /// Keeps a part.
    /// - Returns: the messages this ends: its own once it is whole; one given up whose place it takes.
    func add(_ message: InboundMessage, _ part: InboundMessage.Part) throws -> [InboundMessage] {
        let key = key(message, part)
        let kept = try Row.fetchAll(
            database.cachedStatement(sql: """
                SELECT number, text, is_joined FROM inbound_parts WHERE \(Self.sameMessage) ORDER BY number
                """), arguments: key)
        let isJoined = kept.contains { $0["is_joined"] }
        var ended: [InboundMessage] = []
        if let known = kept.first(where: { $0["number"] == part.number }) {
            // Its SMSC was not answered, and brings it again.
            if known["text"] == message.text.value { return [] }
            // A phone that has gone through all its references: another message.
            ended += try giveUp(key, kept, isJoined, message)
        } else if isJoined {
            ended += try giveUp(key, kept, isJoined, message)
        }
        try database.cachedStatement(sql: """
            INSERT INTO inbound_parts (mode, gateway, sender, recipient, reference, total, number, text, received_at, is_joined)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0)
            """).execute(arguments: key + [part.number, message.text.value, message.receivedAt.millisecondsSince1970])
        let texts = try String.fetchAll(
            database.cachedStatement(sql: "SELECT text FROM inbound_parts WHERE \(Self.sameMessage) ORDER BY number"),
            arguments: key)
        if texts.count == part.total {
            try database.cachedStatement(sql: "UPDATE inbound_parts SET is_joined = 1 WHERE \(Self.sameMessage)")
                .execute(arguments: key)
            ended.append(message.joined(texts.joined(), isIncomplete: false))
        }
        return ended
    }

    private func giveUp(
        _ key: StatementArguments, _ kept: [Row], _ isJoined: Bool, _ message: InboundMessage
    ) throws -> [InboundMessage] {
        try database.cachedStatement(sql: "DELETE FROM inbound_parts WHERE \(Self.sameMessage)").execute(arguments: key)
        guard !isJoined, !kept.isEmpty else { return [] }
        return [message.joined(kept.map { $0["text"] as String }.joined(), isIncomplete: true)]
    }

    /// Forgets joined parts after their time, and gives up messages of which some never came, or which are too many.
    func expire(now: UTCTime) throws -> [InboundMessage] {
        let count = try Int.fetchOne(
            database.cachedStatement(sql: "SELECT count(*) FROM inbound_parts INDEXED BY inbound_parts_by_age WHERE mode = ?"),
            arguments: [mode.rawValue]) ?? 0
        guard count > 0 else { return [] }
        let rows = try Row.fetchAll(
            database.cachedStatement(sql: """
                SELECT gateway, sender, recipient, reference, total FROM inbound_parts INDEXED BY inbound_parts_by_age
                WHERE mode = ? AND (received_at <= ? OR ?) ORDER BY received_at LIMIT ?
                """),
            arguments: [
                mode.rawValue, now.millisecondsSince1970 - Self.longestMilliseconds, count > Self.most,
                // Half at once, so that a flood does not have each of its parts make room for the next.
                count > Self.most ? Self.most / 2 : Self.most,
            ])
        var ended: [InboundMessage] = []
        for row in rows {
            let part = InboundMessage.Part(reference: row["reference"], total: row["total"], number: 1)
            let message = InboundMessage(
                gateway: row["gateway"], sender: Redacted(row["sender"]), recipient: row["recipient"], text: Redacted(""),
                receivedAt: now)
            let key = key(message, part)
            let kept = try Row.fetchAll(
                database.cachedStatement(sql: """
                    SELECT number, text, is_joined FROM inbound_parts WHERE \(Self.sameMessage) ORDER BY number
                    """), arguments: key)
            ended += try giveUp(key, kept, kept.contains { $0["is_joined"] }, message)
        }
        return ended
    }
}

extension InboundMessage {
    fileprivate func joined(_ text: String, isIncomplete: Bool) -> InboundMessage {
        InboundMessage(
            gateway: gateway, sender: sender, recipient: recipient, text: Redacted(text), isIncomplete: isIncomplete,
            receivedAt: receivedAt)
    }
}
