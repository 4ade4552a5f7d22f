import GeoModel

extension EdgeIndex {
    /// Geodesic distances are compared with this much to spare, outward: far below any coordinate's precision.
    static let toleranceMetres = 1e-6

    /// Whether an edge comes as near to a position as `metres` on the ground.
    ///
    /// The local metric settles what is clear; what its error leaves open is measured on the ellipsoid.
    /// - Parameter reach: the box around the position, of that radius.
    func comesWithin(_ metres: Double, of position: Position<WGS84>, _ reach: BoundingBox<WGS84>) -> Bool {
        let metric = LocalMetric(atLatitude: position.latitude)
        let error = LocalMetric.relativeError(atLatitude: position.latitude, overMetres: metres * 1.5)
        var found = false
        for (box, shift) in reach.unwrapped {
            let moved = Position<WGS84>(longitude: position.longitude + shift, latitude: position.latitude)
            forEachEdge(meeting: box) { entry in
                // Beyond this error, near a pole or over a thousand kilometres, only the ellipsoid will do.
                if error < 0.5 {
                    let parameter = entry.edge.parameter(nearestTo: moved, metric)
                    let local = entry.edge.distance(at: parameter, from: moved, metric)
                    if local * (1 + error) <= metres { found = true }
                    if local > metres * (1 + error) + 1 { return true }
                }
                if !found {
                    found = entry.edge.geodesicDistance(from: position).metres <= metres + Self.toleranceMetres
                }
                return !found
            }
            if found { return true }
        }
        return false
    }

    /// The nearest edge on the ground, the distance to it, and where on it that is.
    func nearest(
        to position: Position<WGS84>
    ) -> (metres: Double, position: Position<WGS84>, entry: Entry)? {
        let metric = LocalMetric(atLatitude: position.latitude)
        let local = nearestDistance(to: position, metric)
        guard local.isFinite else { return nil }
        let error = LocalMetric.relativeError(atLatitude: position.latitude, overMetres: local)
        let reach = local * (1 + error) * (1 + error) + 1
        let everywhere = BoundingBox<WGS84>(west: -180, south: -90, east: 180, north: 90)
        let box = error < 0.5 ? BoundingBox<WGS84>.around(position, metres: reach) : everywhere
        // One true distance for each candidate, at the place that the local metric finds nearest on it.
        var best: (metres: Double, entry: Entry)?
        forEachEdge(meeting: box) { entry in
            let parameter = entry.edge.parameter(nearestTo: position, metric)
            let metres = Ellipsoid.distanceMetres(position, entry.edge.position(at: parameter))
            if metres < best?.metres ?? .infinity { best = (metres, entry) }
            return true
        }
        guard let best else { return nil }
        let exact = best.entry.edge.geodesicDistance(from: position)
        return (min(exact.metres, best.metres), best.entry.edge.position(at: exact.parameter), best.entry)
    }
}
