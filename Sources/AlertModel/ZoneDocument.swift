import GeoModel

/// The JSON form of a zone, read strictly and written canonically.
///
/// One zone has one text: keys sorted, no space, numbers in their shortest exact form. An audience's hash is
/// computed over it, and reading it back gives an equal zone.
package enum ZoneDocument {
    /// Bounds on a document that a stranger sends.
    package struct Limits: Hashable, Sendable {
        /// Nesting of unions, intersections and differences.
        package var maxDepth = 16
        /// Zones in all, combinations included.
        package var maxItems = 1_000
        /// Codes of one commune set: more than France has communes.
        package var maxCodes = 40_000
        /// Vertices of all perimeters together.
        package var maxVertices = 1_000_000
        /// Length of a circle's radius: further than that it is a mistake.
        package var maxRadiusMetres = 1_000_000.0
        /// Characters of a perimeter's or list's name.
        package var maxNameLength = 200

        package init() {}
    }

    /// Reads a document.
    /// - CRS: WGS 84, longitude first. A perimeter whose geometry names another system is refused: whoever read the
    ///   file reprojected it.
    /// - Throws: the first fault, with the path of its zone.
    package static func decode(_ bytes: [UInt8], limits: Limits = Limits()) throws(ZoneDocumentError) -> Zone {
        let node: JSONNode
        do {
            node = try JSONNode.read(bytes, keepingTextOf: textKeys, limits: jsonLimits(limits))
        } catch {
            throw ZoneDocumentError(geometry: error, path: "")
        }
        return try decode(node, path: "", limits: limits)
    }

    /// Reads a document that is a member of a body already read.
    /// - Parameters:
    ///   - node: read with `keepingTextOf: ZoneDocument.textKeys`.
    ///   - path: where the body has it, such as `zone`; errors say so.
    package static func decode(
        _ node: JSONNode, path: String, limits: Limits = Limits()
    ) throws(ZoneDocumentError) -> Zone {
        var decoder = ZoneDecoder(limits: limits)
        return try decoder.decode(node, path: path, depth: 1)
    }

    /// The members that must stay text for `decode`: geometries have a reader of their own.
    package static let textKeys: Set<String> = ["geometry"]

    /// What a document within `limits` can need: each level of zones is an object in an array.
    package static func jsonLimits(_ limits: Limits) -> JSONNode.Limits {
        JSONNode.Limits(maxDepth: 2 * limits.maxDepth + 40, maxValues: limits.maxCodes + 8 * limits.maxItems)
    }

    /// The canonical text, in UTF-8.
    ///
    /// Coordinates are finite by construction of every decoder; one that is not is written as null, which no
    /// document can hold.
    package static func encode(_ zone: Zone) -> [UInt8] {
        var writer = JSONWriter()
        writer.zone(zone)
        return writer.bytes
    }

    /// The canonical text of an area: a Polygon, or a MultiPolygon unless it has exactly one polygon. Positions,
    /// rings and their winding stay as they are.
    package static func encode(_ area: Area<WGS84>) -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: 64 + area.vertexCount * 40)
        writer.exactGeometry(area)
        return writer.bytes
    }
}

extension JSONWriter {
    /// Appends a zone's canonical text. The keys below are in order.
    fileprivate mutating func zone(_ zone: Zone) {
        switch zone {
        case .perimeter(let name, let area):
            raw(#"{"geometry":"#)
            exactGeometry(area)
            raw(#","name":"#)
            string(name)
            raw(#","type":"perimeter"}"#)
        case .circle(let centre, let radiusMetres):
            raw(#"{"latitude":"#)
            number(centre.latitude)
            raw(#","longitude":"#)
            number(centre.longitude)
            raw(#","metres":"#)
            number(radiusMetres)
            raw(#","type":"circle"}"#)
        case .communes(let codes, let vintage):
            raw(#"{"codes":"#)
            separated(codes, open: "[", close: "]") { $0.string($1.rawValue) }
            raw(#","type":"communes""#)
            if let vintage {
                raw(#","vintage":"#)
                number(Double(vintage))
            }
            raw("}")
        case .department(let code):
            raw(#"{"code":"#)
            string(code)
            raw(#","type":"department"}"#)
        case .list(let name):
            raw(#"{"name":"#)
            string(name)
            raw(#","type":"list"}"#)
        case .union(let zones):
            raw(#"{"type":"union","zones":"#)
            separated(zones, open: "[", close: "]") { $0.zone($1) }
            raw("}")
        case .intersection(let zones):
            raw(#"{"type":"intersection","zones":"#)
            separated(zones, open: "[", close: "]") { $0.zone($1) }
            raw("}")
        case .difference(let zone, let except):
            raw(#"{"except":"#)
            self.zone(except)
            raw(#","type":"difference","zone":"#)
            self.zone(zone)
            raw("}")
        }
    }

    fileprivate mutating func exactGeometry(_ area: Area<WGS84>) {
        raw(#"{"coordinates":"#)
        if area.polygons.count == 1 {
            exactPolygon(area.polygons[0])
            raw(#","type":"Polygon"}"#)
        } else {
            separated(area.polygons, open: "[", close: "]") { $0.exactPolygon($1) }
            raw(#","type":"MultiPolygon"}"#)
        }
    }

    private mutating func exactPolygon(_ polygon: Polygon<WGS84>) {
        separated(polygon.rings, open: "[", close: "]") { writer, ring in
            writer.separated(ring.positions, open: "[", close: "]") { writer, position in
                writer.raw("[")
                writer.number(position.longitude)
                writer.raw(",")
                writer.number(position.latitude)
                writer.raw("]")
            }
        }
    }
}
