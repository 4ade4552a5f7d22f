import AlertModel
import Foundation
import GRDB

/// An open session as its owner and the administrators see it: nothing that opens it.
package struct SessionCard: Sendable, Hashable {
    /// Made from the digest of the token's digest's first bytes: names the session, opens nothing.
    package let handle: Int64
    package let user: UserID
    package let userName: String
    package let kind: SessionKind
    package let mode: CampaignMode
    package let station: String?
    package let openedAt: Date
    package let expiresAt: Date
}

/// A workstation declared for duty.
package struct Station: Sendable, Hashable {
    package let id: StationID
    package let organisation: OrganisationID
    package let name: String
    package let declaredBy: String
    package let declaredAt: Date
}

extension AlertDatabase {
    /// Duty stations of one organisation.
    package static let mostStations = 50
    package static let longestStationName = 60

    /// The handle of a session by its token's digest: its first six bytes, a number that any JSON reader keeps exactly.
    package static func handle(ofTokenHash hash: some Sequence<UInt8>) -> Int64 {
        hash.prefix(6).reduce(0) { $0 << 8 | Int64($1) }
    }

    /// The open sessions of an organisation, or of one account, newest first.
    package func openSessions(of organisation: OrganisationID, user: UserID? = nil, now: Date = .now) throws -> [SessionCard] {
        try pool.read { try $0.openSessions(of: organisation, user: user, now: now).map(\.card) }
    }

    /// Ends a session at once. False when there is none of this handle within reach.
    package func endSession(
        _ handle: Int64, of organisation: OrganisationID, user: UserID? = nil, by actor: Operator, now: Date = .now
    ) throws -> Bool {
        try pool.write { database in
            let found = try database.openSessions(of: organisation, user: user, now: now).filter { $0.card.handle == handle }
            for session in found {
                try database.execute(sql: "DELETE FROM sessions WHERE token_hash = ?", arguments: [session.hash])
                try database.audit(actor: actor.name, action: "session.end", subject: session.card.userName)
            }
            return !found.isEmpty
        }
    }

    /// Notes that whoever sits at the session has just proved who they are.
    package func noteProof(tokenHash: [UInt8], at moment: Date = .now) throws {
        try pool.write { database in
            try database.execute(
                sql: "UPDATE sessions SET proved_at = ? WHERE token_hash = ?", arguments: [moment.milliseconds, Data(tokenHash)])
        }
    }

    /// Declares the workstation whose browser keeps the token.
    package func declareStation(
        named name: String, tokenHash: [UInt8], in organisation: OrganisationID, by actor: Operator, now: Date = .now
    ) throws -> StationID {
        try actor.require(.administer)
        try Self.checkName(name, longest: Self.longestStationName)
        return try pool.write { database in
            try database.requireReach(of: actor, over: organisation)
            let count = try Int.fetchOne(
                database, sql: "SELECT count(*) FROM stations WHERE organisation_id = ? AND revoked_at IS NULL",
                arguments: [organisation.rawValue]) ?? 0
            guard count < Self.mostStations else { throw RightsError.tooMany(what: "duty stations", limit: Self.mostStations) }
            try database.execute(
                sql: """
                    INSERT INTO stations (organisation_id, name, token_hash, declared_by, declared_at) VALUES (?, ?, ?, ?, ?)
                    """, arguments: [organisation.rawValue, name, Data(tokenHash), actor.name, now.milliseconds])
            let id = StationID(rawValue: database.lastInsertedRowID)
            try database.audit(actor: actor.name, action: "station.declare", subject: name)
            return id
        }
    }

    /// Takes the declaration back: the sessions of that workstation end at once.
    package func revokeStation(_ station: StationID, in organisation: OrganisationID, by actor: Operator, now: Date = .now) throws {
        try actor.require(.administer)
        try pool.write { database in
            try database.requireReach(of: actor, over: organisation)
            guard let name = try String.fetchOne(
                database, sql: "SELECT name FROM stations WHERE id = ? AND organisation_id = ? AND revoked_at IS NULL",
                arguments: [station.rawValue, organisation.rawValue])
            else { throw RightsError.unknownStation }
            try database.execute(
                sql: "UPDATE stations SET revoked_at = ? WHERE id = ?", arguments: [now.milliseconds, station.rawValue])
            try database.execute(sql: "DELETE FROM sessions WHERE station_id = ?", arguments: [station.rawValue])
            try database.audit(actor: actor.name, action: "station.revoke", subject: name)
        }
    }

    package func stations(of organisation: OrganisationID) throws -> [Station] {
        try pool.read { database in
            try Row.fetchAll(
                database, sql: "SELECT * FROM stations WHERE organisation_id = ? AND revoked_at IS NULL ORDER BY name, id",
                arguments: [organisation.rawValue]
            ).map { Station(row: $0) }
        }
    }

    /// The station whose token's digest this is, unless it was revoked.
    package func station(tokenHash: [UInt8]) throws -> Station? {
        try pool.read { database in
            try Row.fetchOne(
                database, sql: "SELECT * FROM stations WHERE token_hash = ? AND revoked_at IS NULL",
                arguments: [Data(tokenHash)]
            ).map { Station(row: $0) }
        }
    }
}

extension Station {
    init(row: Row) {
        self.init(
            id: StationID(rawValue: row["id"]), organisation: OrganisationID(rawValue: row["organisation_id"]),
            name: row["name"], declaredBy: row["declared_by"], declaredAt: Date(milliseconds: row["declared_at"]))
    }
}

extension Database {
    fileprivate func openSessions(of organisation: OrganisationID, user: UserID?, now: Date) throws -> [(hash: Data, card: SessionCard)] {
        try Row.fetchAll(
            self,
            sql: """
                SELECT sessions.*, users.name AS user_name, stations.name AS station FROM sessions
                JOIN users ON users.id = sessions.user_id LEFT JOIN stations ON stations.id = sessions.station_id
                WHERE users.organisation_id = :organisation AND (:user IS NULL OR users.id = :user) AND expires_at > :now
                ORDER BY sessions.created_at DESC, token_hash LIMIT 1000
                """, arguments: ["organisation": organisation.rawValue, "user": user?.rawValue, "now": now.milliseconds]
        ).map { row in
            let hash: Data = row["token_hash"]
            return (
                hash,
                SessionCard(
                    handle: AlertDatabase.handle(ofTokenHash: hash), user: UserID(rawValue: row["user_id"]),
                    userName: row["user_name"], kind: SessionKind(rawValue: row["kind"]) ?? .duty,
                    mode: CampaignMode(rawValue: row["mode"]) ?? .exercise, station: row["station"],
                    openedAt: Date(milliseconds: row["created_at"]), expiresAt: Date(milliseconds: row["expires_at"]))
            )
        }
    }
}
