/// A point of the plane of a coordinate reference system.
///
/// There is no positional initialiser and no `x`/`y` outside this module's codecs: each system names its
/// axes, so a latitude can never be read as a longitude.
package struct Position<CRS: CoordinateReferenceSystem>: Hashable, Sendable {
    /// East: longitude in degrees, or easting in metres.
    package let east: Double
    /// North: latitude in degrees, or northing in metres.
    package let north: Double

    package init(east: Double, north: Double) {
        self.east = east
        self.north = north
    }
}

extension Position where CRS == WGS84 {
    /// - Parameters: degrees; longitude east of Greenwich, latitude north of the equator.
    package init(longitude: Double, latitude: Double) {
        self.init(east: longitude, north: latitude)
    }

    package var longitude: Double { east }
    package var latitude: Double { north }

    /// Whether both axes lie in the range of geographic coordinates.
    package var isInRange: Bool {
        (-180...180).contains(longitude) && (-90...90).contains(latitude)
    }
}

extension Position where CRS == Lambert93 {
    package init(eastingMetres: Double, northingMetres: Double) {
        self.init(east: eastingMetres, north: northingMetres)
    }

    package var eastingMetres: Double { east }
    package var northingMetres: Double { north }
}
