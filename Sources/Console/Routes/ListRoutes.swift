import AlertModel
import Hummingbird

/// The lists of the account's organisation: making, naming, describing and removing them.
struct ListRoutes: Sendable {
    private static let longestName = 200
    private static let longestDescription = 500

    let desk: ListRoom

    func register(on routes: RouteRegistrar) {
        let desk = desk
        routes.on(.listBook) { call in try Answer.json(["lists": try await desk.book(try call.account)]) }
        routes.on(.createList) { call in
            let body = try await call.bodyObject()
            try body.allow(["name", "description"])
            let description = body.has("description") ? try body.text("description", maximumLength: Self.longestDescription) : ""
            try await desk.create(try call.account, try Self.name(body), description.trimmingSpaces())
            return Answer.nothing
        }
        routes.on(.renameList) { call in
            let body = try await call.bodyObject()
            try body.allow(["name", "evenSo"])
            try await desk.rename(try call.account, try Self.list(call), try Self.name(body), try Self.evenSo(body))
            return Answer.nothing
        }
        routes.on(.describeList) { call in
            let body = try await call.bodyObject()
            try body.allow(["description"])
            try await desk.describe(
                try call.account, try Self.list(call),
                try body.text("description", maximumLength: Self.longestDescription).trimmingSpaces())
            return Answer.nothing
        }
        routes.on(.deleteList) { call in
            let body = try await call.bodyObject()
            try body.allow(["evenSo"])
            try await desk.delete(try call.account, try Self.list(call), try Self.evenSo(body))
            return Answer.nothing
        }
    }

    private static func list(_ call: Call) throws -> ListID { ListID(rawValue: try call.id()) }
    private static func name(_ body: BodyObject) throws -> String {
        try body.text("name", maximumLength: longestName).trimmingSpaces()
    }
    private static func evenSo(_ body: BodyObject) throws -> Bool { body.has("evenSo") ? try body.flag("evenSo") : false }
}
