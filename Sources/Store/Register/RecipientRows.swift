import AlertModel
import Foundation
import GeoModel

/// The rows of recipients and their contact points as statements take them: for whom, and the values in order.
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

    /// - Parameters:
    ///   - id: nil for one that SQLite chooses.
    ///   - offset: parameters of the rows before.
    func bind(
        _ recipient: Recipient, id: Int64?, hash: Data, to statement: RawStatement, after offset: Int32 = 0
    ) {
        let location = recipient.location
        statement.bind(organisation.rawValue, at: offset + 1)
        statement.bind(recipient.externalID, at: offset + 2)
        statement.bind(recipient.kind.rawValue, at: offset + 3)
        statement.bind(recipient.name.value, at: offset + 4)
        statement.bind(recipient.addressText?.value, at: offset + 5)
        statement.bind(recipient.postcode, at: offset + 6)
        statement.bind(recipient.communeCode?.rawValue, at: offset + 7)
        statement.bind(recipient.isCommuneFound, at: offset + 8)
        statement.bind(recipient.communeName, at: offset + 9)
        statement.bind(recipient.language, at: offset + 10)
        statement.bind(location?.precision.rawValue, at: offset + 11)
        statement.bind(location?.score, at: offset + 12)
        statement.bind(location?.uncertaintyMetres, at: offset + 13)
        statement.bind(Int64(ChannelMask(recipient.contactPoints.map(\.channel)).rawValue), at: offset + 14)
        statement.bind(bytes: hash, at: offset + 15)
        statement.bind(now, at: offset + 16)
        statement.bind(recipient.household, at: offset + 17)
        statement.bind(recipient.building, at: offset + 18)
        statement.bind(recipient.confirmedOn?.text, at: offset + 19)
        statement.bind(source, at: offset + 20)
        statement.bind(importID, at: offset + 21)
        statement.bind(
            bytes: location.map {
                PointBlob.encode(longitude: $0.position.longitude, latitude: $0.position.latitude)
            }, at: offset + 22)
        statement.bind(id, at: offset + 23)
    }

    static let parameters: Int32 = 23

    static func insertSQL(rows: Int) -> String {
        """
        INSERT INTO recipients (organisation_id, external_id, kind, name, address, postcode, commune_code,
            is_commune_found, commune_name, language, precision, score, uncertainty_metres, channels, content_hash,
            updated_at, household, building, confirmed_on, source, import_id, location, id)
        VALUES \(values(parameters, rows: rows))
        """
    }

    static let updateSQL = """
        UPDATE recipients SET organisation_id = ?1, external_id = ?2, kind = ?3, name = ?4, address = ?5,
            postcode = ?6, commune_code = ?7, is_commune_found = ?8, commune_name = ?9, language = ?10,
            precision = ?11, score = ?12, uncertainty_metres = ?13, channels = ?14, content_hash = ?15,
            updated_at = ?16, household = ?17, building = ?18, confirmed_on = ?19, source = ?20, import_id = ?21,
            location = ?22
        WHERE id = ?23
        """

    static let contactParameters: Int32 = 10

    static func insertContactSQL(rows: Int) -> String {
        """
        INSERT INTO contact_points (recipient_id, channel, address, rank, is_emergency, check_flag, consent, consent_on,
            provenance, confirmed_on)
        VALUES \(values(contactParameters, rows: rows))
        """
    }

    private static func values(_ parameters: Int32, rows: Int) -> String {
        let row = "(" + [String](repeating: "?", count: Int(parameters)).joined(separator: ", ") + ")"
        return [String](repeating: row, count: rows).joined(separator: ", ")
    }

    /// - Parameter offset: parameters of the rows before.
    static func bind(_ point: ContactPoint, of id: Int64, to statement: RawStatement, after offset: Int32 = 0) {
        statement.bind(id, at: offset + 1)
        statement.bind(point.channel.rawValue, at: offset + 2)
        statement.bind(point.address.value, at: offset + 3)
        statement.bind(Int64(point.rank), at: offset + 4)
        statement.bind(point.isEmergency, at: offset + 5)
        statement.bind(point.check?.rawValue, at: offset + 6)
        statement.bind(point.consent?.rawValue, at: offset + 7)
        statement.bind(point.consentOn?.text, at: offset + 8)
        statement.bind(point.provenance, at: offset + 9)
        statement.bind(point.confirmedOn?.text, at: offset + 10)
    }
}
