import AlertModel
import Foundation
import Reports
import Store

/// The journal's entries as files hold them.
enum JournalLines {
    enum Format: String, CaseIterable {
        case csv, jsonl

        /// By the ending of a file's name.
        init?(path: String) {
            switch URL(filePath: path).pathExtension.lowercased() {
            case "csv": self = .csv
            case "jsonl", "ndjson", "json": self = .jsonl
            default: return nil
            }
        }
    }

    static let columns = [
        "number", "at", "actor", "organisation", "action", "subject", "detail", "version", "previous_hash", "hash",
    ]

    /// - Returns: the file's first line; empty where there is none.
    static func head(_ format: Format) -> String {
        guard format == .csv else { return "" }
        var writer = CSVWriter()
        writer.row(columns)
        return writer.text
    }

    /// - Parameter names: organisations' names by number.
    static func text(_ entries: [AuditEntry], _ format: Format, names: [OrganisationID: String]) throws -> String {
        switch format {
        case .csv:
            var writer = CSVWriter()
            for entry in entries {
                writer.row([
                    String(entry.id), time(entry.at), entry.actor, entry.organisation.map { names[$0] ?? "\($0)" } ?? "",
                    entry.action, entry.subject, words(entry.detail), String(entry.version), entry.previousHash, entry.hash,
                ])
            }
            return writer.text
        case .jsonl:
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return try entries.map { String(decoding: try encoder.encode(Line($0)), as: UTF8.self) + "\n" }.joined()
        }
    }

    /// `key=value` words.
    static func words(_ detail: [String: String]) -> String {
        detail.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
    }

    private static func time(_ date: Date) -> String {
        date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }

    /// What whoever checks the chain elsewhere needs, byte for byte.
    private struct Line: Encodable {
        let number: Int64
        let at: String
        let atMilliseconds: Int64
        let actor: String
        let organisation: Int64?
        let action: String
        let subject: String
        let detail: [String: String]
        let version: Int
        let previousHash: String
        let hash: String

        init(_ entry: AuditEntry) {
            number = entry.id
            at = JournalLines.time(entry.at)
            atMilliseconds = entry.at.milliseconds
            actor = entry.actor
            organisation = entry.organisation?.rawValue
            action = entry.action
            subject = entry.subject
            detail = entry.detail
            version = entry.version
            previousHash = entry.previousHash
            hash = entry.hash
        }
    }
}
