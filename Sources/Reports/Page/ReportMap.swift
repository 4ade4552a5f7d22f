import GeoModel
import Glibc

/// A small map drawn for a page: surfaces, labels, a legend and a scale, in points from the upper left corner.
package struct ReportMap: Sendable {
    struct Shape: Sendable {
        /// `#rrggbb`; nil for none.
        let fill: String?
        let stroke: String
        let lineWidth: Double
        let rings: [[(x: Double, y: Double)]]
        /// What a reader who points at it, or cannot see it, is told.
        let title: String
    }

    struct Label: Sendable {
        let x: Double
        let y: Double
        let text: String
    }

    /// Readers of screens are told this in the map's stead.
    let title: String
    let width: Double
    let height: Double
    let shapes: [Shape]
    let labels: [Label]
    let legend: [(colour: String, text: String)]
    /// A length in points, and what it is on the ground.
    let scale: (length: Double, text: String)

    /// A surface to be drawn.
    struct Surface {
        let area: Area<WGS84>
        var fill: String?
        var stroke = ReportMap.border
        var lineWidth = 0.5
        var label: String?
        var title = ""
    }

    static let border = "#7d8a94"
    /// Vertices nearer than this to the last one drawn are left out: a tenth of a millimetre on paper.
    private static let detailPoints = 0.3
    /// Names beyond this would cover each other.
    private static let greatestLabelCount = 40
    private static let metresPerDegree = 111_320.0
    private static let greatestHeight = 420.0

    /// - Parameters:
    ///   - surfaces: in the order they are drawn.
    ///   - frame: what must be on the map; surfaces beyond it are cut off by the page.
    ///   - width: in points.
    /// - Returns: nil when there is nothing to show.
    init?(
        title: String, surfaces: [Surface], frame: BoundingBox<WGS84>?, legend: [(colour: String, text: String)],
        width: Double = 515
    ) {
        guard let frame, !surfaces.isEmpty else { return nil }
        let middle = (frame.south + frame.north) / 2
        let shrink = max(0.05, cos(middle * .pi / 180))
        // A margin all around, and never a map of a single point.
        let across = max((frame.east - frame.west) * shrink, 0.002) * 1.08
        let down = max(frame.north - frame.south, 0.002) * 1.08
        let factor = min(width / across, Self.greatestHeight / down)
        let height = min(Self.greatestHeight, max(160, down * factor))
        let centre = (frame.west + frame.east) / 2
        func point(_ position: Position<WGS84>) -> (x: Double, y: Double) {
            (width / 2 + (position.longitude - centre) * shrink * factor, height / 2 - (position.latitude - middle) * factor)
        }
        self.title = title
        self.width = width
        self.height = height
        self.legend = legend
        shapes = surfaces.map { surface in
            Shape(
                fill: surface.fill, stroke: surface.stroke, lineWidth: surface.lineWidth,
                rings: surface.area.polygons.flatMap(\.rings).map { ring in Self.thinned(ring.positions.map(point)) }
                    .filter { $0.count >= 3 },
                title: surface.title)
        }
        let labelled = surfaces.compactMap { surface -> Label? in
            guard let text = surface.label, let box = surface.area.boundingBox else { return nil }
            let place = point(Position(longitude: (box.west + box.east) / 2, latitude: (box.south + box.north) / 2))
            let isShown = place.x > 20 && place.x < width - 20 && place.y > 8 && place.y < height - 8
            return isShown ? Label(x: place.x, y: place.y, text: text) : nil
        }
        labels = labelled.count <= Self.greatestLabelCount ? labelled : []
        scale = Self.scale(pointsPerMetre: factor / Self.metresPerDegree, width: width)
    }

    private static func thinned(_ points: [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
        guard let first = points.first else { return [] }
        var kept = [first]
        for point in points.dropFirst() {
            let last = kept[kept.count - 1]
            if max((point.x - last.x).magnitude, (point.y - last.y).magnitude) >= detailPoints { kept.append(point) }
        }
        return kept
    }

    /// The longest round length that takes at most a quarter of the width.
    private static func scale(pointsPerMetre: Double, width: Double) -> (length: Double, text: String) {
        var metres = 1.0
        var decade = 1.0
        while decade <= 1e6 {
            for step in [1.0, 2, 5] where step * decade * pointsPerMetre <= width / 4 { metres = step * decade }
            decade *= 10
        }
        return (metres * pointsPerMetre, metres < 1000 ? "\(Int(metres)) m" : "\(Int(metres / 1000)) km")
    }
}
