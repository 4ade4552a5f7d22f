import AlertModel
import Hummingbird

/// People who may be twice in the register: finding them, making them one, and saying that they are not.
struct DoubleRoutes: Sendable {
    private static let mostStart = 1_000_000
    private static let mostApart = 12
    private static let longestVersion = 64

    let desk: DoubleDesk

    func register(on routes: RouteRegistrar) {
        let desk = desk
        routes.on(.findDoubles) { call in
            let body = try await call.bodyObject()
            try body.allow(["start", "again"])
            return try Answer.json(
                try await desk.find(
                    try call.account, body.has("start") ? try body.integer("start", in: 0...Self.mostStart) : 0,
                    body.has("again") ? try body.flag("again") : false))
        }
        routes.on(.mergeDoubles) { call in
            let body = try await call.bodyObject()
            try body.allow(["kept", "absorbed", "taking"])
            let kept = try body.object("kept"), absorbed = try body.object("absorbed")
            for card in [kept, absorbed] { try card.allow(["id", "version"]) }
            let order = MergeOrder(
                kept: Int64(try kept.integer("id", in: 1...Int.max)),
                keptVersion: try kept.text("version", maximumLength: Self.longestVersion),
                absorbed: Int64(try absorbed.integer("id", in: 1...Int.max)),
                absorbedVersion: try absorbed.text("version", maximumLength: Self.longestVersion),
                taking: body.has("taking") ? Set(try body.words("taking", MergeOrder.Value.self)) : [])
            return try Answer.json(["version": try await desk.merge(try call.account, order)])
        }
        routes.on(.keepApart) { call in
            let body = try await call.bodyObject()
            try body.allow(["ids"])
            try await desk.keepApart(
                try call.account, try body.identifiers("ids", atMost: Self.mostApart).map { RecipientID(rawValue: $0) })
            return Answer.nothing
        }
        routes.on(.merges) { call in try Answer.json(["merges": try await desk.merges(try call.account)]) }
        routes.on(.undoMerge) { call in
            try await desk.undo(try call.account, try call.id())
            return Answer.nothing
        }
    }
}
