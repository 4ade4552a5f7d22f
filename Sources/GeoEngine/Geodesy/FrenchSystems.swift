import GeoModel

/// Recognises coordinates in metres by where they would be on the ground, for files that name no system.
///
/// Only France's legal systems of today are looked for; older ones (Lambert II étendu) and Web Mercator share their
/// numbers and must be named. Whoever reads the file says which was taken.
package enum FrenchSystems {
    private struct Candidate {
        let epsgCode: Int
        let name: String
        /// Land, with little more.
        let grounds: [BoundingBox<WGS84>]
        /// Whether the mainland's outline is looked at too.
        var isOnMainland = false
    }

    /// The mainland with some 30 km around it: Web Mercator's Paris, taken for Lambert-93, would lie off Spain.
    private static let mainland = Area<WGS84>([Polygon(exterior: Ring([
        (-5.5, 48.9), (-4.8, 47.5), (-3.3, 46.9), (-2.2, 46.0), (-2.0, 43.0), (0.0, 42.4), (1.5, 42.2), (3.6, 42.2), (3.6, 43.0),
        (5.0, 42.9), (6.3, 42.8), (8.0, 43.6), (7.4, 45.0), (7.4, 46.1), (7.0, 47.2), (7.9, 47.3), (8.6, 49.2), (6.6, 49.8),
        (5.0, 50.4), (2.8, 51.4), (1.2, 51.2), (1.0, 50.2), (-0.5, 50.0), (-2.3, 50.1), (-2.5, 49.3), (-3.6, 49.3), (-5.5, 48.9),
    ].map { Position(longitude: $0.0, latitude: $0.1) }))])

    private static let candidates: [Candidate] = {
        func box(_ west: Double, _ south: Double, _ east: Double, _ north: Double) -> BoundingBox<WGS84> {
            BoundingBox(west: west, south: south, east: east, north: north)
        }
        let metropolitan = [
            Candidate(
                epsgCode: 2154, name: "Lambert-93",
                grounds: [box(-5.6, 42.2, 8.6, 51.4), box(8.3, 41.2, 9.8, 43.2)], isOnMainland: true),
            Candidate(epsgCode: 2975, name: "UTM 40 sud (La Réunion)", grounds: [box(55.1, -21.5, 55.95, -20.75)]),
            Candidate(epsgCode: 4471, name: "UTM 38 sud (Mayotte)", grounds: [box(44.9, -13.15, 45.45, -12.5)]),
            Candidate(
                epsgCode: 5490, name: "UTM 20 nord (Antilles)",
                grounds: [
                    box(-61.95, 15.75, -60.9, 16.6), box(-61.35, 14.3, -60.7, 15.0), box(-63.2, 17.8, -62.7, 18.2),
                ]),
            Candidate(epsgCode: 2972, name: "UTM 22 nord (Guyane)", grounds: [box(-54.75, 2.0, -51.5, 5.95)]),
            Candidate(epsgCode: 4467, name: "UTM 21 nord (Saint-Pierre-et-Miquelon)", grounds: [box(-56.5, 46.7, -56.05, 47.2)]),
        ]
        return metropolitan + (42...50).map { parallel in
            let latitude = Double(parallel)
            return Candidate(
                epsgCode: 3900 + parallel, name: "Lambert CC\(parallel)",
                grounds: [box(-5.3, latitude - 1.1, 9.7, latitude + 1.1)], isOnMainland: true)
        }
    }()

    /// The EPSG code of the only system in which all of the area lies on French ground; nil when there is none, or several
    /// (Lambert-93, by far the most frequent, wins over a zone of Lambert CC).
    package static func recognise(_ area: Area<ForeignCRS>) -> Int? {
        guard let box = area.boundingBox else { return nil }
        let places = [
            Position<ForeignCRS>(east: box.west, north: box.south), Position(east: box.west, north: box.north),
            Position(east: box.east, north: box.south), Position(east: box.east, north: box.north),
        ]
        let outline = try? PreparedArea(mainland)
        let found = candidates.filter { candidate in
            guard let system = try? Reprojection(fromEPSG: candidate.epsgCode) else { return false }
            let ground = places.compactMap { try? system.position(of: $0) }
            guard ground.count == places.count,
                let land = candidate.grounds.first(where: { land in ground.allSatisfy { land.contains($0) } })
            else { return false }
            // A corner of a box may lie at sea, its middle does not.
            guard candidate.isOnMainland, land.west < 0 else { return true }
            let middle = Position<ForeignCRS>(east: (box.west + box.east) / 2, north: (box.south + box.north) / 2)
            return (try? system.position(of: middle)).flatMap { try? outline?.contains($0) } ?? false
        }
        if let first = found.first, first.epsgCode == 2154 { return 2154 }
        return found.count == 1 ? found[0].epsgCode : nil
    }

    /// “Lambert-93 (EPSG:2154)”.
    package static func name(ofEPSG code: Int) -> String {
        (candidates.first { $0.epsgCode == code }.map { "\($0.name) (" } ?? "(") + "EPSG:\(code))"
    }
}
