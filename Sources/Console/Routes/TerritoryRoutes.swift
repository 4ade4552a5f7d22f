import Foundation
import GeoEngine
import GeoModel
import HTTPTypes
import Hummingbird

/// The installation's facts, communes by name, code and place, and their tiles.
struct TerritoryRoutes: Sendable {
    static let longestSearch = 100
    static let searchLimits = 1...50
    /// Codes of one look-up: what fits in an address.
    static let mostCodes = 1_000

    let territory: Territory
    let background: BackgroundMap?
    let now: @Sendable () -> Date

    func register(on routes: RouteRegistrar) {
        routes.on(.configuration) { call in
            let facts = try await territory.facts(try call.account)
            let time = Array("\"\(Answer.text(of: now()))\"".utf8)
            guard let background else { return Answer.json(bytes: try Answer.encode(facts, adding: ["serverTime": time])) }
            return Answer.json(
                bytes: try Answer.encode(facts, adding: ["serverTime": time, "background": try Answer.encode(background)]))
        }
        routes.on(.communes) { try Answer.json(try await communes($0)) }
        routes.on(.epcis) { try Answer.json(try await epcis($0)) }
        routes.on(.communeAt) { call in
            let position = Position<WGS84>(
                longitude: try call.queryNumber("lon", in: -180...180),
                latitude: try call.queryNumber("lat", in: -90...90))
            guard let commune = try await territory.commune(position) else { throw ConsoleProblem(.notFound) }
            return try Answer.json(commune)
        }
        routes.on(.communeTile) { try await tile($0) }
    }

    private func communes(_ call: Call) async throws -> CommuneList {
        guard let codes = try call.query("codes", maximumLength: Self.mostCodes * 8) else {
            let limit = try call.queryInteger("limit", in: Self.searchLimits, standard: 10)
            guard let text = try call.query("q", maximumLength: Self.longestSearch) else {
                throw call.invalid("q", "a text to search, or codes, is due")
            }
            return CommuneList(communes: text.isEmpty ? [] : try await territory.search(text, limit))
        }
        let texts = codes.split(separator: ",").map { $0.trimmingSpaces() }
        guard texts.count <= Self.mostCodes else {
            throw call.invalid("codes", "more than \(Self.mostCodes) codes", limit: Self.mostCodes)
        }
        let vintage = try call.query("vintage", maximumLength: 4) == nil
            ? nil : call.queryInteger("vintage", in: CommuneHistory.vintages, standard: CommuneHistory.vintages.upperBound)
        var wanted: [CommuneCode] = []
        var unknown: [String] = []
        for text in texts {
            guard let code = CommuneCode(text) else {
                unknown.append(String(text.prefix(10)))
                continue
            }
            if !wanted.contains(code) { wanted.append(code) }
        }
        let found = wanted.isEmpty ? [] : try await territory.communes(wanted, vintage)
        let known = Set(found.map(\.code))
        unknown += wanted.map(\.rawValue).filter { !known.contains($0) }
        return CommuneList(communes: found, unknown: unknown)
    }

    private func epcis(_ call: Call) async throws -> EPCIList {
        let limit = try call.queryInteger("limit", in: Self.searchLimits, standard: 10)
        guard let text = try call.query("q", maximumLength: Self.longestSearch) else {
            throw call.invalid("q", "a name or a SIREN number is due")
        }
        return EPCIList(epcis: text.isEmpty ? [] : try await territory.epcis(try call.account, text, limit))
    }

    private func tile(_ call: Call) async throws -> Response {
        guard let address = TileAddress(call.context.parameters) else { throw ConsoleProblem(.notFound) }
        let tile = TileAddress.zooms.contains(address.zoom) ? try await territory.tile(address) : nil
        // Tiles change with an import only; a private copy is asked for again after ten minutes.
        return Answer.tile(tile, cacheControl: "private, max-age=600", to: call)
    }
}

extension TileAddress {
    /// - Returns: nil when the path is not that of a tile of the scheme.
    init?(_ parameters: Parameters) {
        guard let zoom = Self.integer(parameters.get("z")), let column = Self.integer(parameters.get("x")),
            let row = parameters.get("y"), row.hasSuffix(".mvt"), let row = Self.integer(String(row.dropLast(4))),
            let address = try? Self(zoom: zoom, x: column, y: row)
        else { return nil }
        self = address
    }

    private static func integer(_ text: String?) -> Int? {
        guard let text, (1...8).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }) else {
            return nil
        }
        return Int(text)
    }
}
