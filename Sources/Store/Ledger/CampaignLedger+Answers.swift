import AlertModel
import Dispatching
import GRDB

/// What a recipient's own page tells, of the message it is about.
package struct AnswerableMessage: Hashable, Sendable {
    package let organisation: String
    package let subject: String
    /// Whether what the page is for was done already.
    package let isAnswered: Bool
}

extension CampaignLedger {
    /// What the page shows on which a leg's recipient acknowledges; nil for a leg that was never attempted.
    package func acknowledgeable(_ leg: LegID) throws -> AnswerableMessage? {
        try writer.read { try $0.answerable(leg, "SELECT 1 FROM leg_answers WHERE leg_id = legs.id") }
    }

    /// The recipient of a leg says that the message was read: whatever became of the campaign since. Said twice it counts
    /// once. A leg whose next attempt is in flight says so once that has ended.
    ///
    /// - Returns: nil for a leg that was never attempted.
    package func acknowledge(_ leg: LegID, now: UTCTime) throws -> AnswerableMessage? {
        try writer.write { database in
            let known = try database.answerable(leg, "SELECT 1 FROM leg_answers WHERE leg_id = legs.id")
            guard let known, !known.isAnswered else { return known }
            try database.execute(
                sql: "INSERT INTO leg_answers (leg_id, acknowledged_at, is_applied) VALUES (?, ?, 0)",
                arguments: [leg.rawValue, now.millisecondsSince1970])
            try database.applyWaitingAnswers()
            return AnswerableMessage(organisation: known.organisation, subject: known.subject, isAnswered: true)
        }
    }

    /// What relays sent back says of attempts. One that is in flight again is judged by the attempt under way.
    ///
    /// - Returns: how many of them the ledger knows, and how many of those changed a leg.
    package func record(
        returned: [(attempt: AttemptID, outcome: Outcome)], now: UTCTime
    ) throws -> (known: Int, changed: Int) {
        try writer.write { database in
            var writer = try OutcomeWriter(database: database, now: now)
            var known = 0
            var changed = 0
            for (attempt, outcome) in returned {
                let row = try Row.fetchOne(
                    database.cachedStatement(sql: "\(OutcomeWriter.knownAttempt) WHERE attempts.id = ?"),
                    arguments: [attempt.rawValue])
                guard let row else { continue }
                known += 1
                if try writer.apply(outcome, at: now, to: row) { changed += 1 }
            }
            try writer.finish()
            return (known, changed)
        }
    }
}

extension Database {
    /// - Parameter isAnswered: a query on the leg that finds a row when the page's purpose is served.
    func answerable(_ leg: LegID, _ isAnswered: String) throws -> AnswerableMessage? {
        try Row.fetchOne(
            self,
            sql: """
                SELECT organisations.name, campaigns.subject, EXISTS (\(isAnswered))
                FROM legs JOIN campaigns ON campaigns.id = legs.campaign_id
                    JOIN organisations ON organisations.id = campaigns.organisation_id
                WHERE legs.id = ? AND EXISTS (SELECT 1 FROM attempts WHERE attempts.leg_id = legs.id)
                """, arguments: [leg.rawValue]
        ).map { AnswerableMessage(organisation: $0[0], subject: $0[1], isAnswered: $0[2]) }
    }

    /// Carries acknowledgements into legs that were in flight when they came.
    func applyWaitingAnswers() throws {
        let waiting = try Row.fetchAll(
            cachedStatement(sql: """
                SELECT leg_answers.leg_id, leg_answers.acknowledged_at
                FROM leg_answers INDEXED BY leg_answers_waiting JOIN legs ON legs.id = leg_answers.leg_id
                WHERE leg_answers.is_applied = 0 AND legs.state <> 'in_flight' ORDER BY leg_answers.leg_id LIMIT 2000
                """))
        guard !waiting.isEmpty else { return }
        let latest = try cachedStatement(sql: """
            \(OutcomeWriter.knownAttempt) WHERE attempts.leg_id = ? ORDER BY attempts.id DESC LIMIT 1
            """)
        let done = try cachedStatement(sql: "UPDATE leg_answers SET is_applied = 1 WHERE leg_id = ?")
        for row in waiting {
            let leg: Int64 = row[0]
            let moment = UTCTime(stored: row[1])
            var writer = try OutcomeWriter(database: self, now: moment)
            if let attempt = try Row.fetchOne(latest, arguments: [leg]) {
                try writer.apply(.acknowledged, at: moment, to: attempt)
            }
            try writer.finish()
            try done.execute(arguments: [leg])
        }
    }
}
