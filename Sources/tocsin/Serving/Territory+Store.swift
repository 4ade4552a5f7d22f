import AlertModel
import Console
import Dispatching
import GeoEngine
import GeoModel
import Store

extension Territory {
    /// Communes kept in the database; tiles are drawn on demand and kept in memory.
    init(store: AlertDatabase, means: any CampaignMeans) {
        let tiles = CommuneTiles(store: store)
        self.init(
            facts: { account in
                try await Offload.run {
                    let communes = try store.communesSummary()
                    let carriers = try means.carriers(of: account.organisation, in: store)
                    let register = try store.registerSummary(scope: try store.scope(of: account.organisation))
                    return InstallationFacts(
                        version: ProductVersion.text,
                        organisation: .init(name: try store.name(of: account.organisation)),
                        communes: .init(
                            count: communes.count, vintage: communes.vintage, bounds: communes.bounds.map { Bounds($0) }),
                        recipients: .init(count: register.recipients, notLocated: register.notLocated),
                        channels: Channel.allCases.map { channel in
                            .init(channel: channel, available: carriers[channel] != nil, gateway: carriers[channel])
                        },
                        unread: means.mode == .real
                            ? try store.unread(scope: try store.inboxScope(of: account.organisation), campaigns: 0).all : 0)
                }
            },
            search: { text, limit in
                try await Offload.run { try store.searchCommunes(text, limit: limit).compactMap { CommuneCard($0) } }
            },
            communes: { codes, vintage in
                try await ConsoleProblems.translating {
                    let found = try vintage == nil ? store.communes(codes: codes).found.compactMap { CommuneCard($0) } : []
                    let known = Set(found.map(\.code))
                    let others = codes.filter { !known.contains($0.rawValue) }
                    let cards = try store.codesOnMap(others, of: vintage).map { CommuneCard($0) } + found
                    let byCode = Dictionary(cards.map { ($0.code, $0) }) { first, _ in first }
                    return codes.compactMap { byCode[$0.rawValue] }
                }
            },
            commune: { position in
                try await Offload.run {
                    for commune in try store.communes(near: position) {
                        guard let boundary = commune.boundary else { continue }
                        if try PreparedArea(boundary).contains(position) { return CommuneCard(commune) }
                    }
                    return nil
                }
            },
            tile: { address in try await Offload.run { try tiles.tile(at: address) } },
            epcis: { account, text, limit in
                try await Offload.run {
                    let scope = try store.scope(of: account.organisation)
                    return try store.intercommunalities(matching: text, limit: limit, scope: scope).map {
                        EPCICard(siren: $0.siren, name: $0.name, codes: $0.communes, bounds: $0.bounds)
                    }
                }
            })
    }
}

extension CommuneCard {
    fileprivate init(_ place: CodeOnMap) {
        let box = place.bounds
        self.init(
            code: place.code, name: place.name, population: nil,
            centre: Position(longitude: (box.west + box.east) / 2, latitude: (box.south + box.north) / 2), bounds: box)
    }

    /// Nil for a commune without a boundary: a map cannot show it.
    fileprivate init?(_ commune: Commune) {
        guard let bounds = commune.boundary?.boundingBox, let centre = commune.townhall ?? commune.middle else {
            return nil
        }
        self.init(code: commune.code, name: commune.name, population: commune.population, centre: centre, bounds: bounds)
    }
}
