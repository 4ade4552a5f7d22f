import AlertModel
import Foundation
import GRDB

/// What people who were ticked are put on or taken off.
package enum PeopleLabel: Sendable, Hashable {
    /// A static list.
    case list(String)
    case tag(String)
}

extension AlertDatabase {
    /// Puts people of the organisation's own register on a list or a tag, or takes them off.
    ///
    /// - Returns: how many it changed.
    /// - Throws: `StoreError.unknownPerson` when one of them is not the organisation's, `.unknownList`, `.listIsComputed`,
    ///   `.invalidField`; `.keptBySystem` for a tag on one who is. Nothing is changed then.
    package func label(
        _ ids: [RecipientID], _ label: PeopleLabel, isOn: Bool, scope: RegisterScope, actor: String
    ) throws -> Int {
        try pool.write { database in
            let json = ids.json
            let owner = scope.writable.condition(on: "organisation_id")
            let owners = try Int64.fetchAll(
                database,
                sql: "SELECT organisation_id FROM recipients WHERE id IN (SELECT value FROM json_each(?)) AND \(owner.sql)",
                arguments: [json] + owner.arguments)
            guard owners.count == Set(ids).count, let organisation = owners.first, Set(owners).count == 1 else {
                throw StoreError.unknownPerson
            }
            let organisationID = OrganisationID(rawValue: organisation)
            // Who is on it already, or was not, stays as it was: the undoing of an import goes by who was changed by hand.
            let changed: [Int64]
            switch label {
            case .list(let name):
                let list = try database.list(named: name, scope: .organisation(organisationID))
                guard list.definition == .members else { throw StoreError.listIsComputed(name: name) }
                changed = try Int64.fetchAll(
                    database,
                    sql: """
                        SELECT DISTINCT value FROM json_each(?) WHERE value \(isOn ? "NOT IN" : "IN")
                            (SELECT recipient_id FROM list_members WHERE list_id = ?) ORDER BY value
                        """, arguments: [json, list.id.rawValue])
                try database.execute(
                    sql: isOn
                        ? "INSERT INTO list_members (list_id, recipient_id) SELECT ?, value FROM json_each(?)"
                        : "DELETE FROM list_members WHERE list_id = ? AND recipient_id IN (SELECT value FROM json_each(?))",
                    arguments: [list.id.rawValue, changed.json])
                try database.auditList(
                    isOn ? "add" : "remove", name, list.organisation, actor: actor, detail: Self.detail(ofChanged: changed))
            case .tag(let tag):
                for id in ids { _ = try database.writableImage(id, scope: scope) }
                changed = try Int64.fetchAll(
                    database,
                    sql: """
                        SELECT DISTINCT value FROM json_each(?) WHERE value \(isOn ? "NOT IN" : "IN")
                            (SELECT recipient_id FROM recipient_tags WHERE tag = ?) ORDER BY value
                        """, arguments: [json, tag])
                for id in changed { try database.apply(isOn ? .addTag(tag) : .removeTag(tag), to: RecipientID(rawValue: id)) }
                try database.audit(
                    actor: actor, action: isOn ? "tag.add" : "tag.remove", subject: tag,
                    detail: Self.detail(ofChanged: changed), organisation: organisationID)
            }
            if !changed.isEmpty {
                try database.execute(
                    sql: "UPDATE recipients SET import_id = NULL, updated_at = ? WHERE id IN (SELECT value FROM json_each(?))",
                    arguments: [Date.now.milliseconds, changed.json])
            }
            return changed.count
        }
    }

    private static func detail(ofChanged numbers: [Int64]) -> [String: String] {
        ["members": String(numbers.count)].merging(SightNumbers.recipients.detail(numbers)) { _, new in new }
    }
}
