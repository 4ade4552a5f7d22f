import AlertModel
import Foundation
import GRDB
import GeoModel

/// What an import of recipients changed.
package struct RecipientImportCounts: Sendable, Equatable {
    package var added = 0
    package var updated = 0
    package var unchanged = 0
    package var removed = 0
    /// Rows that became part of another recipient.
    package var merged = 0

    package init() {}

    package var total: Int { added + updated + unchanged + merged }

    package mutating func count(_ change: RecipientChange) {
        switch change {
        case .added: added += 1
        case .updated: updated += 1
        case .unchanged: unchanged += 1
        }
    }
}

/// Writes recipients of one organisation inside one transaction, idempotent by external identifier.
///
/// Whoever changes a recipient otherwise (by hand) sets its `import_id` to NULL, so that the undoing of an import does
/// not overwrite the change. Its `content_hash` stays: the same row again then changes nothing, and the correction lasts
/// until the row itself changes in its source.
package struct RecipientWriter {
    let database: Database
    let organisation: OrganisationID
    private var listIDs: [String: Int64] = [:]
    private let insertRow: RawStatement
    private let updateRow: RawStatement
    private let insertContactUnlessThere: RawStatement
    private let rows: RecipientRows
    private var queue: RecipientQueue?
    package private(set) var counts = RecipientImportCounts()

    init(database: Database, organisation: OrganisationID, source: String? = nil, importID: Int64? = nil) throws {
        self.database = database
        self.organisation = organisation
        rows = RecipientRows(organisation: organisation, source: source, importID: importID)
        insertRow = try RawStatement(database, RecipientRows.insertSQL(rows: 1))
        updateRow = try RawStatement(database, RecipientRows.updateSQL)
        insertContactUnlessThere = try RawStatement(
            database, RecipientRows.insertContactSQL(rows: 1) + " ON CONFLICT (recipient_id, channel, address) DO NOTHING")
    }

    /// Adds the recipient, or changes the one of its external identifier, where something differs.
    package mutating func write(_ recipient: Recipient) throws {
        let hash = recipient.contentHash
        guard let known = try database.knownRecipient(recipient.externalID, organisation: organisation) else {
            try add(recipient, hash: hash)
            return counts.count(.added)
        }
        guard known.contentHash != hash || known.location != recipient.location,
              let image = try database.recipientImage(known.id)
        else { return counts.count(.unchanged) }
        if image.isMerged {
            let base = image.contribution(of: recipient.externalID)?.image ?? image
            guard try hear(recipient.overlaid(on: base), hash: hash, on: image) else { return counts.count(.unchanged) }
            return counts.count(.updated)
        }
        let whole = recipient.overlaid(on: image)
        guard try !database.changedFields(of: whole, from: image).isEmpty else { return counts.count(.unchanged) }
        try update(known.id, with: whole, hash: hash)
        counts.count(.updated)
    }

    // MARK: The three changes

    /// - Parameter hash: of the recipient as its source gave it.
    /// - Returns: the new row's identifier.
    @discardableResult
    mutating func add(_ recipient: Recipient, hash: Data) throws -> Int64 {
        let id = try database.nextRecipientNumber()
        try run(insertRow, recipient, id: id, hash: hash)
        try write(recipient.contactPoints, of: id)
        try writeBelongings(of: recipient, id)
        return id
    }

    /// Lists, tags and vulnerability of a recipient that has none yet.
    private mutating func writeBelongings(of recipient: Recipient, _ id: Int64) throws {
        if let lists = recipient.lists, !lists.isEmpty { try write(lists: lists, of: id) }
        if let tags = recipient.tags, !tags.isEmpty { try write(tags: tags, of: id) }
        if let vulnerability = recipient.vulnerability { try write(vulnerability, of: id) }
    }

    private func run(_ statement: RawStatement, _ recipient: Recipient, id: Int64?, hash: Data) throws {
        var values = ByteWriter()
        RecipientRows.put(recipient, hash: hash, into: &values)
        try values.withBytes { bytes in
            defer { statement.forget() }
            var reader = ByteReader(bytes)
            rows.bindShared(to: statement)
            RecipientRows.bind(&reader, id: id, to: statement)
            try statement.run()
        }
    }

    /// As `add`, at the latest when `flush` is called, which is before anything else reads or writes the register.
    ///
    /// - Parameter operation: one that adds a recipient.
    /// - Returns: the identifier that the new row will have.
    mutating func addLater(_ operation: SpooledOperation) throws -> Int64 {
        let queue = try self.queue ?? RecipientQueue(database, rows: rows)
        self.queue = queue
        let id = queue.append(operation)
        if queue.isFull { try flush() }
        return id
    }

    /// Writes what is still to be added.
    mutating func flush() throws {
        guard let queue else { return }
        for (id, recipient) in try queue.write() { try writeBelongings(of: recipient, id) }
    }

    /// - Parameter recipient: whole, that is overlaid on what the register has.
    mutating func update(_ id: Int64, with recipient: Recipient, hash: Data) throws {
        try run(updateRow, recipient, id: id, hash: hash)
        try replaceContactPoints(of: recipient, id)
        if let lists = recipient.lists {
            try clear(Database.leavingLists, id)
            try write(lists: lists, of: id)
        }
        if let tags = recipient.tags {
            try clear("DELETE FROM recipient_tags WHERE recipient_id = ?", id)
            try write(tags: tags, of: id)
        }
        if recipient.coveredFacts.contains(.vulnerability) {
            try clear("DELETE FROM vulnerabilities WHERE recipient_id = ?", id)
            if let vulnerability = recipient.vulnerability { try write(vulnerability, of: id) }
        }
    }

    /// Has a card that several rows are hear one of them, or one that joins it.
    ///
    /// - Parameters:
    ///   - recipient: the row, whole and located.
    ///   - keep: called with the card as it was, before anything of it changes.
    /// - Returns: whether it said anything new.
    @discardableResult
    mutating func hear(
        _ recipient: Recipient, hash: Data, on image: RecipientImage, keeping keep: (RecipientImage) throws -> Void = { _ in }
    ) throws -> Bool {
        var card = image.hearing(
            recipient, hash: hash, source: rows.source, importID: rows.importID,
            lists: try identifiers(ofLists: recipient.lists))
        guard card != image else { return false }
        try keep(image)
        if recipient.externalID == image.externalID { card.source = rows.source }
        card.importID = rows.importID
        card.updatedAt = max(Date.now.milliseconds, image.updatedAt + 1)
        try database.restore(card, isNew: false)
        try database.keepRefusals(of: card)
        return true
    }

    /// Removes a recipient with all that hangs on it; the ledger keeps its copies.
    func remove(_ id: Int64) throws { try clear("DELETE FROM recipients WHERE id = ?", id) }

    // MARK: Parts of a recipient

    private func clear(_ sql: String, _ id: Int64) throws {
        let statement = try RawStatement(database, sql)
        statement.bind(id, at: 1)
        try statement.run()
    }

    private func replaceContactPoints(of recipient: Recipient, _ id: Int64) throws {
        let delete = try RawStatement(database, "DELETE FROM contact_points WHERE recipient_id = ? AND channel = ?")
        for channel in recipient.coveredChannels.sorted() {
            delete.bind(id, at: 1)
            delete.bind(channel.rawValue, at: 2)
            try delete.run()
        }
        try write(recipient.contactPoints, of: id)
        if recipient.coveredChannels.count < Channel.allCases.count { try database.refreshChannels(of: id) }
    }

    /// An address that the recipient has already on a channel stays as it is.
    func write(_ points: [ContactPoint], of id: Int64) throws {
        for point in points {
            var values = ByteWriter()
            RecipientRows.put(point, into: &values)
            try values.withBytes { bytes in
                defer { insertContactUnlessThere.forget() }
                var reader = ByteReader(bytes)
                RecipientRows.bindContact(&reader, of: id, to: insertContactUnlessThere)
                try insertContactUnlessThere.run()
            }
        }
    }

    mutating func write(lists: [String], of id: Int64) throws {
        let insert = try RawStatement(database, """
            INSERT INTO list_members (list_id, recipient_id) VALUES (?, ?) ON CONFLICT DO NOTHING
            """)
        for name in Set(lists) {
            insert.bind(try listID(name), at: 1)
            insert.bind(id, at: 2)
            try insert.run()
        }
    }

    func write(tags: [String], of id: Int64) throws {
        let insert = try RawStatement(database, """
            INSERT INTO recipient_tags (recipient_id, tag) VALUES (?, ?) ON CONFLICT DO NOTHING
            """)
        for tag in Set(tags) {
            insert.bind(id, at: 1)
            insert.bind(tag, at: 2)
            try insert.run()
        }
    }

    private func write(_ vulnerability: Vulnerability, of id: Int64) throws {
        let insert = try RawStatement(database, """
            INSERT INTO vulnerabilities (recipient_id, kind, detail, recorded_on, provenance) VALUES (?, ?, ?, ?, ?)
            """)
        insert.bind(id, at: 1)
        insert.bind(vulnerability.kind.value, at: 2)
        insert.bind(vulnerability.detail?.value, at: 3)
        insert.bind(vulnerability.recordedOn?.text, at: 4)
        insert.bind(vulnerability.provenance, at: 5)
        try insert.run()
    }

    /// The identifiers of lists, which are made where there are none.
    mutating func identifiers(ofLists names: [String]?) throws -> [Int64]? {
        try names.map { try Set($0).map { try listID($0) }.sorted() }
    }

    private mutating func listID(_ name: String) throws -> Int64 {
        if let id = listIDs[name] { return id }
        try database.execute(
            sql: "INSERT INTO lists (id, organisation_id, name) VALUES (\(Database.nextListNumber), ?, ?) ON CONFLICT DO NOTHING",
            arguments: [organisation.rawValue, name])
        let list = try database.list(named: name, scope: .organisation(organisation))
        guard list.definition == .members else { throw StoreError.listIsComputed(name: name) }
        listIDs[name] = list.id.rawValue
        return list.id.rawValue
    }
}

