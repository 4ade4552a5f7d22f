import AlertModel
import GRDB

/// Reads the contact points that a message may be sent to, person by person: prepared once for a whole audience.
struct ContactReading {
    /// Which of them.
    enum Use {
        case alert
        /// Those that did not refuse it from the organisation.
        case information(OrganisationID)
    }

    private let statement: RawStatement
    private let organisation: OrganisationID?

    init(_ database: Database, for use: Use) throws {
        let condition: String
        switch use {
        case .alert: (condition, organisation) = ("", nil)
        case .information(let refused): (condition, organisation) = (Database.unrefused, refused)
        }
        statement = try RawStatement(
            database, """
                SELECT channel, address, rank FROM contact_points
                WHERE recipient_id = ?1 \(condition) ORDER BY channel, rank, address
                """)
    }

    func points(of recipient: RecipientID) throws -> [ContactPoint] {
        statement.bind(recipient.rawValue, at: 1)
        if let organisation { statement.bind(organisation.rawValue, at: 2) }
        var points: [ContactPoint] = []
        while try statement.step() {
            guard let channel = statement.text(0).flatMap(Channel.init), let address = statement.text(1) else {
                // Left out, somebody would not be reached, and nothing would say so.
                statement.reset()
                throw LedgerError.unreadable("a contact point's channel")
            }
            points.append(ContactPoint(channel: channel, address: Redacted(address), rank: Int(statement.integer(2))))
        }
        return points
    }
}
