import AlertModel
import Foundation
import GeoModel
import HTTPTypes

/// Searching the register, one person's card, lists and tags of people who were ticked, and taking a result away. What is
/// looked for comes in a body: an address of the server names nobody.
struct RegisterRoutes: Sendable {
    private static let standardPage = 50
    private static let greatestPage = 100
    private static let longestText = 200
    private static let longestField = 500
    private static let mostTicked = 1_000
    private static let mostStaleMonths = 600

    let desk: RegisterDesk

    func register(on routes: RouteRegistrar) {
        let desk = desk
        routes.on(.findPeople) { call in
            let body = try await call.bodyObject()
            try body.allow(Self.queryKeys.union(["after", "limit"]))
            var after: PeoplePlace?
            if body.has("after") {
                let place = try body.object("after")
                after = PeoplePlace(
                    stage: try place.integer("stage", in: 0...9), id: Int64(try place.integer("id", in: 0...Int.max)))
            }
            let limit = body.has("limit") ? try body.integer("limit", in: 1...Self.greatestPage) : Self.standardPage
            return try Answer.json(try await desk.find(try call.account, try Self.query(body), after, limit))
        }
        routes.on(.person) { call in
            guard let card = try await desk.card(try call.account, RecipientID(rawValue: try call.id())) else {
                throw ConsoleProblem(.notFound)
            }
            return try Answer.json(card)
        }
        routes.on(.personHistory) { call in
            guard let history = try await desk.history(try call.account, RecipientID(rawValue: try call.id())) else {
                throw ConsoleProblem(.notFound)
            }
            return try Answer.json(history)
        }
        routes.on(.addPerson) { call in
            let draft = try Self.draft(try await call.bodyObject(), besides: ["identifier"])
            guard let name = draft.name, !name.isEmpty else {
                throw call.invalid("name", "a name is due")
            }
            return try Answer.json(["id": try await desk.add(try call.account, draft).rawValue], status: .created)
        }
        routes.on(.changePerson) { call in
            let body = try await call.bodyObject()
            let draft = try Self.draft(body, besides: ["version"])
            let version = try body.text("version", maximumLength: 64)
            let new = try await desk.change(try call.account, RecipientID(rawValue: try call.id()), draft, version)
            return try Answer.json(["version": new])
        }
        routes.on(.erasePerson) { call in
            let body = try await call.bodyObject()
            try body.allow(["version"])
            try await desk.erase(
                try call.account, RecipientID(rawValue: try call.id()), try body.text("version", maximumLength: 64))
            return Answer.nothing
        }
        routes.on(.labelPeople) { call in
            let body = try await call.bodyObject()
            try body.allow(["ids", "kind", "name", "isOn"])
            let changed = try await desk.label(
                try call.account,
                try body.identifiers("ids", atMost: Self.mostTicked).map { RecipientID(rawValue: $0) },
                try body.word("kind", LabelKind.self), try body.text("name", maximumLength: Self.longestText).trimmingSpaces(),
                try body.flag("isOn"))
            return try Answer.json(["changed": changed])
        }
        routes.on(.gatherPeople) { call in
            let body = try await call.bodyObject()
            try body.allow(["ids", "name"])
            let list = try await desk.gather(
                try call.account,
                try body.identifiers("ids", atMost: Self.mostTicked).map { RecipientID(rawValue: $0) },
                try body.text("name", maximumLength: Self.longestText).trimmingSpaces())
            return try Answer.json(["list": list], status: .created)
        }
        routes.on(.findPlaces) { call in
            let body = try await call.bodyObject()
            try body.allow(["text", "near"])
            if body.has("near") {
                let near = try await desk.near(try call.account, try Self.position(try body.object("near")))
                return try Answer.json(["places": near])
            }
            let text = try body.text("text", maximumLength: Self.longestText)
            return try Answer.json(["places": try await desk.places(try call.account, text)])
        }
        routes.on(.exportPeople) { call in
            let body = try await call.bodyObject()
            try body.allow(Self.queryKeys.union(["format"]))
            let format = try body.word("format", PeopleFileFormat.self)
            return Answer.file(try await desk.export(try call.account, try Self.query(body), format), format.mediaType)
        }
    }

