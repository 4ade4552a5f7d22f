/// What a perimeter's GeoJSON holds, before geometry is checked by `GeoEngine`.
package struct DecodedPerimeter: Hashable, Sendable {
    /// The surface in the system the file is in.
    package enum Surface: Hashable, Sendable {
        case wgs84(Area<WGS84>)
        /// A legacy `crs` member (GeoJSON 2008) named another system: `GeoEngine` reprojects it.
        case foreign(ForeignArea)
    }

    /// What the operator should be told, though nothing is refused.
    package enum Warning: String, Hashable, Sendable {
        /// Some position lies outside every French territory, with a margin of one degree.
        case outsideFrenchTerritories = "outside_french_territories"
    }

    /// The name that the file gives it: the only feature's `name` or `nom`, or the collection's `name`.
    package let name: String?
    package let surface: Surface
    package let warnings: [Warning]
    /// For each polygon of the surface, in order, where it is in the file.
    package let origins: [PolygonOrigin]
}

/// Where in the file a decoded polygon comes from, so that a later check can name it.
package struct PolygonOrigin: Hashable, Sendable {
    /// From 1; nil when the file is not a collection of features.
    package let feature: Int?
    /// The polygon's number in its geometry, from 1.
    package let polygon: Int
    /// The path of the polygon's coordinates, such as `features[2].geometry.coordinates[0]`.
    package let path: String
}

/// GeoJSON (RFC 7946), read strictly and written with the right-hand rule.
package enum GeoJSON {
    /// Reads every polygon of a document as one area.
    ///
    /// Polygon, MultiPolygon, GeometryCollection, Feature and FeatureCollection are read; holes are kept; Z and M
    /// are dropped; either winding is accepted. Anything with no surface is an error, never ignored.
    /// - CRS: WGS 84, longitude first, unless a legacy `crs` member names another.
    /// - Throws: the first fault, with its place. Geometry (crossings, nesting) is for `GeoEngine` to check.
    package static func decodePerimeter(
        _ bytes: [UInt8], limits: GeoJSONLimits = .default
    ) throws(GeoJSONError) -> DecodedPerimeter {
        guard bytes.count <= limits.maxBytes else {
            throw GeoJSONError(
                .tooLarge,
                reason:
                    "the document has \(bytes.count) bytes, the limit is \(limits.maxBytes); simplify it or split it")
        }
        var decoder = GeoJSONDecoder(JSONScanner(bytes, maxDepth: limits.maxDepth), limits: limits)
        try decoder.scanner.validateDocument()
        let name = try decoder.decodeRoot()
        let foreign = Area<ForeignCRS>(decoder.polygons)
        guard decoder.isWGS84 else {
            let surface = ForeignArea(epsgCode: decoder.epsgCode ?? 0, area: foreign)
            return DecodedPerimeter(name: name, surface: .foreign(surface), warnings: [], origins: decoder.origins)
        }
        let isInFrance = try Plausibility.check(decoder.polygons, origins: decoder.origins)
        return DecodedPerimeter(
            name: name, surface: .wgs84(foreign.assumed(as: WGS84.self)),
            warnings: isInFrance ? [] : [.outsideFrenchTerritories], origins: decoder.origins)
    }
}

extension Area where CRS == ForeignCRS {
    /// The same numbers, once it is known which system they are in.
    func assumed<Known: CoordinateReferenceSystem>(as: Known.Type) -> Area<Known> {
        func ring(_ ring: Ring<ForeignCRS>) -> Ring<Known> {
            Ring<Known>(ring.positions.map { Position<Known>(east: $0.east, north: $0.north) })
        }
        return Area<Known>(
            polygons.map { Polygon<Known>(exterior: ring($0.exterior), holes: $0.holes.map(ring)) })
    }
}
