import AlertModel
import Campaigns
import Crypto
import Foundation
import GRDB

/// A spoken message that is kept under a name.
package struct SavedRecording: Hashable, Sendable {
    package let id: Int64
    package let name: String
    package let hash: SoundHash
    package let seconds: Double
    package let organisation: OrganisationID
    package let organisationName: String
    package let createdAt: UTCTime
    package let createdBy: String
}

/// Why a recording is not kept, found or removed. Descriptions are safe to show.
package enum RecordingError: Error, Hashable, Sendable, CustomStringConvertible {
    case unknown(name: String, known: [String])
    case exists(name: String)
    case invalidName
    case inherited(name: String)
    /// What still says it.
    case inUse(name: String, by: [String])

    package var description: String {
        switch self {
        case .unknown(let name, let known):
            "there is no recording “\(name)”: " + (known.isEmpty ? "`tocsin recording add` keeps one" : "known are \(known.joined(separator: ", "))")
        case .exists(let name): "there is a recording “\(name)” already: remove it first, or take another name"
        case .invalidName: "a recording's name is one line of 1 to \(SavedRecording.longestName) characters, without blanks around it"
        case .inherited(let name): "“\(name)” belongs to an organisation above: it can be used here, and is removed there"
        case .inUse(let name, let by): "“\(name)” is still said by \(by.joined(separator: ", ")): change or end that first"
        }
    }
}

extension SavedRecording {
    package static let longestName = 100
    package static let samplesPerSecond = 8_000
    /// Three minutes.
    package static let mostSamples = 180 * samplesPerSecond
}

extension AlertDatabase {
    /// Keeps a sound.
    ///
    /// - Parameters:
    ///   - sound: A-law, 8,000 samples a second, `SavedRecording.mostSamples` at most.
    ///   - actor: whoever may prepare; the caller has checked it.
    /// - Throws: `RecordingError`.
    package func addRecording(
        named name: String, _ sound: [UInt8], of organisation: OrganisationID, by actor: String, now: UTCTime
    ) throws -> SavedRecording {
        precondition((1...SavedRecording.mostSamples).contains(sound.count))
        let isClean = name == name.trimmingCharacters(in: .whitespacesAndNewlines)
            && (1...SavedRecording.longestName).contains(name.unicodeScalars.count)
            && !name.unicodeScalars.contains { CharacterSet.controlCharacters.contains($0) }
        guard isClean else { throw RecordingError.invalidName }
        let hash = SoundHash(of: sound)
        return try pool.write { database in
            let isTaken = try Bool.fetchOne(
                database, sql: "SELECT EXISTS (SELECT 1 FROM recordings WHERE organisation_id = ? AND name = ?)",
                arguments: [organisation.rawValue, name]) ?? false
            guard !isTaken else { throw RecordingError.exists(name: name) }
            try database.execute(
                sql: """
                    INSERT INTO recordings (organisation_id, name, hash, sound, created_at, created_by) VALUES (?, ?, ?, ?, ?, ?)
                    """,
                arguments: [organisation.rawValue, name, hash.hexadecimal, Data(sound), now.millisecondsSince1970, actor])
            try database.audit(
                actor: actor, action: "recording.add", subject: name, detail: ["hash": hash.hexadecimal], organisation: organisation)
            return try database.recording(named: name, of: organisation)
        }
    }

    /// By name: the organisation's own, and those of the organisations above it; of one name, the nearest.
    package func recordings(of organisation: OrganisationID) throws -> [SavedRecording] {
        try pool.read { try $0.recordings(of: organisation) }
    }

    /// - Throws: `RecordingError.unknown`.
    package func recording(named name: String, of organisation: OrganisationID) throws -> SavedRecording {
        try pool.read { try $0.recording(named: name, of: organisation) }
    }

    /// What a hash sounds like: A-law, 8,000 samples a second; nil where nobody has it.
    package func sound(_ hash: SoundHash) throws -> [UInt8]? {
        try pool.read { database in
            try Data.fetchOne(database, sql: "SELECT sound FROM recordings WHERE hash = ? LIMIT 1", arguments: [hash.hexadecimal]).map(Array.init)
        }
    }

    /// What a message plays must be the organisation's, or of one above it: nobody hears another's.
    ///
    /// - Throws: `LaunchError.recordingUnknown`.
    package func requireRecordings(of message: Message, for organisation: OrganisationID) throws {
        try pool.read { try $0.requireRecordings(of: message, for: organisation) }
    }

    /// - Throws: `RecordingError`, `.inUse` while a campaign, a scenario, a template, a schedule or a request says it.
    package func removeRecording(named name: String, of organisation: OrganisationID, by actor: String) throws {
        try pool.write { try $0.remove($0.recording(named: name, of: organisation), of: organisation, by: actor) }
    }

