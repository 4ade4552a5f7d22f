import AlertModel
import GeoModel
import Hummingbird

/// A campaign's people: lists and their files, causes of failure, cells by state, doors to knock at.
struct FollowRoutes: Sendable {
    private static let standardPage = 50
    private static let greatestPage = 200

    let desk: FollowDesk

    func register(on routes: RouteRegistrar) {
        let desk = desk
        routes.on(.campaignPeople) { call in
            let after = try call.queryInteger("after", in: 0...Int.max, standard: 0)
            let limit = try call.queryInteger("limit", in: 1...Self.greatestPage, standard: Self.standardPage)
            return try Answer.json(try Self.found(
                await desk.people(try call.account, try Self.campaign(call), try Self.filter(call), Int64(after), limit)))
        }
        routes.on(.campaignPeopleFile) { call in
            let format: PeopleFileFormat = try Self.format(call, standard: .csv)
            let file = try Self.found(
                try await desk.file(try call.account, try Self.campaign(call), try Self.filter(call), format))
            return Answer.file(file, format.mediaType)
        }
        routes.on(.campaignFailures) { call in
            try Answer.json(try Self.found(await desk.failures(try call.account, try Self.campaign(call))))
        }
        routes.on(.campaignCells) { call in
            let box = BoundingBox<WGS84>(
                west: try call.queryNumber("west", in: -180...180), south: try call.queryNumber("south", in: -90...90),
                east: try call.queryNumber("east", in: -180...180), north: try call.queryNumber("north", in: -90...90))
            guard box.west <= box.east, box.south <= box.north else { throw call.invalid("east", "the box is inside out") }
            return try Answer.json(try Self.found(await desk.cells(
                try call.account, try Self.campaign(call), box, try call.queryNumber("zoom", in: 0...28))))
        }
        routes.on(.campaignDoors) { call in
            let format: DoorFormat = try Self.format(call, standard: .html)
            let filter = try Self.filter(call, standard: .notAcknowledged)
            return Self.answer(
                try Self.found(await desk.doors(try call.account, try Self.campaign(call), filter, format)), format)
        }
    }

    private static func campaign(_ call: Call) throws -> CampaignID { CampaignID(rawValue: try call.id()) }

    private static func found<Value>(_ value: Value?) throws -> Value {
        guard let value else { throw ConsoleProblem(.notFound) }
        return value
    }

    private static func format<Format: RawRepresentable & CaseIterable>(
        _ call: Call, standard: Format
    ) throws -> Format where Format.RawValue == String {
        try word(call, "format") ?? standard
    }

    /// One of an enumeration's words; nil when it is absent or empty.
    private static func word<Word: RawRepresentable & CaseIterable>(
        _ call: Call, _ name: String
    ) throws -> Word? where Word.RawValue == String {
        guard let text = try text(call, name) else { return nil }
        guard let word = Word(rawValue: text) else {
            throw call.invalid(name, "one of \(Word.allCases.map(\.rawValue).joined(separator: ", ")) is due")
        }
        return word
    }

    private static func text(_ call: Call, _ name: String) throws -> String? {
        let text = try call.query(name, maximumLength: 200)
        return text == "" ? nil : text
    }

    private static func filter(_ call: Call, standard: OutcomeGroup = .notReached) throws -> PeopleFilter {
        let commune = try text(call, "commune").map { text in
            guard let code = CommuneCode(text) else { throw call.invalid("commune", "a code such as 80021 is due") }
            return code
        }
        let vulnerable = try text(call, "vulnerable")
        guard vulnerable == nil || vulnerable == "yes" else { throw call.invalid("vulnerable", "yes, or nothing, is due") }
        let filter = PeopleFilter(
            group: try word(call, "group") ?? standard, channel: try word(call, "channel"), cause: try word(call, "cause"),
            commune: commune, list: try text(call, "list"), tag: try text(call, "tag"), isVulnerable: vulnerable != nil)
        if let fault = filter.fault { throw call.invalid("group", fault) }
        return filter
    }

    private static func answer(_ doors: DoorFile, _ format: DoorFormat) -> Response {
        format == .html
            ? Answer.page(html: doors.file.bytes, stylesheet: doors.stylesheet) : Answer.file(doors.file, format.mediaType)
    }
}
