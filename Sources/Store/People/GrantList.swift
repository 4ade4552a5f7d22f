import AlertModel
import Foundation
import GRDB

/// A grant as a list shows it, with the names it takes.
package struct GrantCard: Sendable, Hashable {
    package let grant: Grant
    package let organisation: OrganisationID
    /// The account's or the group's.
    package let beneficiary: String
    /// The role's, the lender's or the group's.
    package let gift: String
    package let madeBy: String
    package let madeAt: Date
    package let decidedBy: String?
    package let decidedAt: Date?
}

extension AlertDatabase {
    /// Most grants read at once: the newest.
    package static let mostGrantsListed = 1_000

    /// The grants of an organisation, newest first.
    ///
    /// - Parameter ended: also those that are over, refused or withdrawn.
    package func grants(of organisation: OrganisationID, ended: Bool = false, at moment: Date = .now) throws -> [GrantCard] {
        try pool.read { database in
            try database.grantCards(
                where: "grants.organisation_id = :organisation AND (:ended OR (state IN ('pending', 'active') "
                    + "AND (ends_at IS NULL OR ends_at > :now)))",
                ["organisation": organisation.rawValue, "ended": ended, "now": moment.milliseconds])
        }
    }

    /// What waits for a second person, in an organisation and in those below it.
    package func pendingGrants(within organisation: OrganisationID, at moment: Date = .now) throws -> [GrantCard] {
        try pool.read { database in
            try database.grantCards(
                where: "state = 'pending' AND (ends_at IS NULL OR ends_at > :now)", ["now": moment.milliseconds]
            ).filter { try database.lineage(of: $0.organisation).contains(organisation) }
        }
    }

    /// The turns of duty that are on, or to come before a moment.
    package func shifts(of organisation: OrganisationID, from: Date = .now, until: Date) throws -> [GrantCard] {
        try pool.read { database in
            try database.grantCards(
                where: "grants.organisation_id = :organisation AND kind = 'shift' AND state IN ('pending', 'active') "
                    + "AND ends_at > :from AND starts_at < :until",
                ["organisation": organisation.rawValue, "from": from.milliseconds, "until": until.milliseconds]
            ).sorted { ($0.grant.startsAt, $0.grant.id) < ($1.grant.startsAt, $1.grant.id) }
        }
    }
}

extension Database {
    fileprivate func grantCards(where condition: String, _ arguments: StatementArguments) throws -> [GrantCard] {
        try Row.fetchAll(
            self,
            sql: """
                SELECT grants.*, coalesce(users.name, beneficiaries.name) AS beneficiary,
                       coalesce(grants.role, lenders.name, given.name) AS gift
                FROM grants LEFT JOIN users ON users.id = grants.user_id
                LEFT JOIN user_groups beneficiaries ON beneficiaries.id = grants.group_id
                LEFT JOIN users lenders ON lenders.id = grants.lender_id
                LEFT JOIN user_groups given ON given.id = grants.in_group_id
                WHERE \(condition) ORDER BY grants.id DESC LIMIT \(AlertDatabase.mostGrantsListed)
                """, arguments: arguments
        ).map { row in
            GrantCard(
                grant: try Grant(row: row), organisation: OrganisationID(rawValue: row["organisation_id"]),
                beneficiary: row["beneficiary"] ?? "?", gift: row["gift"] ?? "?", madeBy: row["made_by"],
                madeAt: Date(milliseconds: row["made_at"]), decidedBy: row["decided_by"],
                decidedAt: (row["decided_at"] as Int64?).map { Date(milliseconds: $0) })
        }
    }
}
