import AlertModel
import Hummingbird

/// Counting who is inside, the density map and coverage.
struct ZoneRoutes: Sendable {
    let zones: ZoneDesk

    func register(on routes: RouteRegistrar) {
        let zones = zones
        routes.on(.zoneCounts) { call in
            let body = try await call.bodyObject()
            try body.allow(["zone", "detail"])
            let detail = body.has("detail") ? try body.word("detail", ZoneDetail.self) : .all
            let (account, zone) = (try call.account, try body.zone("zone"))
            return try Answer.json(
                try await detail == .counts ? zones.frame(account, zone) : zones.counts(account, zone))
        }
        routes.on(.cells) { call in
            let body = try await call.bodyObject()
            try body.allow(["bounds", "zoom", "zone"])
            let zone = body.has("zone") ? try body.zone("zone") : nil
            let cells = try await zones.cells(
                try call.account, try body.bounds("bounds"), try body.number("zoom", in: 0...28), zone)
            return try Answer.json(DensityCells(cells: cells))
        }
        routes.on(.zoneCoverage) { call in
            let body = try await call.bodyObject()
            try body.allow(["zone"])
            return try Answer.json(try await zones.coverage(try call.account, try body.zone("zone")))
        }
        routes.on(.zoneShape) { call in
            let body = try await call.bodyObject()
            try body.allow(["zone", "toleranceMetres"])
            let tolerance = body.has("toleranceMetres") ? try body.number("toleranceMetres", in: 0...10_000) : 0
            let shape = try await zones.shape(try call.account, try body.zone("zone"), tolerance)
            var bytes = Array(#"{"geometry":"#.utf8)
            bytes += shape.map { ZoneDocument.encode($0) } ?? Array("null".utf8)
            bytes += "}".utf8
            return Answer.json(bytes: bytes)
        }
        routes.on(.communeCoverage) { call in
            try Answer.json(CommuneShares(communes: try await zones.shares(try call.account)))
        }
    }
}
