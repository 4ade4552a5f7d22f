/// A coordinate reference system as a type, so that positions of two systems cannot be mixed.
///
/// Only `GeoEngine`'s reprojection turns a position of one system into a position of another.
package protocol CoordinateReferenceSystem: Sendable {
    /// The EPSG code, such as 4326.
    static var epsgCode: Int { get }
}

/// WGS 84 geographic coordinates in degrees (EPSG:4326). RGF93 agrees with it to a few centimetres.
package enum WGS84: CoordinateReferenceSystem {
    package static let epsgCode = 4326
}

/// RGF93 / Lambert-93, metropolitan France's projected system, in metres (EPSG:2154).
package enum Lambert93: CoordinateReferenceSystem {
    package static let epsgCode = 2154
}
