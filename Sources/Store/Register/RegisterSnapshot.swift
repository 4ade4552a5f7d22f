import AlertModel
import Foundation
import GRDB
import GeoModel

/// A row of a source against the register.
package struct RegisterComparison: Sendable {
    package var change: RecipientChange
    /// The row it is about; nil when it would be added.
    package var known: RecipientID?
    /// The digest of what the source said.
    package var hash: Data
    /// The digest the register had: the write is refused if it has another by then.
    package var expectedHash: Data?
    /// What differs, sorted.
    package var fields: [String] = []
    /// Whether the recipient can be reached now, and could not be once the row is written.
    package var losesLastContact = false
    /// Whether another source named the recipient last.
    package var isFromAnotherSource = false
    /// Whether the identifier is one that was merged into `known`.
    package var isAlias = false
}

/// The register and the territory as one read transaction sees them.
///
/// The long work of an import (parsing, geocoding, comparing) is done against it, so that the database's one write
/// lock is held only while what changed is written: a campaign can be launched or stopped meanwhile.
package struct RegisterSnapshot {
    let database: Database
    let organisation: OrganisationID?
    private let placer: Placer
    /// Looked at once, so that the first import of a large register asks for none of its rows.
    private let hasRecipients: Bool
    private let hasAliases: Bool
    /// Those cards that several rows are: few, and all others need no look.
    private let merged: Set<Int64>

    fileprivate init(_ database: Database, organisationNamed name: String, cache: GeocoderCache) throws {
        self.database = database
        placer = Placer(database: database, cache: cache)
        let id = try Int64.fetchOne(
            database.cachedStatement(sql: "SELECT id FROM organisations WHERE name = ?"), arguments: [name])
        organisation = id.map { OrganisationID(rawValue: $0) }
        func hasRow(_ table: String) throws -> Bool {
            try id.map { id in
                try Int.fetchOne(
                    database.cachedStatement(sql: "SELECT 1 FROM \(table) WHERE organisation_id = ? LIMIT 1"),
                    arguments: [id]) != nil
            } ?? false
        }
        hasRecipients = try hasRow("recipients")
        hasAliases = try hasRow("recipient_aliases")
        merged = hasAliases ? try Set(Int64.fetchCursor(
            database.cachedStatement(sql: "SELECT recipient_id FROM recipient_aliases WHERE organisation_id = ?"), arguments: [id])) : []
    }

    /// Whether the organisation has nobody yet.
    package var isEmpty: Bool { !hasRecipients }

    /// Places a recipient by address and commune, with what the territory and the address index hold now.
    package func place(of recipient: Recipient) throws -> Placement {
        try placer.place(recipient)
    }

    /// The boundary of a commune, if it is known.
    package func boundary(of code: CommuneCode) throws -> Area<WGS84>? { try database.boundary(ofCommune: code) }

    /// Whether the territory knows the code, an old one included; true when no commune at all is imported, since nothing
    /// can be said.
    package func isKnown(_ code: CommuneCode) throws -> Bool {
        try !database.places(of: code).isEmpty || database.hasBoundary(code) || database.newestVintage() == nil
    }

    /// What writing the recipient would do.
    ///
    /// - Parameters:
    ///   - recipient: as its source gives it; afterwards whole, with what the source does not speak of as the register
    ///     has it, and located.
    ///   - source: whose row it is; nil when nobody asks.
    ///   - locate: gives it its place. Called once, when the address is whole.
    package func compare(
        _ recipient: inout Recipient, source: String?, locate: (inout Recipient) throws -> Void
    ) throws -> RegisterComparison {
        let hash = recipient.contentHash
        // Nothing to compare with: not even the register's own questions are asked.
        guard hasRecipients || hasAliases else {
            try locate(&recipient)
            return RegisterComparison(change: .added, hash: hash)
        }
        guard let organisation, let known = try database.knownRecipient(recipient.externalID, organisation: organisation)
        else {
            if let alias = try alias(&recipient, hash: hash, source: source, locate: locate) { return alias }
            try locate(&recipient)
            return RegisterComparison(change: .added, hash: hash)
        }
        var comparison = RegisterComparison(
            change: .unchanged, known: RecipientID(rawValue: known.id), hash: hash, expectedHash: known.contentHash)
        comparison.isFromAnotherSource = source != nil && known.source != source
        if merged.contains(known.id), let image = try database.recipientImage(known.id) {
            try hear(&recipient, on: image, source: source, into: &comparison, locate: locate)
            return comparison
        }
        let isWhole = recipient.coveredFacts.isSuperset(of: Self.placeFacts)
        if isWhole { try locate(&recipient) }
        if known.contentHash == hash, isWhole, known.location == recipient.location,
           recipient.communeCode?.rawValue == known.communeCode, recipient.isCommuneFound == known.isCommuneFound
        {
            return comparison
        }
        guard let image = try database.recipientImage(known.id) else { return comparison }
        recipient = recipient.overlaid(on: image)
        if !isWhole { try locate(&recipient) }
        comparison.fields = try database.changedFields(of: recipient, from: image)
        if known.contentHash == hash {
            // The source says what it said. What else the recipient has was written by hand; only its place may be better
            // known now.
            comparison.fields.removeAll { !["location", "commune_code"].contains($0) }
        }
        if !comparison.fields.isEmpty { comparison.change = .updated }
        comparison.losesLastContact = image.channels != 0 && recipient.contactPoints.isEmpty
            && image.contacts.allSatisfy { contact in
                Channel(rawValue: contact.channel).map(recipient.coveredChannels.contains) ?? true
            }
        return comparison
    }

    private static let placeFacts: Set<RecipientFact> = [.address, .postcode, .communeCode, .communeName, .location]

    /// A row that was merged into another recipient before.
    private func alias(
        _ recipient: inout Recipient, hash: Data, source: String?, locate: (inout Recipient) throws -> Void
    ) throws -> RegisterComparison? {
        guard let organisation, hasAliases,
            let id = try database.recipientNumber(of: recipient.externalID, organisation: organisation),
            let image = try database.recipientImage(id)
        else { return nil }
        var comparison = RegisterComparison(
            change: .unchanged, known: RecipientID(rawValue: id), hash: hash, expectedHash: image.contentHash)
        comparison.isAlias = true
        try hear(&recipient, on: image, source: source, into: &comparison, locate: locate)
        return comparison
    }

    /// One of the rows that a card is: what the card would be, with what the others give.
    private func hear(
        _ recipient: inout Recipient, on image: RecipientImage, source: String?, into comparison: inout RegisterComparison,
        locate: (inout Recipient) throws -> Void
    ) throws {
        let own = recipient.externalID == image.externalID ? image : image.blank
        recipient = recipient.overlaid(on: image.contribution(of: recipient.externalID)?.image ?? own)
        try locate(&recipient)
        let heard = image.hearing(
            recipient, hash: comparison.hash, source: source, importID: nil, lists: try lists(recipient.lists))
        comparison.fields = heard.changedFields(from: image)
        comparison.change = heard == image ? .unchanged : .updated
        comparison.losesLastContact = image.channels != 0 && heard.contacts.isEmpty
    }

    /// The identifiers of lists; of one that would be made, one that no list has.
    private func lists(_ names: [String]?) throws -> [Int64]? {
        try names.map { names in
            try Set(names).sorted().enumerated().map { index, name in
                try Int64.fetchOne(
                    database.cachedStatement(sql: "SELECT id FROM lists WHERE organisation_id = ? AND name = ?"),
                    arguments: [organisation?.rawValue, name]) ?? -Int64(index + 1)
            }
        }
    }
}

