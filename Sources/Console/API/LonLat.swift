import GeoModel

/// A position as the API writes it: `[longitude, latitude]`, degrees, WGS 84.
package struct LonLat: Codable, Hashable, Sendable {
    package let position: Position<WGS84>

    package init(_ position: Position<WGS84>) {
        self.position = position
    }

    package init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        let longitude = try container.decode(Double.self)
        position = Position(longitude: longitude, latitude: try container.decode(Double.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        try container.encode(position.longitude)
        try container.encode(position.latitude)
    }
}

/// A box as the API writes it: `[west, south, east, north]`, degrees, WGS 84.
package struct Bounds: Codable, Hashable, Sendable {
    package let box: BoundingBox<WGS84>

    package init(_ box: BoundingBox<WGS84>) {
        self.box = box
    }

    package init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        let west = try container.decode(Double.self), south = try container.decode(Double.self)
        let east = try container.decode(Double.self), north = try container.decode(Double.self)
        box = BoundingBox(west: west, south: south, east: east, north: north)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        try container.encode(box.west)
        try container.encode(box.south)
        try container.encode(box.east)
        try container.encode(box.north)
    }
}
