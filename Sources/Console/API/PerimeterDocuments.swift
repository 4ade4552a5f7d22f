import GeoModel

/// What was read from an uploaded perimeter: `POST /api/perimeters/read`.
package struct PerimeterReading: Hashable, Sendable {
    /// The feature's name, or the file's; shown as the zone item's name.
    package let name: String
    package let area: Area<WGS84>
    package let areaSquareMetres: Double
    package let warnings: [ConsoleWarning]

    package init(name: String, area: Area<WGS84>, areaSquareMetres: Double, warnings: [ConsoleWarning]) {
        self.name = name
        self.area = area
        self.areaSquareMetres = areaSquareMetres
        self.warnings = warnings
    }
}

/// A perimeter kept under a name.
package struct SavedPerimeter: Hashable, Sendable {
    package let id: Int64
    package let name: String
    package let area: Area<WGS84>

    package init(id: Int64, name: String, area: Area<WGS84>) {
        self.id = id
        self.name = name
        self.area = area
    }
}

/// Saved perimeters without their geometry, which tiles show and ``Perimeters/exact`` gives.
package struct PerimeterNames: Codable, Hashable, Sendable {
    /// Another one whenever any of them is: characters allowed in an address.
    package let version: String
    package let perimeters: [Named]

    package init(version: String, perimeters: [Named]) {
        self.version = version
        self.perimeters = perimeters
    }

    package struct Named: Codable, Hashable, Sendable {
        package let id: Int64
        package let name: String

        package init(id: Int64, name: String) {
            self.id = id
            self.name = name
        }
    }
}

/// A list and how many recipients it has.
package struct ListCard: Codable, Hashable, Sendable {
    package let name: String
    package let members: Int
    /// Whether the operator's organisation has it chosen for every new zone. The page shows that it is, and lets it be
    /// taken away; the server never adds it to a zone.
    package let isDefault: Bool

    package init(name: String, members: Int, isDefault: Bool = false) {
        self.name = name
        self.members = members
        self.isDefault = isDefault
    }
}

/// `GET /api/lists`.
package struct ListCards: Codable, Hashable, Sendable {
    package let lists: [ListCard]

    package init(lists: [ListCard]) {
        self.lists = lists
    }
}

/// A label of the register and how many recipients bear it.
package struct TagCard: Codable, Hashable, Sendable {
    package let name: String
    package let members: Int

    package init(name: String, members: Int) {
        self.name = name
        self.members = members
    }
}

/// `GET /api/tags`.
package struct TagCards: Codable, Hashable, Sendable {
    package let tags: [TagCard]

    package init(tags: [TagCard]) {
        self.tags = tags
    }
}
