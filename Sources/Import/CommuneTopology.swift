import GeoEngine
import GeoModel
import Store

/// Overlaps and gaps between the communes of the territory.
///
/// Simplified boundaries do not quite fit; nobody is lost by it (`BetweenCommunes` in Targeting), but whoever answers
/// for the territory should know where, and a large gap may be a commune that was never imported.
package struct CommuneTopology: Sendable {
    /// Overlaps and gaps, the largest first.
    package let findings: [CommuneFinding]

    /// Smaller pieces of ground are noise in the last digits of coordinates, and are not counted: a square metre.
    package static let leastSquareMetres = 1.0

    /// Looks at the communes of some departments and their neighbours; at all when none is named.
    /// - Throws: `GeometryError`, or what the database throws.
    package init(of database: AlertDatabase, departments: Set<String>? = nil) throws {
        findings = try database.readBoundaries(nearDepartments: departments) { boundaries in
            var mosaic = Mosaic()
            try boundaries.forEach { commune in commune.boundary.map { mosaic.add($0) } }
            return try mosaic.faces().compactMap { try Self.finding(at: $0, boundaries) }
        }.sorted { left, right in
            let sizes = (left.squareMetres ?? 0, right.squareMetres ?? 0)
            return sizes.0 != sizes.1 ? sizes.0 > sizes.1 : left.communes.lexicographicallyPrecedes(right.communes)
        }
    }

    package func count(of kind: CommuneFinding.Kind) -> Int { findings.count { $0.kind == kind } }

    private static func finding(
        at face: Mosaic.Face, _ boundaries: BoundarySnapshot
    ) throws -> CommuneFinding? {
        // Beyond the boxes communes are missing that are no concern here.
        guard let box = face.area.boundingBox, boundaries.boxes.contains(where: { $0.intersects(box) }) else {
            return nil
        }
        let (holders, neighbours) = try boundaries.communes(holding: face.inside)
        // A point on a border that two communes share is in one of them, as all the ground around it.
        guard holders.count + min(1, neighbours.count) != 1 else { return nil }
        let squareMetres = face.squareMetres
        guard squareMetres >= leastSquareMetres else { return nil }
        let isGap = holders.isEmpty && neighbours.isEmpty
        return CommuneFinding(
            kind: isGap ? .gap : .overlap,
            communes: isGap ? try boundaries.communes(meeting: face.area) : (holders + neighbours).sorted(),
            position: face.inside,
            squareMetres: squareMetres,
            detail: isGap
                ? "ground that lies in no commune, closed in by these" : "ground that lies in each of these communes")
    }
}
