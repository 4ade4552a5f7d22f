import AlertModel
import GRDB

extension AlertDatabase {
    /// Messages that one account may send through gateways outside any campaign in an hour: who sets one up needs a few.
    package static let mostGatewayTestsAnHour = 10
    /// Entries of the journal that are looked through for them, the newest: an account that writes more in an hour is a program.
    private static let entriesLookedThrough = 10_000

    /// Takes one test of a gateway from an account's hour, and writes it down before it leaves.
    ///
    /// - Throws: `TestSendError.tooManyTests`, but not for the machine's administrator; `RightsError.notPermitted`.
    package func takeGatewayTest(of gateway: String, by actor: Operator, now: UTCTime) throws {
        try actor.require(.launch)
        try pool.write { database in
            if let organisation = actor.organisation {
                let since = now.millisecondsSince1970 - 3_600_000
                let moments = try Int64.fetchAll(
                    database, sql: """
                        SELECT at FROM (SELECT at, actor, action FROM audit_entries WHERE organisation_id = ?
                            ORDER BY id DESC LIMIT \(Self.entriesLookedThrough))
                        WHERE action = 'gateway.test' AND actor = ? AND at > ? ORDER BY at
                        """, arguments: [organisation.rawValue, actor.name, since])
                guard moments.count < Self.mostGatewayTestsAnHour else {
                    let oldest = moments.first ?? now.millisecondsSince1970
                    throw TestSendError.tooManyTests(
                        limit: Self.mostGatewayTestsAnHour, minutes: max(1, Int((oldest - since + 59_999) / 60_000)))
                }
            }
            try database.audit(actor: actor.name, action: "gateway.test", subject: gateway)
        }
    }
}
