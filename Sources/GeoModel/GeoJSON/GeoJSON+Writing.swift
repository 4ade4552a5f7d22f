extension GeoJSON {
    /// The area as a Polygon (when it has one polygon) or a MultiPolygon, with seven decimals (a centimetre) and
    /// RFC 7946's winding: exteriors counterclockwise, holes clockwise.
    package static func encode(_ area: Area<WGS84>) -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: 64 + area.vertexCount * 24)
        writer.geometry(area)
        return writer.bytes
    }

    /// A Feature on one line.
    package static func encodeFeature(
        id: JSONValue? = nil, properties: JSONObject, area: Area<WGS84>?
    ) -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: 256 + (area?.vertexCount ?? 0) * 24)
        writer.feature(id: id, properties: properties, area: area)
        return writer.bytes
    }
}

extension JSONWriter {
    package mutating func feature(id: JSONValue? = nil, properties: JSONObject, area: Area<WGS84>?) {
        raw(#"{"type":"Feature","#)
        if let id {
            raw(#""id":"#)
            value(id)
            raw(",")
        }
        raw(#""properties":"#)
        value(.object(properties))
        raw(#","geometry":"#)
        if let area { geometry(area) } else { raw("null") }
        raw("}")
    }

    package mutating func geometry(_ area: Area<WGS84>) {
        if area.polygons.count == 1 {
            raw(#"{"type":"Polygon","coordinates":"#)
            polygon(area.polygons[0])
        } else {
            raw(#"{"type":"MultiPolygon","coordinates":"#)
            separated(area.polygons, open: "[", close: "]") { $0.polygon($1) }
        }
        raw("}")
    }

    /// A Point geometry.
    package mutating func geometry(_ position: Position<WGS84>) {
        raw(#"{"type":"Point","coordinates":"#)
        self.position(position)
        raw("}")
    }

    private mutating func polygon(_ polygon: Polygon<WGS84>) {
        separated(polygon.rings.enumerated(), open: "[", close: "]") { writer, ring in
            let isExterior = ring.offset == 0
            let positions = ring.element.positions
            if (ring.element.signedArea >= 0) == isExterior {
                writer.separated(positions, open: "[", close: "]") { $0.position($1) }
            } else {
                writer.separated(positions.reversed(), open: "[", close: "]") { $0.position($1) }
            }
        }
    }

    private mutating func position(_ position: Position<WGS84>) {
        raw("[")
        coordinate(position.longitude)
        raw(",")
        coordinate(position.latitude)
        raw("]")
    }
}

extension Ring {
    /// The area in the plane of the system, in its units squared; positive when counterclockwise.
    package var signedArea: Double {
        guard let origin = positions.first else { return 0 }
        var twice = 0.0
        for (from, to) in zip(positions, positions.dropFirst()) {
            twice += (from.east - origin.east) * (to.north - origin.north)
            twice -= (to.east - origin.east) * (from.north - origin.north)
        }
        return twice / 2
    }
}
