import AlertModel
import Foundation
import GRDB

/// One of the few places an organisation sends its messages to before they leave for everybody.
package struct TestAddress: Sendable {
    package let label: String
    package let channel: Channel
    package let address: Redacted<String>

    package init(label: String, channel: Channel, address: Redacted<String>) {
        self.label = label
        self.channel = channel
        self.address = address
    }
}

/// Why a test is refused. Safe to show: labels are the organisation's own words.
package enum TestSendError: Error, Hashable, CustomStringConvertible {
    case tooManyAddresses(limit: Int)
    case badLabel
    case unknownAddress(known: [String])
    case noAddress([Channel])
    case tooManyTests(limit: Int, minutes: Int)

    package var description: String {
        switch self {
        case .tooManyAddresses(let limit):
            "an organisation has at most \(limit) test addresses: remove one by `tocsin message remove-address LABEL`"
        case .badLabel: "a label is one line of 1 to 40 characters that says who reads it, such as “Astreinte”"
        case .unknownAddress(let known):
            "this is not one of the organisation's test addresses; they are: \(known.isEmpty ? "none" : known.joined(separator: ", ")). "
                + "A message to anybody else is an alert"
        case .noAddress(let channels):
            "no test address is registered for \(channels.map(\.rawValue).joined(separator: ", ")): add yours by "
                + "`tocsin message add-address LABEL ADDRESS`"
        case .tooManyTests(let limit, let minutes):
            "\(limit) test messages an hour are enough for an organisation: the next may leave in \(minutes) min"
        }
    }
}

extension AlertDatabase {
    /// Enough to look at every channel on some telephones, and far too few to alert a town by the back door.
    package static let mostTestAddresses = 10
    package static let mostTestsAnHour = 30

    /// By label, then channel.
    package func testAddresses(of organisation: OrganisationID) throws -> [TestAddress] {
        try pool.read { database in
            try Row.fetchAll(
                database, sql: """
                    SELECT label, channel, address FROM test_addresses WHERE organisation_id = ? ORDER BY label, channel
                    """, arguments: [organisation.rawValue]
            ).map { TestAddress(label: $0[0], channel: try Channel(stored: $0[1]), address: Redacted($0[2])) }
        }
    }

    /// Adds an address, or replaces the one of the same label and channel; with an entry in the journal.
    /// - Throws: `TestSendError.badLabel`, `.tooManyAddresses`.
    package func add(_ address: TestAddress, to organisation: OrganisationID, actor: String) throws {
        let isLine = address.label.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
        guard isLine, address.label.count <= 40, address.label.contains(where: { !$0.isWhitespace }) else {
            throw TestSendError.badLabel
        }
        try pool.write { database in
            try database.execute(
                sql: """
                    INSERT INTO test_addresses (organisation_id, label, channel, address, added_at, added_by)
                    VALUES (?, ?, ?, ?, ?, ?)
                    ON CONFLICT DO UPDATE SET address = excluded.address, added_at = excluded.added_at,
                        added_by = excluded.added_by
                    """,
                arguments: [
                    organisation.rawValue, address.label, address.channel.rawValue, address.address.value,
                    Date.now.milliseconds, actor,
                ])
            let count = try Int.fetchOne(
                database, sql: "SELECT count(*) FROM test_addresses WHERE organisation_id = ?",
                arguments: [organisation.rawValue]) ?? 0
            guard count <= Self.mostTestAddresses else {
                throw TestSendError.tooManyAddresses(limit: Self.mostTestAddresses)
            }
            try database.audit(
                actor: actor, action: "message.test-address", subject: address.label,
                detail: ["channel": address.channel.rawValue], organisation: organisation)
        }
    }

    /// Removes a label's addresses, on every channel.
    /// - Throws: `TestSendError.unknownAddress`.
    package func removeTestAddress(_ label: String, of organisation: OrganisationID, actor: String) throws {
        let known = Set(try testAddresses(of: organisation).map(\.label)).sorted()
        try pool.write { database in
            try database.execute(
                sql: "DELETE FROM test_addresses WHERE organisation_id = ? AND label = ?",
                arguments: [organisation.rawValue, label])
            guard database.changesCount > 0 else { throw TestSendError.unknownAddress(known: known) }
            try database.audit(actor: actor, action: "message.test-address-removed", subject: label, organisation: organisation)
        }
    }

    /// Takes so many test messages from the organisation's hour, before they leave.
    /// - Throws: `TestSendError.tooManyTests`; none may leave then.
    package func takeTests(_ count: Int, of organisation: OrganisationID, actor: String, now: UTCTime) throws {
        try pool.write { database in
            let since = now.millisecondsSince1970 - 3_600_000
            try database.execute(sql: "DELETE FROM test_sends WHERE at <= ?", arguments: [since])
            let moments = try Int64.fetchAll(
                database, sql: "SELECT at FROM test_sends WHERE organisation_id = ? ORDER BY at",
                arguments: [organisation.rawValue])
            guard moments.count + count <= Self.mostTestsAnHour else {
                let oldest = moments.first ?? now.millisecondsSince1970
                throw TestSendError.tooManyTests(
                    limit: Self.mostTestsAnHour, minutes: max(1, Int((oldest - since + 59_999) / 60_000)))
            }
            for _ in 0..<count {
                try database.execute(
                    sql: "INSERT INTO test_sends (organisation_id, at) VALUES (?, ?)",
                    arguments: [organisation.rawValue, now.millisecondsSince1970])
            }
            try database.audit(
                actor: actor, action: "message.test", subject: organisation.description, detail: ["messages": String(count)],
                organisation: organisation)
        }
    }
}
