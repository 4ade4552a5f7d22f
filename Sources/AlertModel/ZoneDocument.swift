import GeoModel

/// The JSON form of a zone, read strictly and written canonically.
///
/// One zone has one text: keys sorted, no space, numbers in their shortest exact form, and at the root the version. An
/// audience's hash is computed over it, and reading it back gives an equal zone. Documents without a version, as they
/// were written first, are read as well.
package enum ZoneDocument {
    /// What `encode` writes and `decode` reads.
    package static let version = 1

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
    /// - Parameters:
    ///   - saved: the saved perimeter of a name, for documents that name one and hold no geometry.
    package static func decode(
        _ bytes: [UInt8], limits: Limits = Limits(), saved: @escaping (String) -> Area<WGS84>? = { _ in nil }
    ) throws(ZoneDocumentError) -> Zone {
        let node: JSONNode
        do {
            node = try JSONNode.read(bytes, keepingTextOf: textKeys, limits: jsonLimits(limits))
        } catch {
            throw ZoneDocumentError(geometry: error, path: "")
        }
        return try decode(node, path: "", limits: limits, saved: saved)
    }

    /// Reads a document that is a member of a body already read.
    /// - Parameters:
    ///   - node: read with `keepingTextOf: ZoneDocument.textKeys`.
    ///   - path: where the body has it, such as `zone`; errors say so.
    package static func decode(
        _ node: JSONNode, path: String, limits: Limits = Limits(),
        saved: @escaping (String) -> Area<WGS84>? = { _ in nil }
    ) throws(ZoneDocumentError) -> Zone {
        var decoder = ZoneDecoder(limits: limits, saved: saved)
        return try decoder.document(node, path: path)
    }

    /// The members that must stay text for `decode`: geometries have a reader of their own.
    package static let textKeys: Set<String> = ["geometry"]

    /// What a document within `limits` can need: each level of zones is an object in an array.
    package static func jsonLimits(_ limits: Limits) -> JSONNode.Limits {
        JSONNode.Limits(
            maxDepth: 2 * limits.maxDepth + 40,
            maxValues: limits.maxCodes + 8 * limits.maxItems + ListDocument.Limits().maxValues)
    }

    /// The canonical text, in UTF-8.
    ///
    /// Coordinates are finite by construction of every decoder; one that is not is written as null, which no
    /// document can hold.
    package static func encode(_ zone: Zone) -> [UInt8] {
        var writer = JSONWriter()
        writer.document(zone)
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