extension AlertDatabase {
    /// Reads the register of an organisation, which may be a new one.
    package func readRegister<Value>(
        ofOrganisationNamed name: String, _ body: (RegisterSnapshot) throws -> Value
    ) throws -> Value {
        try pool.read { database in
            try body(RegisterSnapshot(database, organisationNamed: name, cache: geocoderCache))
        }
    }

    /// Writes recipients in one transaction, with the file's place among the datasets.
    ///
    /// - Parameter unchanged: rows of the file that were found unchanged and are not among the recipients.
    package func writeRecipients(
        _ recipients: [Recipient], unchanged: Int, organisationNamed name: String, from file: ImportedFile,
        actor: String
    ) throws -> RecipientImportCounts {
        try pool.write { database in
            var writer = try RecipientWriter(database: database, organisation: try database.organisation(named: name))
            for recipient in recipients { try writer.write(recipient) }
            try database.packRegisterIfStale()
            var counts = writer.counts
            counts.unchanged += unchanged
            try database.record(
                file, kind: "recipients", rows: counts.total, actor: actor,
                detail: [
                    "organisation": name, "added": String(counts.added), "updated": String(counts.updated),
                ])
            return counts
        }
    }
}

// MARK: What a source has

extension RegisterSnapshot {
    /// The row of an external identifier, or of the recipient it was merged into.
    package func recipient(_ externalID: String) throws -> RecipientID? {
        guard let organisation else { return nil }
        return try database.recipientNumber(of: externalID, organisation: organisation).map { RecipientID(rawValue: $0) }
    }

