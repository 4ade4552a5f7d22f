import AlertModel
import Foundation
import GRDB
import GeoModel
import Targeting

/// Whom to put on a static list, or to take off it.
package enum ListedRecipients: Sendable {
    /// By the register's identifiers.
    case identifiers([String])
    /// Everyone a zone selects, by the rules of a selection.
    case zone(Zone, SelectionFilter)
}

extension AlertDatabase {
    /// Puts recipients of the list's organisation on a static list.
    ///
    /// - Returns: how many were not on it before.
    /// - Throws: `StoreError.unknownRecipients` when the organisation has not all of them, `.listIsComputed` for a filter
    ///   or a combination, and as `Selector.select`. Nothing is changed then.
    package func addMembers(
        _ recipients: ListedRecipients, toListNamed name: String, scope: RegisterScope, actor: String
    ) throws -> Int {
        try changeMembers(recipients, ofListNamed: name, scope: scope, actor: actor, verb: "add", sql: """
            INSERT INTO list_members (list_id, recipient_id) SELECT ?, value FROM json_each(?) WHERE true
            ON CONFLICT DO NOTHING
            """)
    }

    /// Takes recipients off a static list; they stay in the register.
    ///
    /// - Returns: how many were on it. - Throws: as `addMembers`.
    package func removeMembers(
        _ recipients: ListedRecipients, fromListNamed name: String, scope: RegisterScope, actor: String
    ) throws -> Int {
        try changeMembers(recipients, ofListNamed: name, scope: scope, actor: actor, verb: "remove", sql: """
            DELETE FROM list_members WHERE list_id = ? AND recipient_id IN (SELECT value FROM json_each(?))
            """)
    }

    private func changeMembers(
        _ recipients: ListedRecipients, ofListNamed name: String, scope: RegisterScope, actor: String, verb: String,
        sql: String
    ) throws -> Int {
        try pool.write { database in
            let list = try database.list(named: name, scope: scope.writable)
            guard list.definition == .members else { throw StoreError.listIsComputed(name: name) }
            let ids = try database.ids(of: recipients, in: list.organisation)
            try database.execute(
                sql: sql,
                arguments: [list.id.rawValue, ids.json])
            let changed = database.changesCount
            try database.auditList(
                verb, name, list.organisation, actor: actor, detail: ["members": String(changed)])
            return changed
        }
    }
}

extension Database {
    /// - Throws: `StoreError.unknownRecipients`, and as `Selector.select`.
    func ids(of recipients: ListedRecipients, in organisation: OrganisationID) throws -> [RecipientID] {
        switch recipients {
        case .zone(let zone, let filter):
            var ids: [RecipientID] = []
            _ = try forEachSelected(
                in: zone, scope: .organisation(organisation), filter: filter, as: CountedRow.self
            ) { ids.append($0.id) }
            return ids
        case .identifiers(let externalIDs):
            let lookup = try makeStatement(sql: "SELECT id FROM recipients WHERE organisation_id = ? AND external_id = ?")
            var ids: [RecipientID] = []
            var unknown: [String] = []
            for externalID in externalIDs {
                if let id = try Int64.fetchOne(lookup, arguments: [organisation.rawValue, externalID]) {
                    ids.append(RecipientID(rawValue: id))
                } else {
                    unknown.append(externalID)
                }
            }
            guard unknown.isEmpty else { throw StoreError.unknownRecipients(externalIDs: unknown) }
            return ids
        }
    }
}
