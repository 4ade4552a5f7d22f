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

    fileprivate init(database: Database, organisation: OrganisationID?, cache: GeocoderCache) {
        self.database = database
        self.organisation = organisation
        placer = Placer(database: database, cache: cache)
    }

    /// Places a recipient by address and commune, with what the territory and the address index hold now.
    package func place(of recipient: Recipient) throws -> Placement {
        try placer.place(recipient)
    }

    /// The boundary of a commune, if it is known.
    package func boundary(of code: CommuneCode) throws -> Area<WGS84>? { try database.boundary(ofCommune: code) }

    /// Whether the territory has the commune; true when no commune at all is imported, since nothing can be said.
    package func isKnown(_ code: CommuneCode) throws -> Bool {
        try database.hasBoundary(code) || database.newestVintage() == nil
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
        guard let organisation, let known = try database.knownRecipient(recipient.externalID, organisation: organisation)
        else {
            try locate(&recipient)
            return try alias(recipient, hash: hash) ?? RegisterComparison(change: .added, hash: hash)
        }
        var comparison = RegisterComparison(
            change: .unchanged, known: RecipientID(rawValue: known.id), hash: hash, expectedHash: known.contentHash)
        comparison.isFromAnotherSource = source != nil && known.source != source
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
        if !comparison.fields.isEmpty { comparison.change = .updated }
        comparison.losesLastContact = image.channels != 0 && recipient.contactPoints.isEmpty
            && image.contacts.allSatisfy { contact in
                Channel(rawValue: contact.channel).map(recipient.coveredChannels.contains) ?? true
            }
        return comparison
    }

    private static let placeFacts: Set<RecipientFact> = [.address, .postcode, .communeCode, .communeName, .location]

    /// A row that was merged into another recipient before: unchanged when that one has all it brings.
    private func alias(_ recipient: Recipient, hash: Data) throws -> RegisterComparison? {
        guard let organisation, let id = try Int64.fetchOne(
            database.cachedStatement(sql: """
                SELECT recipient_id FROM recipient_aliases WHERE organisation_id = ? AND external_id = ?
                """), arguments: [organisation.rawValue, recipient.externalID]),
              let image = try database.recipientImage(id)
        else { return nil }
        let addresses = Set(image.contacts.map { "\($0.channel) \($0.address)" })
        let hasAll = recipient.contactPoints.allSatisfy { addresses.contains("\($0.channel.rawValue) \($0.address.value)") }
        var comparison = RegisterComparison(
            change: hasAll ? .unchanged : .updated, known: RecipientID(rawValue: id), hash: hash,
            expectedHash: image.contentHash)
        comparison.fields = hasAll ? [] : ["contact_points"]
        comparison.isAlias = true
        return comparison
    }
}

extension AlertDatabase {
    /// Reads the register of an organisation, which may be a new one.
    package func readRegister<Value>(
        ofOrganisationNamed name: String, _ body: (RegisterSnapshot) throws -> Value
    ) throws -> Value {
        try pool.read { database in
            let id = try Int64.fetchOne(
                database, sql: "SELECT id FROM organisations WHERE name = ?", arguments: [name])
            return try body(RegisterSnapshot(
                database: database, organisation: id.map { OrganisationID(rawValue: $0) }, cache: geocoderCache))
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
            try database.storeStalePages()
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
