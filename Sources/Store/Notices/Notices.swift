import AlertModel
import Campaigns
import Foundation
import GRDB

/// What somebody is written to about.
package enum NoticeOccasion: String, CaseIterable, Hashable, Sendable {
    /// A launch waits for a second person.
    case launch
    /// Another text of a campaign under way does.
    case amendment
    case scenario
    /// Another organisation handed ground over.
    case handover
    /// Somebody went on alone.
    case breakGlass = "break_glass"

    /// Whom it is for.
    package var audience: Set<Capability> {
        switch self {
        case .launch, .amendment, .scenario: [.approve]
        case .handover: [.launch]
        case .breakGlass: [.approve, .administer]
        }
    }
}

/// An e-mail about what waits, to be written to whoever has an address and the right at that moment.
package struct Notice: Sendable {
    package let id: Int64
    package let organisation: OrganisationID
    package let organisationName: String
    package let occasion: NoticeOccasion
    /// Of the request, or of the campaign.
    package let number: Int64
    /// Who asked, or went on alone.
    package let by: String
    package let expiresAt: UTCTime
    package let addresses: [EmailAddress]
}

extension AlertDatabase {
    /// At one turn; the others come at the next.
    private static let mostDue = 20
    /// Addresses of one notice: an organisation's approvers, not a mailing list.
    private static let mostAddresses = 50

    /// Where an account is written to; nil for nowhere.
    package func noticeAddress(of user: String) throws -> EmailAddress? {
        try pool.read { database in
            try String.fetchOne(
                database, sql: """
                    SELECT email FROM notice_addresses JOIN users ON users.id = user_id WHERE users.name = ?
                    """, arguments: [user]
            ).flatMap { EmailAddress($0) }
        }
    }

    /// - Parameters:
    ///   - organisation: whose account it must be; nil for any.
    ///   - address: nil takes it away. The journal has no address.
    /// - Throws: `RightsError.unknownPerson`.
    package func setNoticeAddress(
        of user: String, within organisation: OrganisationID?, to address: EmailAddress?, actor: String, now: UTCTime
    ) throws {
        try pool.write { database in
            let row = try Row.fetchOne(
                database, sql: "SELECT id, organisation_id FROM users WHERE name = ? AND closed_at IS NULL", arguments: [user])
            guard let row, organisation == nil || organisation?.rawValue == row["organisation_id"] else {
                throw RightsError.unknownPerson
            }
            let id: Int64 = row["id"]
            try database.execute(sql: "DELETE FROM notice_addresses WHERE user_id = ?", arguments: [id])
            if let address {
                try database.execute(
                    sql: "INSERT INTO notice_addresses (user_id, email, set_at) VALUES (?, ?, ?)",
                    arguments: [id, address.text, now.millisecondsSince1970])
            }
            try database.audit(
                actor: actor, action: "user.notices", subject: user, detail: ["address": address == nil ? "none" : "set"],
                organisation: OrganisationID(rawValue: row["organisation_id"]))
        }
    }

    /// What is still to be written, the oldest first, each with those who may answer it now. Nobody is told of what they did
    /// themselves. Those that are too old come without addresses, to be settled without being written.
    ///
    /// - Parameter resting: numbers of those that are left alone for now: they keep no place from the others.
    package func dueNotices(besides resting: [Int64] = [], now: UTCTime) throws -> [Notice] {
        let left = resting.json
        let due = try pool.read { database in
            try Row.fetchAll(
                database, sql: """
                    SELECT notices.*, organisations.name FROM notices JOIN organisations ON organisations.id = organisation_id
                    WHERE settled_at IS NULL AND notices.id NOT IN (SELECT value FROM json_each(?))
                    ORDER BY notices.id LIMIT \(Self.mostDue)
                    """, arguments: [left]
            ).map { row in
                let organisation = OrganisationID(rawValue: row["organisation_id"])
                guard let occasion = NoticeOccasion(rawValue: row["occasion"]) else { throw LedgerError.unreadable("a notice's occasion") }
                let expiry = UTCTime(stored: row["expires_at"])
                return Notice(
                    id: row["id"], organisation: organisation, organisationName: row["name"], occasion: occasion,
                    number: row["number"], by: row["besides"], expiresAt: expiry,
                    addresses: now < expiry
                        ? try database.noticeAddresses(of: organisation, occasion, besides: row["besides"], at: Date(milliseconds: now.millisecondsSince1970))
                            .prefix(Self.mostAddresses).map(\.self) : [])
            }
        }
        return due
    }

    /// - Parameter sent: how many were written to.
    package func settle(_ notice: Notice, sent: Int, now: UTCTime) throws {
        try pool.write { database in
            try database.execute(
                sql: "UPDATE notices SET settled_at = ?, sent = ? WHERE id = ? AND settled_at IS NULL",
                arguments: [now.millisecondsSince1970, sent, notice.id])
        }
    }
}

extension Database {
    /// An e-mail to be written once there is a server, in the transaction of what it is about.
    func notice(
        _ occasion: NoticeOccasion, _ number: Int64, to organisation: OrganisationID, besides: String, until: UTCTime,
        now: UTCTime
    ) throws {
        try execute(
            sql: """
                INSERT INTO notices (organisation_id, occasion, number, besides, made_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                organisation.rawValue, occasion.rawValue, number, besides, now.millisecondsSince1970,
                until.millisecondsSince1970,
            ])
    }

    /// What waited is answered or taken back: nobody needs to be written to about it any more. In the transaction of that.
    func settleNotices(_ occasion: NoticeOccasion, _ number: Int64, now: UTCTime) throws {
        try execute(
            sql: "UPDATE notices SET settled_at = ? WHERE occasion = ? AND number = ? AND settled_at IS NULL",
            arguments: [now.millisecondsSince1970, occasion.rawValue, number])
    }

    fileprivate func noticeAddresses(
        of organisation: OrganisationID, _ occasion: NoticeOccasion, besides: String, at moment: Date
    ) throws -> [EmailAddress] {
        let book = try rightsBook(of: organisation, at: moment)
        return try Row.fetchAll(
            self, sql: """
                SELECT users.id, email FROM users JOIN notice_addresses ON user_id = users.id
                WHERE organisation_id = ? AND closed_at IS NULL AND name <> ? ORDER BY name
                """, arguments: [organisation.rawValue, besides]
        ).filter { !book.capabilities(of: UserID(rawValue: $0["id"])).isDisjoint(with: occasion.audience) }
            .compactMap { EmailAddress($0["email"] as String) }
    }
}
