import AlertModel
import GeoModel
import Import
import Logging
import Mail
import Reports
import Store

/// The map of a campaign's zone, for its e-mails. Whatever goes wrong, and whatever takes too long, the messages go
/// without it.
struct CampaignMaps: Sendable {
    /// An alert does not wait longer than this for its map.
    private static let patience = Duration.seconds(3)
    /// Around the zone, so that a reader knows where it lies: a share of its own width and height.
    private static let margin = 0.15

    let store: AlertDatabase
    private let logger = Logger(label: "tocsin.maps") { _ in StandardErrorLog(level: .warning) }

    init(store: AlertDatabase) {
        self.store = store
    }

    func picture(of campaign: CampaignID) async -> MailPicture? {
        // The drawing goes on when nobody waits for it any more: it ends by itself within the exchange process's limits.
        let (answers, continuation) = AsyncStream.makeStream(of: MailPicture?.self)
        let maps = self
        Task.detached {
            do {
                continuation.yield(try await Offload.run { try maps.draw(campaign) })
            } catch {
                maps.logger.warning("no map for this campaign's e-mails", metadata: ["campaign": "\(campaign)", "error": "\(error)"])
                continuation.yield(nil)
            }
        }
        let timer = Task.detached {
            try? await Task.sleep(for: Self.patience)
            guard !Task.isCancelled else { return }
            maps.logger.warning("the campaign's map takes too long: its e-mails go without")
            continuation.yield(nil)
        }
        defer { timer.cancel() }
        for await answer in answers { return answer }
        return nil
    }

    private func draw(_ campaign: CampaignID) throws -> MailPicture? {
        let record = try store.ledger.campaign(campaign)
        let zone = try ZoneDocument.decode(Array(record.zoneDocument.utf8))
        guard let surface = try store.surface(of: zone, scope: try store.scope(of: record.organisation)), let box = surface.boundingBox else { return nil }
        let (across, down) = ((box.east - box.west) * Self.margin, (box.north - box.south) * Self.margin)
        let frame = BoundingBox<WGS84>(
            west: box.west - across, south: box.south - down, east: box.east + across, north: box.north + down)
        let communes = try store.communes(touching: frame).compactMap { commune in
            commune.boundary.map { (name: commune.name, boundary: $0) }
        }
        guard let map = ZoneMap.map(of: surface, communes: communes) else { return nil }
        let png = try MapWriter.png(map.json)
        guard let picture = MailPicture(png: png, text: "Carte de la zone concernée") else {
            logger.warning("the campaign's map is too large for an e-mail", metadata: ["bytes": "\(png.count)"])
            return nil
        }
        return picture
    }
}
