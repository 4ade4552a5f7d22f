import AlertModel
import Campaigns
import Foundation
import GRDB

extension Schema {
    /// What one organisation asks of another, and people of their second person, besides launches; who is written to about
    /// it; and the text of each schedule, as it was seen.
    static func createRequests(_ database: Database) throws {
        try database.execute(sql: zoneRequests + amendments + scenarioRequests + notices)
        try seeTexts(of: database)
    }

    private static let zoneRequests = """
        -- Ground beyond an organisation's territory, handed to one that answers for it.
        CREATE TABLE zone_requests (
            id INTEGER PRIMARY KEY,
            -- Who asks.
            organisation_id INTEGER NOT NULL REFERENCES organisations (id),
            to_id INTEGER NOT NULL REFERENCES organisations (id) CHECK (to_id <> organisation_id),
            -- The asker's own: sent twice, it is one request.
            request_key TEXT NOT NULL CHECK (request_key <> ''),
            -- The whole zone's as it was asked for, SHA-256: another zone under the same key is refused.
            asked_hash TEXT NOT NULL CHECK (length(asked_hash) = 64),
            state TEXT NOT NULL CHECK (state = 'pending' OR state = 'accepted' OR state = 'refused' OR state = 'withdrawn'),
            kind TEXT NOT NULL,
            -- The part's canonical document: ground alone. The message's; channels, comma-separated.
            zone TEXT NOT NULL CHECK (zone <> ''),
            message TEXT NOT NULL CHECK (message <> ''),
            channels TEXT NOT NULL CHECK (channels <> ''),
            -- To whoever reads it there.
            note TEXT NOT NULL,
            area_square_metres REAL NOT NULL,
            -- JSON: names of the communes on it, ten at most; and how many there are.
            communes TEXT NOT NULL,
            communes_total INTEGER NOT NULL,
            asked_by TEXT NOT NULL,
            asked_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL,
            decided_by TEXT,
            decided_at INTEGER CHECK ((decided_at IS NULL) = (state = 'pending')),
            reason TEXT,
            UNIQUE (organisation_id, request_key, to_id)
        ) STRICT;
        CREATE INDEX zone_requests_received ON zone_requests (to_id, id);

        -- Launches that an accepted request led to, by the key they are launched with: noted before the launch, so that a crash
        -- in between leaves a note of nothing, and never a launch that nobody is told of.
        CREATE TABLE zone_request_launches (
            request_key TEXT PRIMARY KEY,
            zone_request_id INTEGER NOT NULL REFERENCES zone_requests (id) ON DELETE CASCADE,
            at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX zone_request_launches_by_request ON zone_request_launches (zone_request_id);

        """

    private static let amendments = """
        -- Another text for a campaign under way, that waits for a second person.
        CREATE TABLE amendment_requests (
            id INTEGER PRIMARY KEY,
            organisation_id INTEGER NOT NULL REFERENCES organisations (id),
            campaign_id INTEGER NOT NULL REFERENCES campaigns (id),
            state TEXT NOT NULL CHECK (state = 'pending' OR state = 'approved' OR state = 'broken' OR state = 'refused'
                OR state = 'withdrawn' OR state = 'void' OR state = 'expired'),
            request_key TEXT NOT NULL UNIQUE,
            -- The version that was read, and is replaced.
            base_version INTEGER NOT NULL,
            message TEXT NOT NULL CHECK (message <> ''),
            asked_by TEXT NOT NULL,
            asked_at INTEGER NOT NULL,
            break_glass_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL,
            decided_by TEXT,
            decided_at INTEGER CHECK ((decided_at IS NULL) = (state = 'pending')),
            reason TEXT,
            -- The version it became.
            version INTEGER CHECK ((version IS NOT NULL) = (state = 'approved' OR state = 'broken'))
        ) STRICT;
        CREATE INDEX amendment_requests_by_organisation ON amendment_requests (organisation_id, id);

        """

