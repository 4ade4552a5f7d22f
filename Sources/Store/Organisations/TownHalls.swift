import AlertModel
import Foundation
import GRDB
import GeoModel

/// Organisations as recipients of those above them: each card is mirrored, in the transaction that changes it, as an office
/// of every ancestor's register, on a list that the system keeps. A prefecture thus alerts its mayors as it alerts anybody:
/// by that list, by a zone, or both.
enum TownHalls {
    /// The source of the mirrored recipients: imports and edits leave them alone.
    static let source = "tocsin:organisations"
    /// What their identifiers begin with, and nobody else's may.
    static let prefix = RegisterReserved.prefix

    static func externalID(of organisation: OrganisationID) -> String { "\(prefix)organisme-\(organisation)" }
}

/// What the register keeps for itself.
package enum RegisterReserved {
    /// No file's identifier may begin so.
    package static let prefix = "@tocsin/"
}

extension AlertDatabase {
    /// How an organisation is reached; nil when nobody has said.
    package func contactCard(of organisation: OrganisationID) throws -> ContactCard? {
        try pool.read { try $0.contactCard(of: organisation) }
    }

    /// Says how an organisation is reached, and tells those above it, in one transaction. The journal has no name and number.
    ///
    /// - Parameter card: its addresses checked; nil takes it away.
    /// - Throws: `StoreError.invalidOrganisation`.
    package func setContactCard(_ card: ContactCard?, of organisation: OrganisationID, actor: String) throws {
        if let card { try card.requireSound() }
        try pool.write { database in
            try database.execute(
                sql: "DELETE FROM organisation_contacts WHERE organisation_id = ?", arguments: [organisation.rawValue])
            if let card { try database.write(card, of: organisation, actor: actor) }
            try database.mirrorTownHalls(of: organisation)
            try database.audit(
                actor: actor, action: "organisation.contact", subject: try database.organisationName(organisation),
                detail: ["contact_points": String(card?.contactPoints.count ?? 0)])
        }
    }
}

extension ContactCard {
    fileprivate func requireSound() throws {
        func isLine(_ text: String) -> Bool {
            text.unicodeScalars.count <= Self.longestText
                && text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
        }
        guard !name.value.isEmpty, isLine(name.value), isLine(function) else {
            throw StoreError.invalidOrganisation(
                reason: "the card's name has 1 to \(Self.longestText) characters on one line, its function at most as many")
        }
        guard !contactPoints.isEmpty else {
            throw StoreError.invalidOrganisation(reason: "the card has neither a number nor an e-mail address")
        }
        let numbers = Set(contactPoints.filter(\.isEmergency).map(\.address.value))
        guard numbers.count <= Self.mostNumbers else {
            throw StoreError.invalidOrganisation(reason: "a card has at most \(Self.mostNumbers) emergency numbers")
        }
    }
}

extension Database {
    func contactCard(of organisation: OrganisationID) throws -> ContactCard? {
        guard let row = try Row.fetchOne(
            self, sql: "SELECT name, function FROM organisation_contacts WHERE organisation_id = ?",
            arguments: [organisation.rawValue])
        else { return nil }
        let points = try Row.fetchAll(
            self,
            sql: """
                SELECT channel, address, rank, is_emergency FROM organisation_contact_points
                WHERE organisation_id = ? ORDER BY rank, channel, address
                """, arguments: [organisation.rawValue]
        ).map { row in
            ContactPoint(
                channel: try Channel(stored: row["channel"]), address: Redacted(row["address"]), rank: row["rank"],
                isEmergency: row["is_emergency"], consent: .legalBasis, provenance: TownHalls.source)
        }
        return ContactCard(name: Redacted(row["name"]), function: row["function"], contactPoints: points)
    }

    fileprivate func write(_ card: ContactCard, of organisation: OrganisationID, actor: String) throws {
        try execute(
            sql: """
                INSERT INTO organisation_contacts (organisation_id, name, function, updated_at, updated_by)
                VALUES (?, ?, ?, ?, ?)
                """, arguments: [organisation.rawValue, card.name.value, card.function, Date.now.milliseconds, actor])
        for point in card.contactPoints {
            try execute(
                sql: """
                    INSERT INTO organisation_contact_points (organisation_id, channel, address, rank, is_emergency)
                    VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
                    """,
                arguments: [
                    organisation.rawValue, point.channel.rawValue, point.address.value, point.rank, point.isEmergency,
                ])
        }
    }

