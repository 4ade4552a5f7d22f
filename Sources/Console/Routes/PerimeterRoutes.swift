import AlertModel
import GeoEngine
import GeoModel
import Hummingbird

/// Reading uploaded perimeters, keeping them under a name, and the static lists.
struct PerimeterRoutes: Sendable {
    static let longestName = 120

    let perimeters: Perimeters

    func register(on routes: RouteRegistrar) {
        let perimeters = perimeters
        routes.on(.readPerimeter) { call in
            let bytes = try await call.bodyFile()
            let reading = try await perimeters.read(bytes)
            return Answer.json(
                bytes: try Answer.encode(
                    ReadingMembers(reading), adding: ["geometry": ZoneDocument.encode(reading.area)]))
        }
        routes.on(.perimeters) { call in
            if let wanted = try call.query("geometry", maximumLength: 10) {
                guard wanted == "none" else { throw call.invalid("geometry", "none, or nothing at all") }
                return try Answer.json(try await perimeters.names(try call.account))
            }
            var bytes = Array(#"{"perimeters":["#.utf8)
            for (index, saved) in try await perimeters.saved(try call.account).enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                bytes += try Answer.encode(
                    SavedMembers(id: saved.id, name: saved.name), adding: ["geometry": ZoneDocument.encode(saved.area)])
            }
            bytes += "]}".utf8
            return Answer.json(bytes: bytes)
        }
        routes.on(.perimeter) { call in
            guard let saved = try await perimeters.exact(try call.account, try call.id()) else { throw ConsoleProblem(.notFound) }
            return Answer.json(
                bytes: try Answer.encode(
                    SavedMembers(id: saved.id, name: saved.name), adding: ["geometry": ZoneDocument.encode(saved.area)]))
        }
        routes.on(.perimeterTile) { call in
            guard let address = TileAddress(call.context.parameters) else { throw ConsoleProblem(.notFound) }
            let account = try call.account
            let tile = TileAddress.zooms.contains(address.zoom) ? try await perimeters.tile(account, address) : nil
            // Asked for again each time: the next who signs in here may be another organisation's.
            return Answer.tile(tile, cacheControl: "private, no-cache", to: call)
        }
        routes.on(.savePerimeter) { call in
            let body = try await call.bodyObject()
            try body.allow(["name", "geometry"])
            let name = try body.text("name", maximumLength: Self.longestName).trimmingSpaces()
            guard !name.isEmpty else { throw body.fault("name", "a name is due") }
            let id = try await perimeters.save(try call.account, name, try body.area("geometry"))
            return try Answer.json(["id": id], status: .created)
        }
        routes.on(.deletePerimeter) { call in
            guard try await perimeters.delete(try call.account, try call.id()) else { throw ConsoleProblem(.notFound) }
            return Answer.nothing
        }
        routes.on(.tags) { call in
            try Answer.json(TagCards(tags: try await perimeters.tags(try call.account)))
        }
        routes.on(.lists) { call in
            try Answer.json(ListCards(lists: try await perimeters.lists(try call.account)))
        }
    }

    /// A reading less its geometry, which is written apart.
    private struct ReadingMembers: Encodable {
        let name: String
        let areaSquareMetres: Double
        let vertices: Int
        let warnings: [ConsoleWarning]

        init(_ reading: PerimeterReading) {
            name = reading.name
            areaSquareMetres = reading.areaSquareMetres
            vertices = reading.area.vertexCount
            warnings = reading.warnings
        }
    }

    private struct SavedMembers: Encodable {
        let id: Int64
        let name: String
    }
}
