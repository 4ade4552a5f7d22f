import AlertModel
import Foundation
import GRDB
import GeoModel

/// What writing a recipient would do.
package enum RecipientChange: Sendable, Equatable {
    case added, updated, unchanged
}

/// The register and the territory as one read transaction sees them.
///
/// The long work of an import (parsing, geocoding, comparing) is done against it, so that the database's one write
/// lock is held only while what changed is written: a campaign can be launched or stopped meanwhile.
package struct RegisterSnapshot {
    private let database: Database
    private let organisation: OrganisationID?

    fileprivate init(database: Database, organisation: OrganisationID?) {
        self.database = database
        self.organisation = organisation
    }

    /// Places a recipient by address and commune, with what the territory and the address index hold now.
    package func place(of recipient: Recipient) throws -> Placement {
        try database.place(
            address: recipient.addressText?.value, postcode: recipient.postcode, communeName: recipient.communeName,
            communeCode: recipient.communeCode)
    }

    /// The boundary of a commune, if it is known.
    package func boundary(of code: CommuneCode) throws -> Area<WGS84>? { try database.boundary(ofCommune: code) }

    /// Whether the territory knows the code, an old one included; true when no commune at all is imported, since nothing
    /// can be said.
    package func isKnown(_ code: CommuneCode) throws -> Bool {
        try !database.places(of: code).isEmpty || database.hasBoundary(code) || database.newestVintage() == nil
    }

    /// The coordinates that were given for a recipient before, if any.
    package func givenLocation(ofExternalID externalID: String) throws -> Location? {
        guard let organisation else { return nil }
        return try Row.fetchOne(
            database.cachedStatement(sql: """
                SELECT precision, score, uncertainty_metres, X(location) AS x, Y(location) AS y FROM recipients
                WHERE organisation_id = ? AND external_id = ? AND precision = 'given'
                """), arguments: [organisation.rawValue, externalID]
        ).flatMap { Location(row: $0) }
    }

    /// What writing the recipient would do.
    package func change(of recipient: Recipient) throws -> RecipientChange {
        guard let organisation else { return .added }
        return try database.change(of: recipient, organisation: organisation).change
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
            return try body(RegisterSnapshot(database: database, organisation: id.map { OrganisationID(rawValue: $0) }))
        }
    }
}

extension Database {
    /// What writing a recipient would do, and the row it would replace.
    func change(
        of recipient: Recipient, organisation: OrganisationID
    ) throws -> (change: RecipientChange, known: Int64?) {
        let known = try Row.fetchOne(
            cachedStatement(sql: """
                SELECT id, content_hash, precision, score, uncertainty_metres, X(location) AS x, Y(location) AS y
                FROM recipients WHERE organisation_id = ? AND external_id = ?
                """), arguments: [organisation.rawValue, recipient.externalID])
        guard let known else { return (.added, nil) }
        let isSame = known["content_hash"] == recipient.contentHash && Location(row: known) == recipient.location
        return (isSame ? .unchanged : .updated, known["id"])
    }
}

extension Recipient {
    /// Over what the file said; the location is compared apart, since a geocoder may learn.
    var contentHash: Data {
        var hash = ContentHash()
        hash.add(fields: [
            kind.rawValue, name.value, addressText?.value, postcode,
            communeCode?.rawValue, isCommuneFound ? "found" : "given", communeName, language,
            lists?.sorted().joined(separator: "\u{1F}"),
        ])
        hash.add(coveredChannels.sorted().map(\.rawValue).joined(separator: ","))
        for point in contactPoints {
            hash.add(point.channel.rawValue)
            hash.add(point.address.value)
            hash.add(String(point.rank))
        }
        return hash.finish()
    }
}
