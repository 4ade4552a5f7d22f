import AlertModel
import Foundation
import GRDB

extension AlertDatabase {
    /// What a register holds, in numbers, in the order they are told.
    package func registerFigures(scope: RegisterScope) throws -> [(key: String, value: Int)] {
        let owner = scope.condition(on: "recipients.organisation_id")
        return try pool.read { database in
            func counts(_ column: String) throws -> [String: Int] {
                try Row.fetchAll(
                    database,
                    sql: "SELECT \(column) AS value, COUNT(*) AS number FROM recipients WHERE \(owner.sql) GROUP BY 1",
                    arguments: owner.arguments
                ).reduce(into: [:]) { $0[$1["value"]] = $1["number"] }
            }
            func count(_ condition: String) throws -> Int {
                try Int.fetchOne(
                    database, sql: "SELECT COUNT(*) FROM recipients WHERE \(owner.sql) AND \(condition)",
                    arguments: owner.arguments) ?? 0
            }
            let kinds = try counts("kind"), precisions = try counts(CountedRow.precisionSQL)
            var lines = [(key: "recipients", value: kinds.values.reduce(0, +))]
            lines += RecipientKind.allCases.map { ($0.rawValue, kinds[$0.rawValue] ?? 0) }
            lines += Precision.allCases.map { ($0.rawValue, precisions[$0.rawValue] ?? 0) }
            for channel in Channel.allCases {
                lines.append((channel.rawValue, try count("channels & \(ChannelMask(channel).rawValue) <> 0")))
            }
            lines.append(("unreachable", try count("channels = 0")))
            lines.append(("confirmed", try count("confirmed_on IS NOT NULL")))
            lines.append(("in_a_household", try count("household IS NOT NULL")))
            lines.append((
                "unknown_range",
                try count("""
                    recipients.id IN (SELECT recipient_id FROM contact_points WHERE check_flag = 'unknown_range')
                    """)
            ))
            lines.append(("lists", try database.lists(scope: scope).count))
            return lines
        }
    }

    /// Writes down that a register was read out: who, when, how many, which fields; never what was in them.
    package func recordExport(
        of selection: RegisterSelection, format: String, recipients: Int, fields: [String], actor: String
    ) throws {
        try pool.write { database in
            try database.audit(
                actor: actor, action: "register.export",
                subject: try database.organisationName(selection.organisation),
                detail: [
                    "format": format, "recipients": String(recipients), "fields": fields.joined(separator: ","),
                    "selection": selection.zone != nil ? "zone" : selection.people != nil ? "search" : "all",
                    "protected": selection.withProtected ? "yes" : "no",
                ], organisation: selection.organisation)
        }
    }
}