/// The row that an external identifier names now.
struct KnownRecipient {
    let id: Int64
    let contentHash: Data
    let location: Location?
    let communeCode: String?
    let isCommuneFound: Bool
    let source: String?
}

extension Database {
    func knownRecipient(_ externalID: String, organisation: OrganisationID) throws -> KnownRecipient? {
        try Row.fetchOne(
            cachedStatement(sql: """
                SELECT id, content_hash, precision, score, uncertainty_metres, X(location) AS x, Y(location) AS y,
                       commune_code, is_commune_found, source
                FROM recipients WHERE organisation_id = ? AND external_id = ?
                """), arguments: [organisation.rawValue, externalID]
        ).map { row in
            KnownRecipient(
                id: row["id"], contentHash: row["content_hash"], location: Location(row: row),
                communeCode: row["commune_code"], isCommuneFound: row["is_commune_found"], source: row["source"])
        }
    }

    /// The row of an external identifier, or of the recipient it was merged into.
    func recipientNumber(of externalID: String, organisation: OrganisationID) throws -> Int64? {
        try Int64.fetchOne(
            cachedStatement(sql: """
                SELECT id FROM recipients WHERE organisation_id = :organisation AND external_id = :externalID
                UNION ALL SELECT recipient_id FROM recipient_aliases
                WHERE organisation_id = :organisation AND external_id = :externalID
                LIMIT 1
                """), arguments: ["organisation": organisation.rawValue, "externalID": externalID])
    }

