import GeoModel

extension FrenchSystems {
    /// A system that French files are found in, and the land it is used for.
    struct Candidate {
        let epsgCode: Int
        let name: String
        /// Land, with little more.
        let grounds: [BoundingBox<WGS84>]
        /// Whether the mainland's outline is looked at too.
        var isOnMainland = false
        var isLegal = true
    }

    /// The mainland with some 30 km around it: Web Mercator's Paris, taken for Lambert-93, would lie off Spain.
    static let mainland = Area<WGS84>([Polygon(exterior: Ring([
        (-5.5, 48.9), (-4.8, 47.5), (-3.3, 46.9), (-2.2, 46.0), (-2.0, 43.0), (0.0, 42.4), (1.5, 42.2), (3.6, 42.2), (3.6, 43.0),
        (5.0, 42.9), (6.3, 42.8), (8.0, 43.6), (7.4, 45.0), (7.4, 46.1), (7.0, 47.2), (7.9, 47.3), (8.6, 49.2), (6.6, 49.8),
        (5.0, 50.4), (2.8, 51.4), (1.2, 51.2), (1.0, 50.2), (-0.5, 50.0), (-2.3, 50.1), (-2.5, 49.3), (-3.6, 49.3), (-5.5, 48.9),
    ].map { Position(longitude: $0.0, latitude: $0.1) }))])

    /// Legal ones first: Lambert-93 and its nine zones, and each overseas territory's, then what else has numbers like theirs.
    /// Older systems of the islands share a zone's numbers within some hundreds of metres and must be named, as every
    /// legacy system must.
    static let candidates: [Candidate] = legal + rivals

    private static let corsica = box(8.3, 41.2, 9.8, 43.2)

    private static let legal: [Candidate] = [
        Candidate(
            epsgCode: 2154, name: "Lambert-93", grounds: [box(-5.6, 42.2, 8.6, 51.4), corsica], isOnMainland: true),
        Candidate(epsgCode: 2975, name: "UTM 40 sud (La Réunion)", grounds: [box(55.1, -21.5, 55.95, -20.75)]),
        Candidate(epsgCode: 4471, name: "UTM 38 sud (Mayotte)", grounds: [box(44.9, -13.15, 45.45, -12.5)]),
        Candidate(
            epsgCode: 5490, name: "UTM 20 nord (Antilles)",
            grounds: [
                box(-61.95, 15.75, -60.9, 16.6), box(-61.35, 14.3, -60.7, 15.0), box(-63.2, 17.8, -62.7, 18.2),
                // A file of Guadeloupe with its old dependencies, or of both islands.
                box(-63.2, 14.3, -60.7, 18.2),
            ]),
        Candidate(epsgCode: 2972, name: "UTM 22 nord (Guyane)", grounds: [box(-54.75, 2.0, -51.5, 5.95)]),
        Candidate(epsgCode: 4467, name: "UTM 21 nord (Saint-Pierre-et-Miquelon)", grounds: [box(-56.5, 46.7, -56.05, 47.2)]),
    ] + (42...50).map { parallel in
        let latitude = Double(parallel)
        return Candidate(
            epsgCode: 3900 + parallel, name: "Lambert CC\(parallel)",
            grounds: [box(-5.3, latitude - 1.1, 9.7, latitude + 1.1)], isOnMainland: true)
    }

    private static let rivals: [Candidate] = [
        (3857, "Web Mercator", 42.2, 51.4), (27572, "Lambert II étendu", 42.2, 51.4), (27561, "Lambert I nord", 48.1, 51.2),
        (27562, "Lambert II centre", 45.4, 48.2), (27563, "Lambert III sud", 42.2, 45.5), (32630, "UTM 30 nord", 42.2, 51.4),
        (32631, "UTM 31 nord", 42.2, 51.4), (32632, "UTM 32 nord", 42.2, 51.4),
    ].map { code, name, south, north in
        let isWide = [3857, 27572, 32632].contains(code)
        return Candidate(
            epsgCode: code, name: name, grounds: [box(-5.6, south, 8.6, north)] + (isWide ? [corsica] : []),
            isOnMainland: true, isLegal: false)
    } + [Candidate(epsgCode: 27564, name: "Lambert IV Corse", grounds: [corsica], isLegal: false)]

    private static func box(_ west: Double, _ south: Double, _ east: Double, _ north: Double) -> BoundingBox<WGS84> {
        BoundingBox(west: west, south: south, east: east, north: north)
    }
}
