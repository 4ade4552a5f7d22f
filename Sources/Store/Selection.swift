import AlertModel
import Foundation
import GRDB
import GeoModel
import Targeting

/// A recipient a zone selects, with what a list or a report shows.
package struct SelectedRecipient: Sendable {
    package let id: RecipientID
    package let externalID: String
    package let certainty: Certainty
    package let communeCode: CommuneCode?
    package let communeName: String?
    package let precision: Precision
    package let position: Position<WGS84>?
    package let channels: [Channel]
    /// The zone's terms that speak for the recipient, in words.
    package let why: String
}

/// Narrows a selection. By default everyone selected, reachable or not.
package struct SelectionFilter: Sendable {
    package let channel: Channel?
    package let certainOnly: Bool

    package init(channel: Channel? = nil, certainOnly: Bool = false) {
        self.channel = channel
        self.certainOnly = certainOnly
    }

    func admits(_ certainty: Certainty, _ mask: ChannelMask) -> Bool {
        (!certainOnly || certainty == .certain) && (channel.map { mask.contains(ChannelMask($0)) } ?? true)
    }
}

extension AlertDatabase {
    /// Counts whom a zone selects, in one read transaction.
    ///
    /// - Throws: what `Selector.select` throws: a zone that cannot be judged is never an empty answer.
    package func counts(of zone: Zone, scope: RegisterScope, filter: SelectionFilter = SelectionFilter()) throws
        -> ZoneCounts
    {
        try pool.read { try $0.counts(of: zone, scope: scope, filter: filter) }
    }

    /// Whom a zone selects, sorted by external identifier in byte order.
    ///
    /// - Throws: as `counts(of:scope:filter:)`.
    package func selectedRecipients(
        in zone: Zone, scope: RegisterScope, filter: SelectionFilter = SelectionFilter()
    ) throws -> [SelectedRecipient] {
        try pool.read { database in
            try database.selectedRecipients(in: zone, scope: scope, filter: filter)
        }
    }

    /// Recipients that a zone cannot judge because nothing usable is known of their place: external identifiers.
    package func notLocatedRecipients(in zone: Zone, scope: RegisterScope) throws -> [String] {
        try pool.read { database in
            let verdicts = try Selector(register: RegisterReader(database: database, scope: scope)).select(zone)
            let lookup = try database.makeStatement(sql: "SELECT external_id FROM recipients WHERE id = ?")
            return try verdicts.entries.filter { $0.verdict == .notLocated }.compactMap {
                try String.fetchOne(lookup, arguments: [$0.recipient.rawValue])
            }.sorted(by: Database.byteOrder)
        }
    }

    /// Explains one recipient, named by external identifier.
    ///
    /// - Throws: `StoreError.unknownRecipient` when the scope has no such recipient.
    package func explanations(ofExternalID externalID: String, in zone: Zone, scope: RegisterScope) throws
        -> [Explanation]
    {
        try pool.read { database in
            let owner = scope.condition(on: "organisation_id")
            let ids = try Int64.fetchAll(
                database,
                sql: "SELECT id FROM recipients WHERE external_id = ? AND \(owner.sql) ORDER BY organisation_id",
                arguments: [externalID] + owner.arguments)
            guard !ids.isEmpty else { throw StoreError.unknownRecipient(externalID: externalID) }
            let explainer = Explainer(register: RegisterReader(database: database, scope: scope))
            return try ids.map { try explainer.explain(RecipientID(rawValue: $0), in: zone) }
        }
    }
}

extension Database {
    func selectedRecipients(in zone: Zone, scope: RegisterScope, filter: SelectionFilter) throws
        -> [SelectedRecipient]
    {
        var selected: [SelectedRecipient] = []
        _ = try forEachSelected(
            in: zone, scope: scope, filter: filter, as: NamedPlace.self
        ) { member in
            let row = member.row.named
            selected.append(SelectedRecipient(
                id: member.id, externalID: row.externalID, certainty: member.certainty, communeCode: row.communeCode,
                communeName: row.communeName, precision: row.precision, position: member.row.position,
                channels: row.channels.members, why: member.why))
        }
        return selected.sorted { Self.byteOrder($0.externalID, $1.externalID) }
    }
}
