import AlertModel
import Foundation
import GeoModel

/// The rows of recipients and their contact points: what statements take, and the same values in bytes, in one order.
struct RecipientRows {
    let organisation: OrganisationID
    /// The source and the import that rows are written for; nil by hand.
    let source: String?
    let importID: Int64?
    private let now = Date.now.milliseconds

    init(organisation: OrganisationID, source: String?, importID: Int64?) {
        self.organisation = organisation
        self.source = source
        self.importID = importID
    }

    // MARK: Recipients

    /// What all rows of a writer share: the first parameters.
    private static let shared = ["organisation_id", "source", "import_id", "updated_at"]
    /// What each row has of its own, after its `id`.
    private static let own = [
        "external_id", "kind", "name", "address", "postcode", "commune_code", "is_commune_found", "commune_name",
        "language", "precision", "score", "uncertainty_metres", "channels", "content_hash", "household", "building",
        "confirmed_on", "location",
    ]

    /// The values of a row in bytes, in the order of `own`.
    static func put(_ recipient: Recipient, hash: Data, into writer: inout ByteWriter) {
        let location = recipient.location
        writer.put(recipient.externalID)
        writer.put(recipient.kind.rawValue)
        writer.put(recipient.name.value)
        writer.put(recipient.addressText?.value)
        writer.put(recipient.postcode)
        writer.put(recipient.communeCode?.rawValue)
        writer.put(recipient.isCommuneFound)
        writer.put(recipient.communeName)
        writer.put(recipient.language)
        writer.put(location?.precision.rawValue)
        writer.put(location?.score)
        writer.put(location?.uncertaintyMetres)
        writer.put(Int64(ChannelMask(recipient.contactPoints.lazy.map(\.channel)).rawValue))
        writer.put(blob: hash)
        writer.put(recipient.household)
        writer.put(recipient.building)
        writer.put(recipient.confirmedOn?.text)
        writer.put(blob: location.map {
            PointBlob.encode(longitude: $0.position.longitude, latitude: $0.position.latitude)
        })
    }

    /// - Parameter statement: of `insertSQL` or `updateSQL`.
    func bindShared(to statement: RawStatement) {
        statement.bind(organisation.rawValue, at: 1)
        statement.bind(source, at: 2)
        statement.bind(importID, at: 3)
        statement.bind(now, at: 4)
    }

    /// Binds the values that `put` wrote, where they lie.
    ///
    /// - Parameters:
    ///   - id: nil for one that SQLite chooses.
    ///   - place: of the row in its statement, from 0.
    static func bind(_ values: inout ByteReader, id: Int64?, to statement: RawStatement, place: Int = 0) {
        var index = Int32(shared.count + 1 + place * (1 + own.count))
        statement.bind(id, at: index)
        for _ in own {
            index += 1
            statement.bindInPlace(values.value(), at: index)
        }
    }

    static func insertSQL(rows: Int) -> String {
        let common = (1...shared.count).map { "?\($0)" }
        let values = (0..<rows).map { place in
            let first = shared.count + 1 + place * (1 + own.count)
            return "(" + (common + (first...(first + own.count)).map { "?\($0)" }).joined(separator: ", ") + ")"
        }
        return "INSERT INTO recipients (\((shared + ["id"] + own).joined(separator: ", "))) VALUES "
            + values.joined(separator: ", ")
    }

    static let updateSQL: String = {
        let id = shared.count + 1
        let columns = shared.indices.map { "\(shared[$0]) = ?\($0 + 1)" }
            + own.indices.map { "\(own[$0]) = ?\(id + 1 + $0)" }
        return "UPDATE recipients SET \(columns.joined(separator: ", ")) WHERE id = ?\(id)"
    }()

    // MARK: Contact points

    private static let contactColumns = [
        "channel", "address", "rank", "is_emergency", "check_flag", "consent", "consent_on", "provenance", "confirmed_on",
    ]

    /// The values of a contact point in bytes, in the order of `contactColumns`.
    static func put(_ point: ContactPoint, into writer: inout ByteWriter) {
        writer.put(point.channel.rawValue)
        writer.put(point.address.value)
        writer.put(Int64(point.rank))
        writer.put(point.isEmergency)
        writer.put(point.check?.rawValue)
        writer.put(point.consent?.rawValue)
        writer.put(point.consentOn?.text)
        writer.put(point.provenance)
        writer.put(point.confirmedOn?.text)
    }

    /// Binds the values that `put` wrote, where they lie.
    ///
    /// - Parameter place: of the row in its statement, from 0.
    static func bindContact(_ values: inout ByteReader, of id: Int64, to statement: RawStatement, place: Int = 0) {
        var index = Int32(1 + place * (1 + contactColumns.count))
        statement.bind(id, at: index)
        for _ in contactColumns {
            index += 1
            statement.bindInPlace(values.value(), at: index)
        }
    }

    /// Passes over the values of a contact point.
    static func skipContact(_ values: inout ByteReader) {
        for _ in contactColumns { values.skip() }
    }

    static func insertContactSQL(rows: Int) -> String {
        let row = "(" + [String](repeating: "?", count: 1 + contactColumns.count).joined(separator: ", ") + ")"
        return "INSERT INTO contact_points (recipient_id, \(contactColumns.joined(separator: ", "))) VALUES "
            + [String](repeating: row, count: rows).joined(separator: ", ")
    }
}
