import AlertModel
import Foundation
import Hummingbird

/// People, roles, groups, grants, sessions and duty stations of the asking account's organisation.
struct PeopleRoutes: Sendable {
    private static let longestName = 128
    /// A browser keeps a cookie for 400 days at most (RFC 6265bis); a station is declared again after that.
    private static let stationSeconds = 400 * 86_400

    let desk: PeopleDesk
    let configuration: ConsoleConfiguration

    func register(on routes: RouteRegistrar) {
        let desk = desk
        routes.on(.people) { call in try Answer.json(try await desk.read(try call.account)) }
        /// An action that a route's path says whole.
        func on(_ route: Route, _ action: @escaping @Sendable (Int64) -> PeopleAction) {
            routes.on(route) { call in
                try Answer.json(try await desk.act(try call.account, action(try call.id())))
            }
        }
        on(.closePerson) { .closePerson(UserID(rawValue: $0)) }
        on(.resetPerson) { .resetPassword(UserID(rawValue: $0)) }
        on(.resetFactors) { .resetFactors(UserID(rawValue: $0)) }
        on(.removePersonKey) { .removeKey(SecurityKeyID(rawValue: $0)) }
        on(.endSession) { .endSession(handle: $0) }
        on(.removeGroup) { .removeGroup(GroupID(rawValue: $0)) }
        on(.confirmGrant) { .confirm(GrantID(rawValue: $0)) }
        on(.refuseGrant) { .refuse(GrantID(rawValue: $0)) }
        on(.withdrawGrant) { .withdraw(GrantID(rawValue: $0)) }
        on(.revokeStation) { .revokeStation(StationID(rawValue: $0)) }
        /// An action that takes a body.
        func on(_ route: Route, keys: Set<String>, _ action: @escaping @Sendable (BodyObject) throws -> PeopleAction) {
            routes.on(route) { call in
                let body = try await call.bodyObject()
                try body.allow(keys)
                return try Answer.json(try await desk.act(try call.account, try action(body)))
            }
        }
        on(.createPerson, keys: ["name", "role"]) { body in
            .createPerson(
                name: try body.text("name", maximumLength: Self.longestName),
                role: try body.text("role", maximumLength: Role.longestName))
        }
        on(.saveRole, keys: ["name", "capabilities"]) { body in
            .saveRole(Role(
                name: try body.text("name", maximumLength: Role.longestName),
                capabilities: Set(try body.words("capabilities", Capability.self))))
        }
        on(.removeRole, keys: ["name"]) { .removeRole(name: try $0.text("name", maximumLength: Role.longestName)) }
        on(.createGroup, keys: ["name"]) { .createGroup(name: try $0.text("name", maximumLength: Role.longestName)) }
        on(.setFactorPolicy, keys: ["secondFactor"]) { .requireSecondFactor(try $0.flag("secondFactor")) }
        on(.giveGrant, keys: ["person", "group", "role", "shift", "replacing", "inGroup", "from", "until"]) { body in
            try Self.grant(body, now: configuration.now())
        }
        routes.on(.declareStation) { call in
            let body = try await call.bodyObject()
            try body.allow(["name"])
            let token = SessionToken()
            let outcome = try await desk.act(
                try call.account,
                .declareStation(name: try body.text("name", maximumLength: Role.longestName), token.digest))
            var response = try Answer.json(outcome, status: .created)
            response.headers[.setCookie] = Doorkeeper.cookie(
                Doorkeeper.stationCookieName, token.cookieValue, maximumAge: Self.stationSeconds,
                isSecure: configuration.isSecure)
            return response
        }
    }

    private static func grant(_ body: BodyObject, now: Date) throws -> PeopleAction {
        let ids = 1...Int(1) << 53
        let gifts = ["role", "shift", "replacing", "inGroup"].filter { body.has($0) }
        guard gifts.count == 1, body.has("person") != body.has("group") else {
            throw body.fault("person", "a person or a group, and one of role, shift, replacing and inGroup are due")
        }
        let beneficiary: Grant.Beneficiary =
            try body.has("group")
            ? .group(GroupID(rawValue: Int64(body.integer("group", in: ids))))
            : .person(UserID(rawValue: Int64(body.integer("person", in: ids))))
        let gift: Grant.Gift =
            switch gifts[0] {
            case "role": .role(try body.text("role", maximumLength: Role.longestName))
            case "shift": .shift(try body.text("shift", maximumLength: Role.longestName))
            case "replacing": .rights(of: UserID(rawValue: Int64(try body.integer("replacing", in: ids))))
            default: .membership(GroupID(rawValue: Int64(try body.integer("inGroup", in: ids))))
            }
        return .give(to: beneficiary, gift, from: try date("from", of: body) ?? now, until: try date("until", of: body))
    }

    /// ISO 8601 with an offset, or nil.
    private static func date(_ key: String, of body: BodyObject) throws -> Date? {
        guard body.has(key) else { return nil }
        let text = try body.text(key, maximumLength: 40)
        for style in [Date.ISO8601FormatStyle(), Date.ISO8601FormatStyle(includingFractionalSeconds: true)] {
            if let date = try? style.parse(text) { return date }
        }
        throw body.fault(key, "a time is due, such as 2026-11-30T08:00:00Z")
    }
}
