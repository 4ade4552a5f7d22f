/// The boxes of the French territories, to tell an honest perimeter from one with its axes the wrong way round.
///
/// Each has a margin of about one degree, so that perimeters of the neighbouring countries' borders pass. No box
/// meets another one's mirror image, so a position in one of them is never mistaken for a swapped one.
package enum FrenchTerritories {
    /// Whether every vertex lies in one of the boxes.
    package static func hold(_ area: Area<WGS84>) -> Bool {
        allVertices(of: area, contain)
    }

    /// Whether every vertex lies in one of the boxes once latitude and longitude change places: a mistake.
    package static func holdSwapped(_ area: Area<WGS84>) -> Bool {
        allVertices(of: area) {
            contain(Position(longitude: $0.latitude, latitude: $0.longitude))
        }
    }

    private static func allVertices(of area: Area<WGS84>, _ holds: (Position<WGS84>) -> Bool) -> Bool {
        !area.isEmpty && area.polygons.allSatisfy { $0.rings.allSatisfy { $0.positions.allSatisfy(holds) } }
    }

    /// Whether a position lies in one of the territories, margin included.
    package static func contain(_ position: Position<WGS84>) -> Bool { boxes.contains { $0.contains(position) } }

    /// Whether a box lies where the department does, margin included. True of a department of scattered islands
    /// (Terres australes, Clipperton), of which nothing can be said.
    /// - Parameter department: two characters, three overseas.
    package static func hold(_ box: BoundingBox<WGS84>, department: String) -> Bool {
        let own: [Int] =
            switch department {
            case "971": [1, 3]
            case "972": [2]
            case "973": [4]
            case "974": [5]
            case "975": [7]
            case "976": [6]
            case "977", "978": [3]
            case "986": [8]
            case "987": [9]
            case "988": [10]
            case _ where department.count == 3: Array(boxes.indices)
            default: [0]
            }
        if department == "984" || department == "989" { return true }
        let corners = [
            Position<WGS84>(longitude: box.west, latitude: box.south),
            Position(longitude: box.east, latitude: box.north),
        ]
        return own.contains { index in corners.allSatisfy(boxes[index].contains) }
    }

    static let boxes: [BoundingBox<WGS84>] = [
        BoundingBox(west: -6.5, south: 40.3, east: 11, north: 52.2),  // metropolitan France, Corsica
        BoundingBox(west: -62.9, south: 14.8, east: -60.0, north: 17.6),  // Guadeloupe
        BoundingBox(west: -62.3, south: 13.3, east: -59.8, north: 15.9),  // Martinique
        BoundingBox(west: -64.2, south: 16.9, east: -61.7, north: 19.2),  // Saint-Barthélemy, Saint-Martin
        BoundingBox(west: -55.7, south: 1.1, east: -50.6, north: 6.9),  // Guyane
        BoundingBox(west: 54.2, south: -22.4, east: 56.9, north: -19.8),  // La Réunion
        BoundingBox(west: 44.0, south: -14.1, east: 46.4, north: -11.6),  // Mayotte
        BoundingBox(west: -57.5, south: 45.7, east: -55.1, north: 48.2),  // Saint-Pierre-et-Miquelon
        BoundingBox(west: -179.2, south: -15.4, east: -175.1, north: -12.2),  // Wallis-et-Futuna
        BoundingBox(west: -155.7, south: -28.7, east: -133.9, north: -6.9),  // Polynésie française
        BoundingBox(west: 157.2, south: -23.7, east: 172.1, north: -17.0),  // Nouvelle-Calédonie, its dependencies
    ]

    /// The index of a box that holds the position. `hint` is tried first: neighbours follow each other.
    static func box(holding position: Position<WGS84>, hint: Int) -> Int? {
        if boxes[hint].contains(position) { return hint }
        return boxes.firstIndex { $0.contains(position) }
    }
}
