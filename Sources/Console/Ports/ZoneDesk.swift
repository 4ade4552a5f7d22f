import AlertModel
import GeoEngine
import GeoModel

/// Selections, as the console needs them. Every function may throw `ConsoleProblem`; an invalid geometry is a
/// problem of a geometry code with the place in its detail.
package struct ZoneDesk: Sendable {
    package var counts: @Sendable (Account, Zone) async throws -> ZoneCounts
    /// The counts alone, without area and population, while a corner is being dragged.
    package var frame: @Sendable (Account, Zone) async throws -> ZoneCounts
    /// Recipients by cell of a grid sized for a map zoom (0 to 22), within a box; `inside` per cell when a zone
    /// is given.
    package var cells:
        @Sendable (Account, _ within: BoundingBox<WGS84>, _ zoom: Double, Zone?) async throws -> [DensityCell]
    package var coverage: @Sendable (Account, Zone) async throws -> CoverageReport
    /// The zone's ground with its margins, to be drawn: simplified outward when a tolerance in metres is given. Nil for a
    /// zone that is not only a place.
    package var shape: @Sendable (Account, Zone, _ toleranceMetres: Double) async throws -> Area<WGS84>?
    /// Share covered of every commune that has recipients.
    package var shares: @Sendable (Account) async throws -> [CommuneShare]

    package init(
        counts: @escaping @Sendable (Account, Zone) async throws -> ZoneCounts,
        cells: @escaping @Sendable (Account, BoundingBox<WGS84>, Double, Zone?) async throws -> [DensityCell],
        coverage: @escaping @Sendable (Account, Zone) async throws -> CoverageReport,
        shape: @escaping @Sendable (Account, Zone, Double) async throws -> Area<WGS84>? = { _, _, _ in nil },
        shares: @escaping @Sendable (Account) async throws -> [CommuneShare],
        frame: (@Sendable (Account, Zone) async throws -> ZoneCounts)? = nil
    ) {
        self.shape = shape
        self.counts = counts
        self.frame = frame ?? counts
        self.cells = cells
        self.coverage = coverage
        self.shares = shares
    }
}

/// Perimeters and lists, as the console needs them. Every function may throw `ConsoleProblem`.
package struct Perimeters: Sendable {
    /// Reads and checks an uploaded GeoJSON document.
    package var read: @Sendable (_ geoJSON: [UInt8]) async throws -> PerimeterReading
    package var saved: @Sendable (Account) async throws -> [SavedPerimeter]
    package var names: @Sendable (Account) async throws -> PerimeterNames
    /// As it was saved, to the last vertex; nil when there is none of this id.
    package var exact: @Sendable (Account, _ id: Int64) async throws -> SavedPerimeter?
    /// All of them to look at, simplified to what a screen shows; nil where none is.
    package var tile: @Sendable (Account, TileAddress) async throws -> CommuneTile?
    /// Keeps a checked geometry under a name and returns its id; `already_exists` when the name is taken.
    package var save: @Sendable (Account, _ name: String, Area<WGS84>) async throws -> Int64
    /// False when there is none of this id.
    package var delete: @Sendable (Account, _ id: Int64) async throws -> Bool
    package var lists: @Sendable (Account) async throws -> [ListCard]
    /// The labels in use.
    package var tags: @Sendable (Account) async throws -> [TagCard]

    package init(
        read: @escaping @Sendable ([UInt8]) async throws -> PerimeterReading,
        saved: @escaping @Sendable (Account) async throws -> [SavedPerimeter],
        names: @escaping @Sendable (Account) async throws -> PerimeterNames,
        exact: @escaping @Sendable (Account, Int64) async throws -> SavedPerimeter?,
        tile: @escaping @Sendable (Account, TileAddress) async throws -> CommuneTile?,
        save: @escaping @Sendable (Account, String, Area<WGS84>) async throws -> Int64,
        delete: @escaping @Sendable (Account, Int64) async throws -> Bool,
        lists: @escaping @Sendable (Account) async throws -> [ListCard],
        tags: @escaping @Sendable (Account) async throws -> [TagCard] = { _ in [] }
    ) {
        self.read = read
        self.saved = saved
        self.names = names
        self.exact = exact
        self.tile = tile
        self.save = save
        self.delete = delete
        self.lists = lists
        self.tags = tags
    }
}
