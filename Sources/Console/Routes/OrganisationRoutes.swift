import AlertModel
import Foundation
import Hummingbird

/// The tree of organisations, delegations of registers, and the account's own contact card.
struct OrganisationRoutes: Sendable {
    private static let longestName = 200
    private static let longestNumbers = 200

    let desk: OrganisationDesk

    func register(on routes: RouteRegistrar) {
        let desk = desk
        routes.on(.organisations) { try Answer.json(try await desk.sheet(try $0.account)) }
        routes.on(.createOrganisation) { call in
            let draft = try Self.draft(try await call.bodyObject())
            let id = try await desk.create(try call.account, draft)
            return try Answer.json(["id": id.rawValue], status: .created)
        }
        routes.on(.changeOrganisation) { call in
            let draft = try Self.draft(try await call.bodyObject())
            guard try await desk.change(try call.account, OrganisationID(rawValue: try call.id()), draft) else {
                throw ConsoleProblem(.notFound)
            }
            return Answer.nothing
        }
        routes.on(.delegateRegister) { call in
            let body = try await call.bodyObject()
            try body.allow(["to", "until"])
            var until: Date?
            if body.has("until") {
                let text = try body.text("until", maximumLength: 40)
                guard let time = try? Date(text, strategy: .iso8601) else {
                    throw body.fault("until", "a time such as 2026-12-01T18:00:00Z is due")
                }
                until = time
            }
            try await desk.delegate(try call.account, try body.text("to", maximumLength: Self.longestName), until)
            return Answer.nothing
        }
        routes.on(.withdrawRegister) { call in
            guard try await desk.withdraw(try call.account, try call.id()) else { throw ConsoleProblem(.notFound) }
            return Answer.nothing
        }
        routes.on(.contactCard) { call in
            struct Card: Encodable { let card: ContactCardDocument? }
            return try Answer.json(Card(card: try await desk.card(try call.account)))
        }
        routes.on(.saveContactCard) { call in
            let body = try await call.bodyObject()
            try body.allow(["name", "function", "numbers", "email"])
            let numbers = body.has("numbers") ? try body.text("numbers", maximumLength: Self.longestNumbers) : ""
            let email = body.has("email") ? try body.text("email", maximumLength: 254).trimmingSpaces() : ""
            try await desk.saveCard(
                try call.account,
                ContactCardDocument(
                    name: try body.text("name", maximumLength: ContactCard.longestText).trimmingSpaces(),
                    function: body.has("function")
                        ? try body.text("function", maximumLength: ContactCard.longestText).trimmingSpaces() : "",
                    numbers: numbers.split(whereSeparator: { $0.isNewline || $0 == "," || $0 == ";" })
                        .map { String($0).trimmingSpaces() }.filter { !$0.isEmpty },
                    email: email.isEmpty ? nil : email))
            return Answer.nothing
        }
        routes.on(.removeContactCard) { call in
            try await desk.saveCard(try call.account, nil)
            return Answer.nothing
        }
    }

    private static func draft(_ body: BodyObject) throws -> OrganisationDraft {
        try body.allow(["name", "kind", "code", "under"])
        let code = body.has("code") ? try body.text("code", maximumLength: 20).trimmingSpaces() : ""
        return OrganisationDraft(
            name: body.has("name") ? try body.text("name", maximumLength: longestName).trimmingSpaces() : nil,
            kind: body.has("kind") ? try body.word("kind", OrganisationKind.self) : nil, code: code.isEmpty ? nil : code,
            parent: body.has("under") ? OrganisationID(rawValue: Int64(try body.integer("under", in: 1...Int.max))) : nil)
    }
}