    func changedFields(of recipient: Recipient, from image: RecipientImage) throws -> [String] {
        try recipient.changedFields(from: image) { id in
            try String.fetchOne(cachedStatement(sql: "SELECT name FROM lists WHERE id = ?"), arguments: [id])
        }
    }

    /// Sets the channels a recipient can be reached by to those of its contact points.
    func refreshChannels(of id: Int64) throws {
        let kept = try String.fetchAll(
            cachedStatement(sql: "SELECT DISTINCT channel FROM contact_points WHERE recipient_id = ? ORDER BY channel"),
            arguments: [id])
        try cachedStatement(sql: "UPDATE recipients SET channels = ? WHERE id = ?")
            .execute(arguments: [ChannelMask(kept.compactMap { Channel(rawValue: $0) }).rawValue, id])
    }
}

/// The channels a recipient can be reached by, as stored in `recipients.channels`.
struct ChannelMask: OptionSet {
    let rawValue: Int

    init(rawValue: Int) {
        self.rawValue = rawValue
    }

    init(_ channels: some Sequence<Channel>) {
        self = channels.reduce(into: []) { $0.insert(ChannelMask($1)) }
    }

    /// The bit of a channel is fixed here, since databases hold it.
    init(_ channel: Channel) {
        switch channel {
        case .sms: rawValue = 1
        case .voice: rawValue = 2
        case .email: rawValue = 4
        case .fax: rawValue = 8
        }
    }
}

extension Location {
    /// - Parameter row: with columns precision, score, uncertainty_metres, x, y. Nil without a point.
    init?(row: Row) {
        guard let name: String = row["precision"], let precision = Precision(rawValue: name),
              let longitude: Double = row["x"], let latitude: Double = row["y"]
        else { return nil }
        self.init(
            position: Position(longitude: longitude, latitude: latitude),
            uncertaintyMetres: row["uncertainty_metres"] ?? 0, precision: precision, score: row["score"] ?? 0)
    }
}
