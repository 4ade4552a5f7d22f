import AlertModel
import GeoEngine
import GeoModel

extension TileAddress {
    /// Zooms at which commune tiles exist; the browser enlarges the last one beyond.
    package static let zooms = 5...13
}

/// A stored tile.
package struct CommuneTile: Hashable, Sendable {
    /// The Mapbox vector tile, gzipped when `isGzipped`.
    package let bytes: [UInt8]
    package let isGzipped: Bool
    /// Changes whenever the tile does: characters allowed in an entity tag, without quotes.
    package let tag: String

    package init(bytes: [UInt8], isGzipped: Bool, tag: String) {
        self.bytes = bytes
        self.isGzipped = isGzipped
        self.tag = tag
    }
}

/// The communes, as the console needs them. Every function may throw `ConsoleProblem`.
package struct Territory: Sendable {
    /// What `GET /api/config` shows.
    package var facts: @Sendable (Account) async throws -> InstallationFacts
    /// Communes whose name begins with the text, whatever its accents and case, or whose code does; best first.
    package var search: @Sendable (_ text: String, _ limit: Int) async throws -> [CommuneCard]
    /// The communes of these codes, in the order of the codes; those unknown are left out. With a vintage, what the codes
    /// of 1 January of that year mean.
    package var communes: @Sendable ([CommuneCode], _ vintage: Int?) async throws -> [CommuneCard]
    /// Intercommunalités whose name has the words of the text, or whose number starts with it; best first.
    package var epcis: @Sendable (Account, _ text: String, _ limit: Int) async throws -> [EPCICard]
    /// The commune at a position, or nil.
    package var commune: @Sendable (_ at: Position<WGS84>) async throws -> CommuneCard?
    /// A tile, or nil when it is empty.
    package var tile: @Sendable (TileAddress) async throws -> CommuneTile?

    package init(
        facts: @escaping @Sendable (Account) async throws -> InstallationFacts,
        search: @escaping @Sendable (String, Int) async throws -> [CommuneCard],
        communes: @escaping @Sendable ([CommuneCode], Int?) async throws -> [CommuneCard],
        commune: @escaping @Sendable (Position<WGS84>) async throws -> CommuneCard?,
        tile: @escaping @Sendable (TileAddress) async throws -> CommuneTile?,
        epcis: @escaping @Sendable (Account, String, Int) async throws -> [EPCICard] = { _, _, _ in [] }
    ) {
        self.facts = facts
        self.search = search
        self.communes = communes
        self.commune = commune
        self.tile = tile
        self.epcis = epcis
    }
}
