import AlertModel
import Foundation
import GRDB

/// Whose row numbers an entry of the journal holds, and under which word. Entries of before hold either under `numbers`.
enum SightNumbers: String {
    /// Of the register.
    case recipients = "recipient_numbers"
    /// Of the ledger: people of a campaign.
    case deliveries = "delivery_numbers"

    func detail(_ numbers: some Sequence<Int64>) -> [String: String] {
        [rawValue: numbers.map { String($0) }.joined(separator: ",")]
    }
}

extension AlertDatabase {
    /// Row numbers the journal writes one by one; of more people only how many there were.
    static let mostSightNumbers = 50

    /// Writes down that somebody is about to see these people's data: one entry for each organisation whose they are, with
    /// their rows' numbers where they are few; never what is seen. Called before anything is shown, so that nothing is seen
    /// without a trace.
    ///
    /// - Parameter action: such as `register.search`.
    package func recordSight(
        _ action: String, of entries: [RegisterEntry], actor: String, detail: [String: String] = [:]
    ) throws {
        try pool.write { database in
            for (name, seen) in Dictionary(grouping: entries, by: \.organisation).sorted(by: { $0.key < $1.key }) {
                let owner = try Int64.fetchOne(
                    database, sql: "SELECT id FROM organisations WHERE name = ?", arguments: [name])
                var detail = detail.merging(["recipients": String(seen.count)]) { _, new in new }
                if seen.count <= Self.mostSightNumbers {
                    let numbers = try seen.compactMap { entry in
                        try Int64.fetchOne(
                            database, sql: "SELECT id FROM recipients WHERE organisation_id = ? AND external_id = ?",
                            arguments: [owner, entry.recipient.externalID])
                    }
                    detail.merge(SightNumbers.recipients.detail(numbers.sorted())) { _, new in new }
                }
                try database.audit(
                    actor: actor, action: action, subject: name, detail: detail,
                    organisation: owner.map { OrganisationID(rawValue: $0) })
            }
        }
    }
}
