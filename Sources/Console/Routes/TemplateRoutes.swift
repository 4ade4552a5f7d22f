import AlertModel
import Campaigns
import Foundation
import Hummingbird

/// The library of messages prepared ahead, and its changes.
struct TemplateRoutes: Sendable {
    /// More than anybody reads of one message's past.
    private static let mostVersions = 30

    let desk: TemplateDesk

    func register(on routes: RouteRegistrar) {
        let desk = desk
        routes.on(.templateLibrary) { call in
            try Self.answer("templates", try await desk.library(try call.account))
        }
        routes.on(.templateVersions) { call in
            guard let name = try call.query("name", maximumLength: MessageTemplate.longestName) else {
                throw call.invalid("name", "a template's name is due")
            }
            return try Self.answer("versions", try await desk.versions(try call.account, name, Self.mostVersions))
        }
        routes.on(.saveTemplate) { call in
            let body = try await call.bodyObject()
            try body.allow(["name", "template"])
            let name = try Self.name(body)
            let template = try Self.template(try body.object("template"))
            return try Answer.json(["version": try await desk.save(try call.account, name, template)], status: .created)
        }
        routes.on(.removeTemplate) { call in
            let body = try await call.bodyObject()
            try body.allow(["name"])
            try await desk.remove(try call.account, try Self.name(body))
            return Answer.nothing
        }
    }

    private static func name(_ body: BodyObject) throws -> String {
        let name = try body.text("name", maximumLength: MessageTemplate.longestName)
        guard MessageTemplate.isName(name) else {
            throw body.fault("name", "a name is one line of 1 to \(MessageTemplate.longestName) characters")
        }
        return name
    }

    /// As a template's own document is read, so that what is saved here can be read everywhere.
    private static func template(_ body: BodyObject) throws -> MessageTemplate {
        try body.allow(Set(MessageTemplate.Part.allCases.map(\.rawValue)))
        let parts = try MessageTemplate.Part.allCases.map { part in
            "\"\(part.rawValue)\":" + MessageDocument.encode(try Message(body.object(part.rawValue)))
        }
        do {
            return try MessageTemplate(Array("{\"version\":\(MessageTemplate.version),\(parts.joined(separator: ","))}".utf8))
        } catch {
            throw ConsoleProblem(.invalidMessage, ProblemDetail(path: "template", reason: "\(error)"))
        }
    }

    private static func answer(_ name: String, _ lines: [TemplateLine]) throws -> Response {
        let cards = try lines.map { line in
            try Answer.encode(
                ["name": line.name],
                adding: [
                    "version": Array(String(line.version).utf8), "isOwn": Array(String(line.isOwn).utf8),
                    "savedAt": Answer.encode(line.savedAt), "savedBy": Answer.encode(line.savedBy),
                    "template": Array((line.template?.document ?? "null").utf8),
                ])
        }
        return Answer.json(bytes: Array("{\"\(name)\":[".utf8) + cards.joined(separator: [UInt8(ascii: ",")]) + Array("]}".utf8))
    }
}
