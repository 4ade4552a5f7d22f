import AlertModel
import Foundation
import GRDB
import GeoModel
import Targeting

extension RegisterReader {
    /// Reads the register of a scope through an open read transaction.
    ///
    /// Every geometric question joins SpatiaLite's R*Tree explicitly: without that SQLite scans the table.
    init(database: Database, scope: RegisterScope) {
        // The plus keeps the planner off the organisation's own index, by which it would read all of a tenant's
        // recipients: place, commune and precision always narrow better.
        let owner = scope.condition(on: "+recipients.organisation_id")
        self.init(
            points: { box, body in
                let rows = try Row.fetchCursor(
                    database, sql: Self.pointsSQL() + " AND \(owner.sql)",
                    arguments: try database.reach(of: box) + owner.arguments)
                while let row = try rows.next() {
                    try body(
                        RecipientID(rawValue: row[0]), Position(longitude: row[1], latitude: row[2]), row[3])
                }
            },
            unprovenPoints: { box, body in
                let rows = try Row.fetchCursor(
                    database,
                    sql: Self.pointsSQL(", precision, score, commune_code, is_commune_found")
                        + " AND \(owner.sql) AND (is_commune_found = 1 OR \(Self.withoutKnownCode))",
                    arguments: try database.reach(of: box) + owner.arguments)
                // People of one town come again and again.
                var places: [String: [CommunePlace]] = [:]
                while let row = try rows.next() {
                    let text: String? = row[6]
                    let code = text.flatMap { CommuneCode($0) }
                    if let text, let code, places[text] == nil { places[text] = try database.places(of: code) }
                    guard let location = Location(pointRow: row) else { continue }
                    try body(
                        RecipientID(rawValue: row[0]), location,
                        CommuneEvidence(code: code, isFound: row[7], places: text.flatMap { places[$0] } ?? []))
                }
            },
            communeExtents: { box, body in
                let codes = try String.fetchAll(
                    database,
                    sql: """
                        SELECT DISTINCT code FROM commune_grounds WHERE commune_id IN (
                            SELECT pkid FROM idx_communes_boundary
                            WHERE xmin <= ? AND xmax >= ? AND ymin <= ? AND ymax >= ?)
                        AND EXISTS (SELECT 1 FROM recipients WHERE precision IS NULL AND commune_code = code)
                        ORDER BY code
                        """,
                    arguments: [box.east, box.west, box.north, box.south])
                for code in codes.compactMap({ CommuneCode($0) }) {
                    let recipients = try Int64.fetchAll(
                        database,
                        sql: "SELECT id FROM recipients WHERE precision IS NULL AND commune_code = ? AND \(owner.sql)",
                        arguments: [code.rawValue] + owner.arguments)
                    guard !recipients.isEmpty else { continue }
                    try body(
                        try database.grounds(of: code).map(\.area), recipients.map { RecipientID(rawValue: $0) })
                }
            },
            unlocated: { withoutCommuneCode in
                try Int64.fetchAll(
                    database,
                    sql: "SELECT id FROM recipients WHERE precision IS NULL AND \(owner.sql) AND "
                        + (withoutCommuneCode ? Self.withoutKnownCode : Self.withoutExtent),
                    arguments: owner.arguments
                ).map { RecipientID(rawValue: $0) }
            },
            communes: { codes, vintage in
                try vintage.map { try database.namedCommunes(codes, of: $0) } ?? database.namedCommunes(codes, scope: scope)
            },
            department: { code in try database.communes(ofDepartment: code, scope: scope) },
            epci: { siren in try database.communes(ofEPCI: siren, scope: scope) },
            codes: { communes in try database.codes(of: communes) },
            places: { code in try database.places(of: code) },
            grounds: { code in try database.grounds(of: code) },
            ofCommune: { code, isFound in
                try Int64.fetchAll(
                    database.cachedStatement(
                        sql: "SELECT id FROM recipients WHERE commune_code = ? AND is_commune_found = ? AND \(owner.sql)"),
                    arguments: [code.rawValue, isFound] + owner.arguments
                ).map { RecipientID(rawValue: $0) }
            },
            locationsOfCommune: { code, body in
                let rows = try Row.fetchCursor(
                    database,
                    sql: """
                        SELECT id, X(location), Y(location), uncertainty_metres, precision, score, is_commune_found
                        FROM recipients WHERE commune_code = ? AND \(owner.sql)
                        """, arguments: [code.rawValue] + owner.arguments)
                while let row = try rows.next() {
                    try body(RecipientID(rawValue: row[0]), row[6], Location(pointRow: row))
                }
            },
            members: { membership in try database.members(of: membership, scope: scope) },
            isMember: { recipient, membership in try database.isMember(recipient, of: membership, scope: scope) },
            facts: { recipient in try database.facts(recipient) })
        let holders = CommuneHolders(database: database)
        requireWhole = { zone in try database.requireUnlimitedOnce(zone, scope: scope) }
        otherCommunes = { codes in try holders.others(than: codes) }
        seats = {
            SeatSearch(database: database, scope: scope, view: try RegisterView.current(database)).seats
        }
    }

