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
        /// Nothing names the system, and the numbers say which: the surface has its code.
        case assumedSystem = "assumed_system"
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
    /// - Parameter recognising: the EPSG code of the system that an area in metres is in, when no `crs` member names one;
    ///   nil to refuse it.
    /// - Throws: the first fault, with its place. Geometry (crossings, nesting) is for `GeoEngine` to check.
    package static func decodePerimeter(
        _ bytes: [UInt8], limits: GeoJSONLimits = .default, recognising: (Area<ForeignCRS>) -> Int? = { _ in nil }
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
        return try DecodedPerimeter(
            name: name, polygons: decoder.polygons, epsgCode: decoder.epsgCode, origins: decoder.origins,
            recognising: recognising)
    }
}

extension DecodedPerimeter {
    /// Judges the numbers of a file: degrees are due where it names no system.
    init(
        name: String?, polygons: [Polygon<ForeignCRS>], epsgCode: Int?, origins: [PolygonOrigin],
        recognising: (Area<ForeignCRS>) -> Int?
    ) throws(GeoJSONError) {
        let foreign = Area<ForeignCRS>(polygons)
        if let epsgCode, epsgCode != WGS84.epsgCode {
            self.init(
                name: name, surface: .foreign(ForeignArea(epsgCode: epsgCode, area: foreign)), warnings: [],
                origins: origins)
            return
        }
        do throws(GeoJSONError) {
            let isInFrance = try Plausibility.check(polygons, origins: origins)
            self.init(
                name: name, surface: .wgs84(foreign.assumed(as: WGS84.self)),
                warnings: isInFrance ? [] : [.outsideFrenchTerritories], origins: origins)
        } catch {
            // Only where nothing names a system: one that is named and wrong is a mistake.
            guard epsgCode == nil, error.code == .projectedCoordinates, let code = recognising(foreign) else { throw error }
            self.init(
                name: name, surface: .foreign(ForeignArea(epsgCode: code, area: foreign)), warnings: [.assumedSystem],
                origins: origins)
        }
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
