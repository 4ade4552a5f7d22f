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
        try pool.read { database in
            var counts = ZoneCounts()
            var communes: [String: Int] = [:]
            let verdicts = try Selector(register: RegisterReader(database: database, scope: scope)).select(zone)
            let lookup = try database.makeStatement(sql: "SELECT channels, commune_code FROM recipients WHERE id = ?")
            for entry in verdicts.entries {
                guard let certainty = entry.verdict.certainty else {
                    counts.notLocated += 1
                    continue
                }
                guard let row = try Row.fetchOne(lookup, arguments: [entry.recipient.rawValue]) else { continue }
                let mask = ChannelMask(rawValue: row[0])
                guard filter.admits(certainty, mask) else { continue }
                counts.add(certainty, mask)
                if let commune: String = row[1] { communes[commune, default: 0] += 1 }
            }
            counts.communes = try database.byCommuneToday(communes).count
            return counts
        }
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

extension ZoneCounts {
    mutating func add(_ certainty: Certainty, _ mask: ChannelMask) {
        if certainty == .certain { certain += 1 } else { possible += 1 }
        if mask.isEmpty { unreachable += 1 }
        for channel in Channel.allCases where mask.contains(ChannelMask(channel)) {
            channels[channel, default: 0] += 1
        }
    }
}

extension Database {
    func selectedRecipients(in zone: Zone, scope: RegisterScope, filter: SelectionFilter) throws
        -> [SelectedRecipient]
    {
        let verdicts = try Selector(register: RegisterReader(database: self, scope: scope)).select(zone)
        let labels = zone.terms.map(\.label)
        let lookup = try makeStatement(sql: """
            SELECT external_id, commune_code, commune_name, precision, X(location) AS x, Y(location) AS y, channels
            FROM recipients WHERE id = ?
            """)
        var selected: [SelectedRecipient] = []
        selected.reserveCapacity(verdicts.entries.count)
        for entry in verdicts.entries {
            guard let certainty = entry.verdict.certainty,
                  let row = try Row.fetchOne(lookup, arguments: [entry.recipient.rawValue])
            else { continue }
            let mask = ChannelMask(rawValue: row["channels"])
            guard filter.admits(certainty, mask) else { continue }
            let code = (row["commune_code"] as String?).flatMap { CommuneCode($0) }
            let stored = (row["precision"] as String?).flatMap { Precision(rawValue: $0) }
            let x: Double? = row["x"]
            let y: Double? = row["y"]
            selected.append(SelectedRecipient(
                id: entry.recipient, externalID: row["external_id"], certainty: certainty, communeCode: code,
                communeName: row["commune_name"], precision: stored ?? (code == nil ? .notLocated : .commune),
                position: x.flatMap { x in y.map { Position(longitude: x, latitude: $0) } },
                channels: Channel.allCases.filter { mask.contains(ChannelMask($0)) },
                why: labels.indices.filter { entry.reasons.contains(term: $0) }.map { labels[$0] }
                    .joined(separator: "; ")))
        }
        return selected.sorted { Self.byteOrder($0.externalID, $1.externalID) }
    }

    /// The order of `LC_ALL=C sort`.
    static func byteOrder(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }
}
