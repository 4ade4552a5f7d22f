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
            points: { box, withoutCommuneCode, body in
                let reach = try box.grown(byMetres: database.greatestUncertaintyMetres())
                let rows = try Row.fetchCursor(
                    database,
                    sql: Self.pointsSQL + " AND \(owner.sql)"
                        + (withoutCommuneCode ? " AND \(Self.withoutKnownCode)" : ""),
                    arguments: [reach.east, reach.west, reach.north, reach.south] + owner.arguments)
                while let row = try rows.next() {
                    try body(
                        RecipientID(rawValue: row[0]), Position(longitude: row[1], latitude: row[2]), row[3])
                }
            },
            communeExtents: { box, body in
                let codes = try String.fetchAll(
                    database,
                    sql: """
                        SELECT DISTINCT code FROM communes WHERE id IN (
                            SELECT pkid FROM idx_communes_boundary
                            WHERE xmin <= ? AND xmax >= ? AND ymin <= ? AND ymax >= ?)
                        AND EXISTS (SELECT 1 FROM recipients WHERE precision IS NULL AND commune_code = code)
                        ORDER BY code
                        """,
                    arguments: [box.east, box.west, box.north, box.south])
                for code in codes.compactMap({ CommuneCode($0) }) {
                    guard let boundary = try database.boundary(ofCommune: code) else { continue }
                    let recipients = try Int64.fetchAll(
                        database,
                        sql: "SELECT id FROM recipients WHERE precision IS NULL AND commune_code = ? AND \(owner.sql)",
                        arguments: [code.rawValue] + owner.arguments)
                    if !recipients.isEmpty { try body(boundary, recipients.map { RecipientID(rawValue: $0) }) }
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
            withParts: { codes in try database.withParts(codes) },
            ofCommunes: { codes in
                let statement = try database.makeStatement(
                    sql: "SELECT id FROM recipients WHERE commune_code = ? AND \(owner.sql)")
                return try codes.flatMap { code in
                    try Int64.fetchAll(statement, arguments: [code.rawValue] + owner.arguments)
                        .map { RecipientID(rawValue: $0) }
                }
            },
            ofList: { name in try database.members(ofListNamed: name, scope: scope) },
            isInList: { recipient, name in try database.isMember(recipient, ofListNamed: name, scope: scope) },
            boundaries: { codes in try database.boundaries(codes) },
            communesOfDepartment: { code in try database.communes(ofDepartment: code) },
            facts: { recipient in try database.facts(recipient) })
        let holders = CommuneHolders(database: database)
        otherCommunes = { codes in try holders.others(than: codes) }
        let search = ZoneSearch(database: database, scope: scope)
        verdictsOfPoints = { query in try search.verdicts(query) }
    }

    static let pointsSQL = """
        SELECT id, X(location), Y(location), uncertainty_metres FROM recipients
        WHERE id IN (
            SELECT pkid FROM idx_recipients_location WHERE xmin <= ? AND xmax >= ? AND ymin <= ? AND ymax >= ?)
        AND precision IS NOT NULL
        """

    /// No code, or one that the territory does not know (mistyped, or of before a merger): the register then says
    /// nothing of where the recipient lives.
    static let withoutKnownCode = """
        (+commune_code IS NULL OR NOT EXISTS (SELECT 1 FROM communes WHERE code = commune_code))
        """

    private static let withoutExtent = """
        (commune_code IS NULL OR NOT EXISTS (
            SELECT 1 FROM communes WHERE code = commune_code AND boundary IS NOT NULL))
        """
}

extension Database {
    /// The radius of the register's widest disc: how far beyond a box a point may lie and still touch it.
    func greatestUncertaintyMetres() throws -> Double {
        try Double.fetchOne(
            self, sql: "SELECT MAX(uncertainty_metres) FROM recipients WHERE uncertainty_metres > 0") ?? 0
    }

    fileprivate func boundaries(_ codes: [CommuneCode]) throws -> [Area<WGS84>] {
        var areas: [Area<WGS84>] = []
        var unknown: [String] = []
        for code in codes {
            if let boundary = try boundary(ofCommune: code) {
                areas.append(boundary)
            } else if try !isKnown(code) {
                unknown.append(code.rawValue)
            }
        }
        guard unknown.isEmpty else { throw StoreError.unknownCommunes(codes: unknown, vintage: try newestVintage()) }
        return areas
    }

    /// Whether the territory or the register has the code.
    private func isKnown(_ code: CommuneCode) throws -> Bool {
        try Bool.fetchOne(
            self,
            sql: """
                SELECT EXISTS (SELECT 1 FROM communes WHERE code = :code)
                    OR EXISTS (SELECT 1 FROM recipients WHERE commune_code = :code)
                """, arguments: ["code": code.rawValue]) ?? false
    }

    /// The codes, then those of kinds COMD, COMA and ARM whose commune is one of them.
    func withParts(_ codes: [CommuneCode]) throws -> [CommuneCode] {
        let parts = try makeStatement(sql: """
            SELECT DISTINCT code FROM communes WHERE parent_code = ? AND kind <> 'COM' ORDER BY code
            """)
        var seen = Set(codes)
        return try codes + codes.flatMap { code in
            try String.fetchAll(parts, arguments: [code.rawValue]).compactMap { CommuneCode($0) }
        }.filter { seen.insert($0).inserted }
    }

    fileprivate func communes(ofDepartment code: String) throws -> [CommuneCode] {
        let department = code.uppercased()
        let codes = try String.fetchAll(
            self,
            sql: """
                SELECT code FROM communes WHERE department = ? AND kind = 'COM'
                UNION SELECT commune_code FROM recipients WHERE commune_code >= ? AND commune_code < ?
                ORDER BY 1
                """,
            arguments: [department, department, department + "\u{10FFFF}"]
        ).compactMap { CommuneCode($0) }.filter { $0.department == department }
        guard !codes.isEmpty else { throw StoreError.unknownDepartment(code: code) }
        return codes
    }

    fileprivate func facts(_ recipient: RecipientID) throws -> RecipientFacts {
        guard let row = try Row.fetchOne(
            self,
            sql: """
                SELECT commune_code, commune_name, precision, score, uncertainty_metres, X(location) AS x,
                       Y(location) AS y, EXISTS (SELECT 1 FROM communes WHERE code = commune_code) AS is_code_known
                FROM recipients WHERE id = ?
                """, arguments: [recipient.rawValue])
        else { throw StoreError.unknownRecipient(externalID: recipient.description) }
        let code = (row["commune_code"] as String?).flatMap { CommuneCode($0) }
        let location = Location(row: row)
        return RecipientFacts(
            recipient: recipient, communeCode: code, isCodeKnown: row["is_code_known"],
            communeName: row["commune_name"], location: location,
            extent: location == nil ? try code.flatMap { try boundary(ofCommune: $0) } : nil)
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
