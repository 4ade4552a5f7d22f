import AlertModel
import Campaigns
import HTTPTypes
import Hummingbird

/// Templates, wordings, tests to oneself, and amendments.
struct MessageRoutes: Sendable {
    /// Characters of a value that fills a place: an address, not a text.
    private static let longestValue = 500
    private static let mostValues = 100
    /// Of a language’s code.
    private static let longestLanguage = 35

    let desk: MessageDesk

    func register(on routes: RouteRegistrar) {
        let desk = desk
        routes.on(.templates) { call in
            let cards = try await desk.templates(try call.account).map(Self.bytes)
            return Answer.json(bytes: Array("{\"templates\":[".utf8) + cards.joined(separator: [UInt8(ascii: ",")]) + Array("]}".utf8))
        }
        routes.on(.fillMessage) { call in
            let body = try await call.bodyObject()
            try body.allow(["message", "values"])
            let filled = try await desk.fill(
                try call.account, try Message(body.object("message")), try Self.values(try body.object("values")))
            return Answer.json(
                bytes: try Answer.encode(
                    ["missing": filled.missing],
                    adding: [
                        "message": filled.message.map { Array(MessageDocument.encode($0).utf8) } ?? Array("null".utf8),
                        "places": Answer.encode(filled.places),
                    ]))
        }
        routes.on(.channelTexts) { call in
            let (message, mode, channels) = try Self.message(try await call.bodyObject())
            try call.require(mode)
            return try Answer.json(["texts": try await desk.texts(message, mode, channels)])
        }
        routes.on(.messageSpeech) { call in
            let body = try await call.bodyObject()
            try body.allow(["message", "mode", "kind", "language"])
            let message = try Message(body.object("message"))
            let mode = try body.word("mode", CampaignMode.self)
            try call.require(mode)
            let sound = try await desk.speech(
                try call.account, message, mode, try body.word("kind", CampaignKind.self),
                body.has("language") ? try body.text("language", maximumLength: Self.longestLanguage) : "")
            return Answer.sound(sound)
        }
        routes.on(.testPlaces) { call in
            try Answer.json(["places": try await desk.testPlaces(try call.account)])
        }
        routes.on(.testMessage) { call in
            let (message, mode, channels) = try Self.message(try await call.bodyObject())
            try call.require(mode)
            return try Answer.json(["answers": try await desk.test(try call.account, message, mode, channels)])
        }
        routes.on(.amendCampaign) { call in
            let body = try await call.bodyObject()
            try body.allow(["message", "version", "acceptance"])
            let message = try Message(body.object("message"))
            let read = body.has("version") ? try body.integer("version", in: 1...1_000_000) : nil
            let acceptance = body.has("acceptance") ? try body.text("acceptance", maximumLength: 500) : nil
            return try CampaignRoutes.answer(
                try await desk.amend(try call.account, CampaignID(rawValue: try call.id()), message, read, acceptance))
        }
    }

    private static func message(_ body: BodyObject) throws -> (Message, CampaignMode, [Channel]) {
        try body.allow(["message", "mode", "channels"])
        return (
            try Message(body.object("message")), try body.word("mode", CampaignMode.self),
            try body.words("channels", Channel.self)
        )
    }

    private static func values(_ body: BodyObject) throws -> [String: String] {
        guard body.members.count <= mostValues else {
            throw ConsoleProblem(.invalidParameter, ProblemDetail(path: "values", limit: mostValues))
        }
        var values: [String: String] = [:]
        for key in body.members.keys { values[key] = try body.text(key, maximumLength: longestValue) }
        return values
    }

    private static func bytes(_ card: TemplateCard) throws -> [UInt8] {
        try Answer.encode(
            ["name": card.name],
            adding: ["version": Array(String(card.version).utf8), "template": Array(card.template.document.utf8)])
    }
}
