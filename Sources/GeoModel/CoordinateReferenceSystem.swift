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

/// A system that only the file being read names: its code travels beside the coordinates, in `ForeignArea`.
package enum ForeignCRS: CoordinateReferenceSystem {
    /// Zero, which is no EPSG code.
    package static let epsgCode = 0
}

/// A surface in a system known at run time only, east axis first. `GeoEngine` reprojects it to WGS 84.
package struct ForeignArea: Hashable, Sendable {
    /// The EPSG code of the system the coordinates are in.
    package let epsgCode: Int
    /// East, north, in the units of that system.
    package let area: Area<ForeignCRS>

    package init(epsgCode: Int, area: Area<ForeignCRS>) {
        self.epsgCode = epsgCode
        self.area = area
    }
}