    private static let scenarioRequests = """
        -- Somebody asks that a scenario be approved as it stands.
        CREATE TABLE scenario_requests (
            id INTEGER PRIMARY KEY,
            organisation_id INTEGER NOT NULL REFERENCES organisations (id),
            scenario_id INTEGER NOT NULL REFERENCES scenarios (id) ON DELETE CASCADE,
            state TEXT NOT NULL CHECK (state = 'pending' OR state = 'approved' OR state = 'refused' OR state = 'withdrawn'),
            -- The scenario's when it was asked: changed since, it is no longer what is asked.
            hash TEXT NOT NULL CHECK (length(hash) = 64),
            asked_by TEXT NOT NULL,
            asked_at INTEGER NOT NULL,
            decided_by TEXT,
            decided_at INTEGER CHECK ((decided_at IS NULL) = (state = 'pending')),
            reason TEXT
        ) STRICT;
        CREATE INDEX scenario_requests_by_scenario ON scenario_requests (scenario_id, id);

        -- Each scenario as it was last approved, to say what changed since. Columns as in scenarios.
        CREATE TABLE approved_scenarios (
            scenario_id INTEGER PRIMARY KEY REFERENCES scenarios (id) ON DELETE CASCADE,
            zone TEXT NOT NULL,
            message TEXT NOT NULL,
            channels TEXT NOT NULL,
            maximum_retries INTEGER NOT NULL,
            retry_period_seconds INTEGER NOT NULL,
            validity_seconds INTEGER NOT NULL,
            retry_rules TEXT,
            kind TEXT NOT NULL,
            weight INTEGER NOT NULL,
            blanks TEXT NOT NULL,
            approved_by TEXT NOT NULL,
            approved_at INTEGER NOT NULL
        ) STRICT;
        INSERT INTO approved_scenarios
            SELECT id, zone, message, channels, maximum_retries, retry_period_seconds, validity_seconds, retry_rules, kind,
                weight, blanks, approved_by, approved_at
            FROM scenarios WHERE approved_by IS NOT NULL;

        """

    private static let notices = """
        -- Where an account is written to when something waits for it.
        CREATE TABLE notice_addresses (
            user_id INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
            email TEXT NOT NULL CHECK (email <> ''),
            set_at INTEGER NOT NULL
        ) STRICT;

        -- E-mails about what waits, still to be written: one row for each occasion, whoever they go to then.
        CREATE TABLE notices (
            id INTEGER PRIMARY KEY,
            organisation_id INTEGER NOT NULL REFERENCES organisations (id),
            occasion TEXT NOT NULL CHECK (occasion = 'launch' OR occasion = 'amendment' OR occasion = 'scenario'
                OR occasion = 'handover' OR occasion = 'break_glass'),
            -- Of the request, or of the campaign where the glass was broken.
            number INTEGER NOT NULL,
            -- Nobody is told what they did themselves.
            besides TEXT NOT NULL,
            made_at INTEGER NOT NULL,
            -- Too late to be of use.
            expires_at INTEGER NOT NULL,
            settled_at INTEGER,
            -- How many were written to.
            sent INTEGER NOT NULL DEFAULT 0
        ) STRICT;
        CREATE INDEX notices_due ON notices (id) WHERE settled_at IS NULL;
        """

    /// A schedule sends the text that was there when it was made: its template's newest version of that time. Where none is
    /// found it keeps its template's name alone, and its occurrences say that it is to be made again.
    private static func seeTexts(of database: Database) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        for row in try Row.fetchAll(database, sql: "SELECT id, organisation_id, message, created_at FROM schedules ORDER BY id") {
            var message = try JSONDecoder().decode(ScheduledMessage.self, from: Data((row["message"] as String).utf8))
            guard let name = message.template, message.document == nil else { continue }
            for organisation in try database.lineage(of: OrganisationID(rawValue: row["organisation_id"])) {
                let version = try Row.fetchOne(
                    database, sql: """
                        SELECT version, document FROM templates WHERE organisation_id = ? AND name = ? AND at <= ?
                        ORDER BY version DESC LIMIT 1
                        """, arguments: [organisation.rawValue, name, row["created_at"] as Int64])
                guard let version, let document = version["document"] as String?,
                    let template = try? MessageTemplate(Array(document.utf8))
                else { continue }
                let part = message.part.flatMap(MessageTemplate.Part.init(rawValue:)) ?? .message
                message.document = MessageDocument.encode(template[part])
                message.version = version["version"]
                try database.execute(
                    sql: "UPDATE schedules SET message = ? WHERE id = ?",
                    arguments: [String(decoding: try encoder.encode(message), as: UTF8.self), row["id"] as Int64])
                break
            }
        }
    }
}
