import AlertModel
import Foundation
import GRDB
import GeoEngine
import GeoModel
import Targeting

/// A recipient whose point and commune do not make one clear picture.
package struct PlaceDoubt: Sendable, Equatable {
    /// The raw value is what commands take and print.
    package enum Kind: String, Sendable, CaseIterable {
        /// No commune code the territory knows, and a point in no commune but near some: possibly in each of them.
        case sliver
        /// No commune code the territory knows, and a point in several communes: certainly in each of them.
        case overlap
        /// No commune code the territory knows, and a point far from every commune: at sea, abroad, or wrong.
        case nowhere
        /// A commune code, and a point clearly elsewhere: the code decides which communes select the recipient, the
        /// point which perimeters do.
        case disagreement
    }

    package let kind: Kind
    package let externalID: String
    /// The code the register says, if the territory knows it.
    package let code: CommuneCode?
    /// The communes the point speaks for, by code: those that hold it or come near.
    package let communes: [CommuneCode]
    /// Of a disagreement, how far the point lies outside the commune of the code.
    package let metres: Double?
}

extension AlertDatabase {
    /// The recipients of a scope whose point and commune do not make one clear picture, by external identifier in byte
    /// order.
    ///
    /// A point counts as elsewhere when its disc stays further than `BetweenCommunes.toleranceMetres` from the commune.
    package func placeDoubts(scope: RegisterScope) throws -> [PlaceDoubt] {
        try pool.read { database in
            var judge = PlaceJudge(database: database)
            var doubts: [PlaceDoubt] = []
            let owner = scope.condition(on: "recipients.organisation_id")
            // By commune, so that each boundary is prepared once.
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT external_id, uncertainty_metres, X(location) AS x, Y(location) AS y,
                           CASE WHEN \(RegisterReader.withoutKnownCode) THEN NULL ELSE commune_code END AS code
                    FROM recipients WHERE precision IS NOT NULL AND \(owner.sql) ORDER BY code, id
                    """, arguments: owner.arguments)
            while let row = try rows.next() {
                if let doubt = try judge.doubt(about: row) { doubts.append(doubt) }
            }
            return doubts.sorted { Database.byteOrder($0.externalID, $1.externalID) }
        }
    }
}

private struct PlaceJudge {
    private let database: Database
    private let holders: CommuneHolders
    /// The boundary of the last code asked about.
    private var last: (code: CommuneCode, area: PreparedArea?)?

    init(database: Database) {
        self.database = database
        holders = CommuneHolders(database: database)
    }

    mutating func doubt(about row: Row) throws -> PlaceDoubt? {
        let position = Position<WGS84>(longitude: row["x"], latitude: row["y"])
        let uncertainty: Double = row["uncertainty_metres"]
        func doubt(_ kind: PlaceDoubt.Kind, _ communes: [CommuneCode], code: CommuneCode? = nil, metres: Double? = nil)
            -> PlaceDoubt
        {
            PlaceDoubt(kind: kind, externalID: row["external_id"], code: code, communes: communes, metres: metres)
        }
        if let code = (row["code"] as String?).flatMap({ CommuneCode($0) }) {
            guard let area = try boundary(of: code), try !area.contains(position) else { return nil }
            let metres = try area.distance(from: position).metres - uncertainty
            guard metres > BetweenCommunes.toleranceMetres else { return nil }
            return doubt(.disagreement, try wholes(holding: position), code: code, metres: metres)
        }
        let held = try wholes(holding: position)
        if held.count == 1 { return nil }
        if held.count > 1 { return doubt(.overlap, held) }
        let near = try communes(within: BetweenCommunes.toleranceMetres + uncertainty, of: position)
        return near.isEmpty ? doubt(.nowhere, []) : doubt(.sliver, near)
    }

    private func wholes(holding position: Position<WGS84>) throws -> [CommuneCode] {
        try holders.holders(of: position).filter { $0.kind == "COM" }.map(\.code)
    }

    private func communes(within metres: Double, of position: Position<WGS84>) throws -> [CommuneCode] {
        let box = BoundingBox(
            west: position.longitude, south: position.latitude, east: position.longitude, north: position.latitude
        ).spread(byMetres: metres)
        return try database.communes(touching: box).filter { commune in
            commune.boundary.map { AreaSurroundings($0).comesWithin(metres, of: position) } ?? false
        }.map(\.code)
    }

    private mutating func boundary(of code: CommuneCode) throws -> PreparedArea? {
        if let last, last.code == code { return last.area }
        let area = try database.boundary(ofCommune: code).map { try PreparedArea($0) }
        last = (code, area)
        return area
    }
}
