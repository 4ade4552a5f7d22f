import AlertModel
import Foundation
import GeoModel
import Hummingbird

/// Keeping what is prepared, and telling those who prepare it together.
struct DraftRoutes: Sendable {
    /// Bytes of a document, as the browser writes it.
    static let longestDocument = 4 << 20
    static let longestName = 120

    let desk: DraftDesk
    let pacing: EventPacing
    let doorkeeper: Doorkeeper
    let rooms = DraftRooms()

    func register(on routes: RouteRegistrar) {
        let desk = desk, rooms = rooms, pacing = pacing, doorkeeper = doorkeeper
        routes.on(.drafts) { call in try Answer.json(["drafts": try await desk.list(try call.account)]) }
        routes.on(.draft) { call in
            guard let found = try await desk.find(try call.account, try call.uuid()) else { throw ConsoleProblem(.notFound) }
            return Answer.json(bytes: try Answer.encode(found.card, adding: ["document": Array(found.document.utf8)]))
        }
        routes.on(.saveDraft) { call in
            let key = try call.uuid()
            let account = try call.account, version = try DraftVersion(try await call.bodyObject())
            let number = try await desk.save(account, key, version)
            rooms.note(.init(organisation: account.organisation, key: key), version: number, by: account.user)
            return try Answer.json(["version": number])
        }
        routes.on(.removeDraft) { call in
            let key = try call.uuid()
            guard try await desk.remove(try call.account, key) else { throw ConsoleProblem(.notFound) }
            rooms.note(.init(organisation: try call.account.organisation, key: key), .removed, by: try call.account.user)
            return Answer.nothing
        }
        routes.on(.draftEvents) { call in
            let account = try call.account, key = try call.uuid()
            let address = DraftRooms.Address(organisation: account.organisation, key: key)
            // The seat is taken first: what is saved while the version is read comes as an update.
            let updates = rooms.enter(address, user: account.user)
            guard let found = try await desk.find(account, key) else { throw ConsoleProblem(.notFound) }
            rooms.note(address, version: found.card.version, by: found.card.changedBy)
            return Response.events(of: updates, named: "draft", to: call, pacing: pacing, doorkeeper: doorkeeper)
        }
    }

    /// What was launched, or asked of a second person, is no draft any more: whoever else has it open is told. The launch stands
    /// whether or not that works; what is left is swept later.
    func settle(_ key: UUID, as state: DraftUpdate.State, by account: Account) async {
        _ = try? await desk.remove(account, key)
        rooms.note(.init(organisation: account.organisation, key: key), state, by: account.user)
    }
}

extension DraftVersion {
    /// A name, and the document as a text: what it says is the page's business, but it is an object.
    fileprivate init(_ body: BodyObject) throws {
        try body.allow(["base", "name", "document"])
        let document = try body.text("document", maximumLength: DraftRoutes.longestDocument)
        guard document.utf8.count <= DraftRoutes.longestDocument else {
            throw ConsoleProblem(.tooLarge, ProblemDetail(path: "document", limit: DraftRoutes.longestDocument))
        }
        let limits = ZoneDocument.jsonLimits(ZoneDocument.Limits())
        guard case .object? = try? JSONNode.read(Array(document.utf8), keepingTextOf: ZoneDocument.textKeys, limits: limits) else {
            throw body.fault("document", "a JSON object is due")
        }
        self.init(
            base: try body.integer("base", in: 0...Int(Int32.max)),
            name: try body.text("name", maximumLength: DraftRoutes.longestName), document: document)
    }
}
