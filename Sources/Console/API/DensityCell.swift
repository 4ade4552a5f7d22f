import GeoModel

/// Recipients counted in one square of a grid the server makes: never a person's position.
package struct DensityCell: Codable, Hashable, Sendable {
    /// Centre of the square.
    package let position: LonLat
    package let recipients: Int
    /// How many of them the zone selects, 0 without a zone.
    package let inside: Int

    package init(centre: Position<WGS84>, recipients: Int, inside: Int) {
        position = LonLat(centre)
        self.recipients = recipients
        self.inside = inside
    }
}

/// `POST /api/cells`.
package struct DensityCells: Codable, Hashable, Sendable {
    package let cells: [DensityCell]

    package init(cells: [DensityCell]) {
        self.cells = cells
    }
}