    // MARK: Bodies

    private static let queryKeys: Set<String> = [
        "text", "list", "tag", "communeCode", "channel", "precision", "staleMonths", "hasOptedOut", "isUnreachable",
    ]

    private static func query(_ body: BodyObject) throws -> RegisterQuery {
        func word(_ key: String) throws -> String? {
            guard body.has(key) else { return nil }
            let text = try body.text(key, maximumLength: longestText).trimmingSpaces()
            return text.isEmpty ? nil : text
        }
        var query = RegisterQuery()
        query.text = try word("text") ?? ""
        query.list = try word("list")
        query.tag = try word("tag")
        query.communeCode = try word("communeCode")
        if body.has("channel") { query.channel = try body.word("channel", Channel.self) }
        if body.has("precision") { query.precision = try body.word("precision", Precision.self) }
        if body.has("staleMonths") { query.staleMonths = try body.integer("staleMonths", in: 1...mostStaleMonths) }
        if body.has("hasOptedOut") { query.hasOptedOut = try body.flag("hasOptedOut") }
        if body.has("isUnreachable") { query.isUnreachable = try body.flag("isUnreachable") }
        return query
    }

    private static func position(_ body: BodyObject) throws -> LonLat {
        try body.allow(["longitude", "latitude"])
        return LonLat(
            Position(
                longitude: try body.number("longitude", in: -180...180), latitude: try body.number("latitude", in: -90...90)))
    }

    private static let draftKeys: Set<String> = [
        "kind", "name", "language", "address", "postcode", "commune", "communeCode", "household", "building", "confirmedOn",
        "position", "isPlacedByAddress", "contacts", "lists", "tags", "reason",
    ]
    private static let mostContacts = 20
    private static let mostLabels = 200

    private static func draft(_ body: BodyObject, besides: Set<String>) throws -> PersonDraft {
        try body.allow(draftKeys.union(besides))
        func word(_ key: String) throws -> String? {
            body.has(key) ? try body.text(key, maximumLength: longestField).trimmingSpaces() : nil
        }
        var draft = PersonDraft()
        draft.identifier = besides.contains("identifier") ? try word("identifier") : nil
        if body.has("kind") { draft.kind = try body.word("kind", RecipientKind.self) }
        draft.name = try word("name")
        draft.language = try word("language")
        draft.address = try word("address")
        draft.postcode = try word("postcode")
        draft.commune = try word("commune")
        draft.communeCode = try word("communeCode")
        draft.household = try word("household")
        draft.building = try word("building")
        draft.confirmedOn = try word("confirmedOn")
        if body.has("position") {
            draft.position = try Self.position(try body.object("position"))
        }
        if body.has("isPlacedByAddress") { draft.isPlacedByAddress = try body.flag("isPlacedByAddress") }
        if body.has("contacts") {
            draft.contacts = try body.objects("contacts", atMost: mostContacts).map { contact in
                try contact.allow(["channel", "address", "isEmergency", "consent"])
                return PersonDraft.Contact(
                    channel: contact.has("channel") ? try contact.word("channel", Channel.self) : nil,
                    address: try contact.text("address", maximumLength: 254).trimmingSpaces(),
                    isEmergency: contact.has("isEmergency") ? try contact.flag("isEmergency") : false,
                    consent: contact.has("consent") ? try contact.word("consent", Consent.self) : nil)
            }
        }
        if body.has("lists") { draft.lists = try body.texts("lists", maximumCount: mostLabels, maximumLength: longestText) }
        if body.has("tags") { draft.tags = try body.texts("tags", maximumCount: mostLabels, maximumLength: longestText) }
        if body.has("reason") { draft.reason = try body.word("reason", OptReason.self) }
        return draft
    }
}