    /// Makes an organisation's recipients in the registers above it what its card says: none without a card, and none where
    /// it is no longer below.
    func mirrorTownHalls(of organisation: OrganisationID) throws {
        let externalID = TownHalls.externalID(of: organisation)
        let card = try contactCard(of: organisation)
        let above = card == nil ? [] : Array(try lineage(of: organisation).dropFirst())
        let stale = try Row.fetchAll(
            self, sql: "SELECT id, organisation_id FROM recipients WHERE external_id = ? AND source = ? ORDER BY id",
            arguments: [externalID, TownHalls.source]
        ).filter { !above.contains(OrganisationID(rawValue: $0["organisation_id"])) }
        for row in stale { try execute(sql: "DELETE FROM recipients WHERE id = ?", arguments: [row["id"] as Int64]) }
        guard let card, let own = try organisationIfAny(organisation) else { return }
        let recipient = try self.recipient(own, card)
        for ancestor in above {
            var writer = try RecipientWriter(database: self, organisation: ancestor, source: TownHalls.source)
            try writer.write(recipient)
            let list = try keptList(of: ancestor, own.kind)
            try execute(
                sql: """
                    INSERT INTO list_members (list_id, recipient_id)
                    SELECT ?, id FROM recipients WHERE organisation_id = ? AND external_id = ? ON CONFLICT DO NOTHING
                    """, arguments: [list, ancestor.rawValue, externalID])
        }
    }

    /// After communes were imported: town halls may have moved, or be known now.
    func mirrorAllTownHalls() throws {
        let all = try Int64.fetchAll(self, sql: "SELECT organisation_id FROM organisation_contacts ORDER BY organisation_id")
        for id in all { try mirrorTownHalls(of: OrganisationID(rawValue: id)) }
    }

    /// A commune is where its town hall is; whoever has no place of its own is wherever nobody can say.
    private func recipient(_ organisation: Organisation, _ card: ContactCard) throws -> Recipient {
        let code = organisation.kind == .commune ? organisation.code.flatMap { CommuneCode($0) } : nil
        let commune = try code.flatMap { try self.commune(code: $0) }
        let location = commune?.townhall.map { Location(position: $0, uncertaintyMetres: 0, precision: .given, score: 1) }
        let name = card.function.isEmpty ? card.name.value : "\(card.name.value), \(card.function)"
        return Recipient(
            externalID: TownHalls.externalID(of: organisation.id), name: Redacted("\(organisation.name) (\(name))"),
            kind: .office, addressText: nil, postcode: commune?.postcodes.first, communeCode: code,
            communeName: commune?.name, language: "fr", location: location, contactPoints: card.contactPoints, lists: nil)
    }

    private func keptList(of organisation: OrganisationID, _ kind: OrganisationKind) throws -> Int64 {
        let (word, name) = kind == .commune ? ("town_halls", "Mairies") : ("organisations", "Organismes")
        if let known = try Int64.fetchOne(
            self, sql: "SELECT list_id FROM kept_lists WHERE organisation_id = ? AND kind = ?",
            arguments: [organisation.rawValue, word])
        { return known }
        // Somebody's own list of that name stays theirs.
        var free = name
        var number = 2
        while try Bool.fetchOne(
            self, sql: "SELECT EXISTS (SELECT 1 FROM lists WHERE organisation_id = ? AND name = ?)",
            arguments: [organisation.rawValue, free]) == true
        {
            free = "\(name) \(number)"
            number += 1
        }
        try execute(
            sql: "INSERT INTO lists (id, organisation_id, name) VALUES (\(Self.nextListNumber), ?, ?)",
            arguments: [organisation.rawValue, free])
        let list = lastInsertedRowID
        try execute(
            sql: "INSERT INTO kept_lists (organisation_id, kind, list_id) VALUES (?, ?, ?)",
            arguments: [organisation.rawValue, word, list])
        return list
    }
}
