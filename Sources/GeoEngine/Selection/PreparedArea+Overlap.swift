import CGEOS
import GeoModel

extension PreparedArea {
    /// How much of a small convex place the area covers, from 0 to 1.
    ///
    /// For figures only: nobody is selected by it.
    /// - Parameter place: valid, such as a grid's square.
    package func share(of place: Area<WGS84>) throws(GeometryError) -> Double {
        switch try relation(to: place) {
        case .outside: return 0
        case .within: return 1
        case .touches: break
        }
        guard let box = place.boundingBox else { return 0 }
        let whole = SurfaceArea.squareMetres(of: place)
        guard whole > 0 else { return 0 }
        let union = try self.whole().union.shape
        let shape = try context.shape(of: place)
        // Cut to the box first: the overlay then sees some edges rather than a hundred thousand.
        let cut = GEOSClipByRect_r(context.handle, union.pointer, box.west, box.south, box.east, box.north)
        let near = cut.map { GEOSShape(context, $0) } ?? union
        let common = GEOSIntersection_r(context.handle, near.pointer, shape.pointer)
            ?? GEOSIntersection_r(context.handle, union.pointer, shape.pointer)
        let inside = SurfaceArea.squareMetres(
            of: try context.area(of: try context.shape("GEOSIntersection_r", common), as: WGS84.self))
        return min(1, max(0, inside / whole))
    }
}
