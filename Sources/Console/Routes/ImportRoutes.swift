import Foundation
import HTTPTypes
import Hummingbird

/// Files of recipients: taken in, looked at, checked, written, taken back.
struct ImportRoutes: Sendable {
    private static let longestName = 200
    private static let mostColumns = 300
    private static let duplicateWords: Set<String> = ["report", "merge", "refuse", "keep"]

    let desk: ImportDesk

    func register(on routes: RouteRegistrar) {
        let desk = desk
        routes.on(.imports) { try Answer.json(["imports": try await desk.records(try $0.account)]) }
        routes.on(.receiveImport) { call in
            let name = call.request.headers[.fileName]?.removingPercentEncoding ?? ""
            guard !name.isEmpty, name.count <= Self.longestName, !name.contains("/"),
                !name.unicodeScalars.contains(where: { $0.value < 32 }), !name.hasPrefix(".")
            else { throw call.invalid("X-Tocsin-File-Name", "the file's name is due, percent-encoded") }
            let intake = try await desk.begin(try call.account, name)
            do {
                try await call.bodyPieces(upTo: call.limits.registerFileBytes) { try await intake.take($0) }
                return try Answer.json(try await intake.finish(), status: .created)
            } catch {
                await intake.abandon()
                throw error
            }
        }
        routes.on(.importState) { call in
            guard let state = try await desk.state(try call.account, try call.id()) else { throw ConsoleProblem(.notFound) }
            return try Answer.json(state)
        }
        for (route, isDry) in [(Route.checkImport, true), (.applyImport, false)] {
            routes.on(route) { call in
                let wish = try Self.wish(try await call.bodyObject())
                guard try await desk.run(try call.account, try call.id(), wish, isDry) else { throw ConsoleProblem(.notFound) }
                return Answer.nothing
            }
        }
        routes.on(.importFaults) { call in
            guard let bytes = try await desk.faults(try call.account, try call.id()) else { throw ConsoleProblem(.notFound) }
            return Answer.file(ReportFile(bytes: bytes, fileName: "import-remarques.csv"), MediaType.csv)
        }
        routes.on(.undoImport) { call in
            let body = try await call.bodyObject()
            try body.allow(["import"])
            try await desk.undo(try call.account, Int64(try body.integer("import", in: 1...Int.max)))
            return Answer.nothing
        }
    }

    private static func wish(_ body: BodyObject) throws -> ImportWish {
        try body.allow(["map", "skipsInvalid", "removesGone", "isSure", "duplicates", "isOneOff"])
        var wish = ImportWish()
        for entry in try body.objects("map", atMost: mostColumns) {
            try entry.allow(["column", "field"])
            wish.map[try entry.text("column", maximumLength: 500)] = try entry.text("field", maximumLength: 40)
        }
        if body.has("skipsInvalid") { wish.skipsInvalid = try body.flag("skipsInvalid") }
        if body.has("removesGone") { wish.removesGone = try body.flag("removesGone") }
        if body.has("isSure") { wish.isSure = try body.flag("isSure") }
        if body.has("isOneOff") { wish.isOneOff = try body.flag("isOneOff") }
        if wish.isOneOff, wish.removesGone { throw body.fault("removesGone", "an audience of once takes nobody out of the register") }
        if body.has("duplicates") {
            wish.duplicates = try body.text("duplicates", maximumLength: 10)
            guard duplicateWords.contains(wish.duplicates) else {
                throw body.fault("duplicates", "one of \(duplicateWords.sorted().joined(separator: ", ")) is due")
            }
        }
        return wish
    }
}

extension HTTPField.Name {
    fileprivate static let fileName = Self("X-Tocsin-File-Name")!
}
