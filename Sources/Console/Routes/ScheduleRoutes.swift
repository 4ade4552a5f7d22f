import AlertModel
import Campaigns
import Hummingbird

/// Information that the server launches by the calendar.
struct ScheduleRoutes: Sendable {
    /// Characters of a value that fills a place, and how many there may be.
    private static let longestValue = 500
    private static let mostValues = 100
    /// Of a rule and of a day with its time.
    private static let longestRule = 200
    private static let longestMoment = 30

    let desk: ScheduleDesk

    func register(on routes: RouteRegistrar) {
        let desk = desk
        routes.on(.schedules) { call in try Answer.json(["schedules": try await desk.list(try call.account)]) }
        routes.on(.previewSchedule) { call in
            try Answer.json(try await desk.look(try call.account, try Self.schedule(try await call.bodyObject())))
        }
        routes.on(.addSchedule) { call in
            try await desk.add(try call.account, try Self.schedule(try await call.bodyObject()))
            return Answer.nothing
        }
        routes.on(.pauseSchedule) { call in
            try await desk.pause(try call.account, try call.id())
            return Answer.nothing
        }
        routes.on(.resumeSchedule) { call in
            try await desk.resume(try call.account, try call.id())
            return Answer.nothing
        }
        routes.on(.removeSchedule) { call in
            try await desk.remove(try call.account, try call.id())
            return Answer.nothing
        }
    }

    private static func schedule(_ body: BodyObject) throws -> NewSchedule {
        try body.allow(["name", "zone", "template", "templateVersion", "values", "channels", "at", "every", "last"])
        let name = try body.text("name", maximumLength: MessageTemplate.longestName)
        guard MessageTemplate.isName(name) else {
            throw body.fault("name", "a name is one line of 1 to \(MessageTemplate.longestName) characters")
        }
        let channels = try body.words("channels", Channel.self)
        guard !channels.isEmpty else { throw ConsoleProblem(.noChannel, ProblemDetail(path: "channels")) }
        var values: [String: String] = [:]
        if body.has("values") {
            let given = try body.object("values")
            guard given.members.count <= mostValues else {
                throw ConsoleProblem(.invalidParameter, ProblemDetail(path: "values", limit: mostValues))
            }
            for key in given.members.keys { values[key] = try given.text(key, maximumLength: longestValue) }
        }
        return NewSchedule(
            name: name, zone: try body.zone("zone"),
            template: try body.text("template", maximumLength: MessageTemplate.longestName),
            templateVersion: body.has("templateVersion") ? try body.integer("templateVersion", in: 1...Int(Int32.max)) : nil,
            values: values, channels: channels,
            at: try body.text("at", maximumLength: longestMoment),
            every: body.has("every") ? try body.text("every", maximumLength: longestRule) : nil,
            last: body.has("last") ? try body.text("last", maximumLength: longestMoment) : nil)
    }
}