    /// The same by its number.
    ///
    /// - Returns: whether the organisation, or one above it, has such a recording.
    package func removeRecording(id: Int64, of organisation: OrganisationID, by actor: String) throws -> Bool {
        try pool.write { database in
            guard let recording = try database.recordings(of: organisation).first(where: { $0.id == id }) else { return false }
            try database.remove(recording, of: organisation, by: actor)
            return true
        }
    }
}

extension Database {
    fileprivate func remove(_ recording: SavedRecording, of organisation: OrganisationID, by actor: String) throws {
        guard recording.organisation == organisation else { throw RecordingError.inherited(name: recording.name) }
        let users = try users(of: recording)
        guard users.isEmpty else { throw RecordingError.inUse(name: recording.name, by: users) }
        try execute(sql: "DELETE FROM recordings WHERE id = ?", arguments: [recording.id])
        try audit(
            actor: actor, action: "recording.remove", subject: recording.name, detail: ["hash": recording.hash.hexadecimal],
            organisation: organisation)
    }

    fileprivate func recordings(of organisation: OrganisationID) throws -> [SavedRecording] {
        let lineage = try lineageTable(.organisation(organisation))
        let rows = try Row.fetchAll(
            self, sql: """
                SELECT recordings.id, recordings.name, hash, length(sound) AS samples, organisation_id, organisations.name AS organisation,
                    recordings.created_at, created_by
                FROM recordings JOIN organisations ON organisations.id = organisation_id
                    JOIN \(lineage.sql) AS lineage ON lineage.id = organisation_id
                ORDER BY recordings.name, lineage.distance
                """, arguments: lineage.arguments)
        var names: Set<String> = []
        return try rows.filter { names.insert($0["name"]).inserted }.map { row in
            guard let hash = SoundHash(hexadecimal: row["hash"]) else { throw LedgerError.unreadable("a damaged recording") }
            return SavedRecording(
                id: row["id"], name: row["name"], hash: hash, seconds: Double(row["samples"] as Int) / Double(SavedRecording.samplesPerSecond),
                organisation: OrganisationID(rawValue: row["organisation_id"]), organisationName: row["organisation"],
                createdAt: UTCTime(millisecondsSince1970: row["created_at"]), createdBy: row["created_by"])
        }
    }

    fileprivate func recording(named name: String, of organisation: OrganisationID) throws -> SavedRecording {
        let all = try recordings(of: organisation)
        guard let recording = all.first(where: { $0.name == name }) else {
            throw RecordingError.unknown(name: name, known: all.map(\.name))
        }
        return recording
    }

    /// As `AlertDatabase.requireRecordings`.
    func requireRecordings(of message: Message, for organisation: OrganisationID) throws {
        guard !message.recordings.isEmpty else { return }
        let lineage = try lineageTable(.organisation(organisation))
        let known = try Set(String.fetchAll(
            self, sql: "SELECT hash FROM recordings JOIN \(lineage.sql) AS lineage ON lineage.id = organisation_id", arguments: lineage.arguments))
        if let stray = message.recordings.filter({ !known.contains($0.hexadecimal) }).min() { throw LaunchError.recordingUnknown(stray) }
    }

    /// What says a recording, in words; of other organisations only that there is something.
    fileprivate func users(of recording: SavedRecording) throws -> [String] {
        // Another recording of the same sound serves as well.
        let others = try Int.fetchOne(
            self, sql: "SELECT count(*) FROM recordings WHERE hash = ?", arguments: [recording.hash.hexadecimal]) ?? 0
        guard others <= 1 else { return [] }
        let sources = [
            ("a campaign", """
                SELECT campaigns.organisation_id FROM campaign_messages JOIN campaigns ON campaigns.id = campaign_id
                WHERE state NOT IN ('completed', 'stopped') AND instr(document, :hash)
                """),
            ("a scenario", "SELECT organisation_id FROM scenarios WHERE instr(message, :hash)"),
            ("a template", """
                SELECT organisation_id FROM templates WHERE instr(document, :hash) AND version =
                    (SELECT max(version) FROM templates AS newer WHERE newer.organisation_id = templates.organisation_id AND newer.name = templates.name)
                """),
            ("a schedule", "SELECT organisation_id FROM schedules WHERE state IN ('active', 'paused') AND instr(message, :hash)"),
            ("a request for approval", "SELECT organisation_id FROM approvals WHERE state = 'pending' AND instr(message, :hash)"),
        ]
        return try sources.filter { source in
            try Bool.fetchOne(self, sql: "SELECT EXISTS (\(source.1))", arguments: ["hash": recording.hash.hexadecimal]) ?? false
        }.map(\.0)
    }
}

extension SoundHash {
    fileprivate init(of sound: [UInt8]) {
        self.init(hexadecimal: SHA256.hash(data: sound).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())!
    }
}