    package func externalID(of recipient: RecipientID) throws -> String? {
        try String.fetchOne(
            database.cachedStatement(sql: "SELECT external_id FROM recipients WHERE id = ?"),
            arguments: [recipient.rawValue])
    }

    /// Calls `body` with each recipient that this source named last.
    ///
    /// - Parameter body: told also whether another source, or somebody by hand, named a part of the recipient.
    package func forEachRecipient(
        ofSource source: String, _ body: (_ recipient: RecipientID, _ isOthersToo: Bool) throws -> Void
    ) throws {
        guard let organisation else { return }
        let shared = try Set(Int64.fetchAll(
            database,
            sql: "SELECT recipient_id FROM recipient_aliases WHERE organisation_id = ? AND source IS NOT ?",
            arguments: [organisation.rawValue, source]))
        let rows = try RawStatement(
            database, "SELECT id FROM recipients WHERE organisation_id = ? AND source = ? ORDER BY id")
        rows.bind(organisation.rawValue, at: 1)
        rows.bind(source, at: 2)
        defer { rows.reset() }
        while try rows.step() {
            let id = rows.integer(0)
            try body(RecipientID(rawValue: id), shared.contains(id))
        }
    }

    /// What tells two recipients of the register for one: name, address, commune, and the addresses of their contact
    /// points. In the order of their rows.
    package func forEachIdentity(
        _ body: (
            _ recipient: RecipientID, _ name: String, _ address: String?, _ commune: String?, _ contacts: [String]
        ) throws -> Void
    ) throws {
        guard let organisation, hasRecipients else { return }
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT recipients.id, name, recipients.address, commune_code, contact_points.address
                FROM recipients LEFT JOIN contact_points ON recipient_id = recipients.id
                WHERE organisation_id = ? AND source IS NOT ? ORDER BY recipients.id, contact_points.address
                """, arguments: [organisation.rawValue, TownHalls.source])
        var current: (id: Int64, name: String, address: String?, commune: String?)?
        var contacts: [String] = []
        func flush() throws {
            guard let current else { return }
            try body(RecipientID(rawValue: current.id), current.name, current.address, current.commune, contacts)
            contacts.removeAll(keepingCapacity: true)
        }
        while let row = try rows.next() {
            let id: Int64 = row[0]
            if current?.id != id {
                try flush()
                current = (id, row[1], row[2], row[3])
            }
            if let contact: String = row[4], contacts.last != contact { contacts.append(contact) }
        }
        try flush()
    }
}