    /// - Parameter columns: further columns, each with a comma before it.
    static func pointsSQL(_ columns: String = "") -> String {
        """
        SELECT id, X(location), Y(location), uncertainty_metres\(columns) FROM recipients
        WHERE id IN (
            SELECT pkid FROM idx_recipients_location WHERE xmin <= ? AND xmax >= ? AND ymin <= ? AND ymax >= ?)
        AND precision IS NOT NULL
        """
    }

    /// No code, or one that means nothing today (mistyped, or newer than the territory): the register then says nothing
    /// of where the recipient lives.
    static let withoutKnownCode = """
        (+commune_code IS NULL OR NOT EXISTS (SELECT 1 FROM commune_places WHERE code = recipients.commune_code))
        """

    private static let withoutExtent = """
        (commune_code IS NULL OR NOT EXISTS (SELECT 1 FROM commune_grounds WHERE code = commune_code))
        """
}

extension Database {
    /// The radius of the register's widest disc: how far beyond a box a point may lie and still touch it.
    func greatestUncertaintyMetres() throws -> Double {
        try Double.fetchOne(
            self, sql: "SELECT MAX(uncertainty_metres) FROM recipients WHERE uncertainty_metres > 0") ?? 0
    }

    /// The arguments of a box search that misses no disc.
    fileprivate func reach(of box: BoundingBox<WGS84>) throws -> StatementArguments {
        let reach = try box.grown(byMetres: greatestUncertaintyMetres())
        return [reach.east, reach.west, reach.north, reach.south]
    }

    fileprivate func facts(_ recipient: RecipientID) throws -> RecipientFacts {
        guard let row = try Row.fetchOne(
            self,
            sql: """
                SELECT commune_code, is_commune_found, precision, score, uncertainty_metres, X(location) AS x,
                       Y(location) AS y
                FROM recipients WHERE id = ?
                """, arguments: [recipient.rawValue])
        else { throw StoreError.unknownRecipient(externalID: recipient.description) }
        let code = (row["commune_code"] as String?).flatMap { CommuneCode($0) }
        let location = Location(row: row)
        return RecipientFacts(
            recipient: recipient,
            evidence: CommuneEvidence(
                code: code, isFound: row["is_commune_found"], places: try code.map { try places(of: $0) } ?? []),
            history: try code.flatMap { try mapping(of: $0)?.words },
            location: location,
            extent: location == nil ? try code.map { try grounds(of: $0).map(\.area) } ?? [] : [])
    }
}

extension Location {
    /// - Parameter row: id, longitude, latitude, uncertainty, precision, score. Nil without a point.
    fileprivate init?(pointRow row: Row) {
        guard let longitude: Double = row[1], let latitude: Double = row[2],
              let precision = (row[4] as String?).flatMap({ Precision(rawValue: $0) })
        else { return nil }
        self.init(
            position: Position(longitude: longitude, latitude: latitude), uncertaintyMetres: row[3] ?? 0,
            precision: precision, score: row[5] ?? 0)
    }
}

extension BoundingBox<WGS84> {
    /// The box with a margin on every side, never too small: degrees are shortest, in metres, at the box's
    /// highest latitude and on the smallest radius of the ellipsoid.
    func grown(byMetres margin: Double) -> BoundingBox {
        guard margin > 0 else { return self }
        // 110,574 m is the length of a degree of latitude at the equator, where it is shortest.
        let latitude = margin / 110_574
        let highest = min(89, max(abs(south), abs(north)) + latitude)
        let longitude = margin / (110_574 * cos(highest * .pi / 180))
        return BoundingBox(
            west: west - longitude, south: south - latitude, east: east + longitude, north: north + latitude)
    }
}
