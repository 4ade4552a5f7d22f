import Foundation

/// Reading the journal, counting it, taking it away.
struct JournalRoutes: Sendable {
    private static let standardPage = 100
    private static let greatestPage = 500

    let desk: JournalDesk

    func register(on routes: RouteRegistrar) {
        let desk = desk
        routes.on(.journal) { call in
            let before = try call.queryInteger("before", in: 1...Int.max, standard: Int.max)
            let limit = try call.queryInteger("limit", in: 1...Self.greatestPage, standard: Self.standardPage)
            let lines = try await desk.lines(
                try call.account, try Self.question(call), before == Int.max ? nil : Int64(before), limit)
            return try Answer.json(["entries": lines])
        }
        routes.on(.journalFigures) { call in
            try Answer.json(["actions": try await desk.figures(try call.account, try Self.question(call))])
        }
        routes.on(.journalFile) { call in
            guard let format = JournalFileFormat(rawValue: try call.query("format", maximumLength: 10) ?? "csv") else {
                throw call.invalid("format", "one of csv, jsonl is due")
            }
            let pieces = try await desk.export(try call.account, try Self.question(call), format)
            return Answer.file(
                StreamedFile(pieces: pieces, fileName: "journal.\(format.rawValue)"),
                format == .csv ? MediaType.csv : MediaType.jsonLines)
        }
    }

    private static func question(_ call: Call) throws -> JournalQuestion {
        JournalQuestion(
            actor: try word(call, "actor"), action: try word(call, "action"), since: try time(call, "since"),
            until: try time(call, "until"))
    }

    private static func word(_ call: Call, _ name: String) throws -> String? {
        let text = try call.query(name, maximumLength: 128)
        return text == "" ? nil : text
    }

    /// A day, from its beginning in UTC, or a time.
    private static func time(_ call: Call, _ name: String) throws -> Date? {
        guard let text = try call.query(name, maximumLength: 40), !text.isEmpty else { return nil }
        if let date = (try? Date(text, strategy: .iso8601)) ?? (try? Date(text + "T00:00:00Z", strategy: .iso8601)) {
            return date
        }
        throw call.invalid(name, "a day such as 2026-11-22 or a time such as 2026-11-22T03:00:00Z is due")
    }
}
