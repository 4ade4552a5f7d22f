import GRDB
import GeoEngine
import GeoModel
import Geocoding

/// A place near a position.
package struct NearbyAddress: Hashable, Sendable {
    package let record: AddressRecord
    /// Geodesic: to the door; to the nearest known point of a street or locality; to a commune's point for a label.
    package let metres: Double

    package init(record: AddressRecord, metres: Double) {
        self.record = record
        self.metres = metres
    }
}

/// Reverse geocoding: what is at a position.
///
/// The tree of the streets' boxes is asked for what lies within a reach that doubles until enough is found; boxes are
/// opened nearest first, and only while they may hold something nearer than what is known. Distances are exact.
extension AddressIndex {
    /// An address farther away than this says nothing of a place; it also bounds the work at sea.
    package static let farthestMetres = 10_000.0
    /// Half a city block: most positions of a town are answered by this first look.
    private static let firstReachMetres = 60.0

    /// The nearest doors, streets or localities, nearest first, within `farthestMetres`, and the commune around.
    ///
    /// - Parameters:
    ///   - kinds: what to answer: the nearest doors for `houseNumber`, whichever their streets; the streets and the
    ///     localities by their nearest point; for `commune` the one whose boundary holds the position. Nil: each
    ///     street once, by its nearest door where it has numbers; the commune where there is no street.
    ///   - limit: at most so many in all.
    package func nearest(
        to position: Position<WGS84>, kinds: Set<PlacePrecision>?, limit: Int
    ) throws -> [NearbyAddress] {
        guard limit > 0 else { return [] }
        guard let kinds else {
            let found = try nearest(position, .oneOfEachStreet, limit)
            return found.isEmpty ? try commune(around: position).map { [$0] } ?? [] : found
        }
        var found: [NearbyAddress] = []
        if kinds.contains(.houseNumber) { found += try nearest(position, .doors, limit) }
        if kinds.contains(.street) { found += try nearest(position, .streets, limit) }
        if kinds.contains(.locality) { found += try nearest(position, .localities, limit) }
        if kinds.contains(.commune), let commune = try commune(around: position) { found.append(commune) }
        return Array(found.sorted(by: Self.isNearer).prefix(limit))
    }

    private enum Wanted {
        case doors, streets, localities, oneOfEachStreet

        /// Condition on the street's row.
        var condition: String {
            switch self {
            // A hamlet that addresses name is made of doors that have streets.
            case .doors, .oneOfEachStreet: "AND s.source_key NOT LIKE 'ld:%'"
            case .streets: "AND s.kind = 'street'"
            case .localities: "AND s.kind = 'locality'"
            }
        }
    }

    /// A street whose box may hold something near, and a bound of how near.
    private struct Candidate {
        let id: Int64
        let atLeastMetres: Double
    }

    private func nearest(_ position: Position<WGS84>, _ wanted: Wanted, _ limit: Int) throws -> [NearbyAddress] {
        var reach = Self.firstReachMetres
        while true {
            let found = try nearest(position, wanted, limit, within: reach)
            if found.count == limit || reach >= Self.farthestMetres { return found }
            reach = min(reach * 2, Self.farthestMetres)
        }
    }

    /// All within a reach, at most `limit`, nearest first.
    private func nearest(
        _ position: Position<WGS84>, _ wanted: Wanted, _ limit: Int, within reach: Double
    ) throws -> [NearbyAddress] {
        let box = GroundReach.box(around: position, metres: reach)
        var found: [NearbyAddress] = []
        for candidate in try candidates(position, wanted, box) {
            let farthest = found.count < limit ? reach : min(reach, found[limit - 1].metres)
            guard candidate.atLeastMetres <= farthest, let street = try streetRow(candidate.id) else { continue }
            for answer in try answers(of: street, position, wanted, box, farthest) {
                found.insert(answer, at: found.firstIndex { Self.isNearer(answer, $0) } ?? found.count)
            }
            if found.count > limit { found.removeLast(found.count - limit) }
        }
        return found
    }

    private func candidates(
        _ position: Position<WGS84>, _ wanted: Wanted, _ box: BoundingBox<WGS84>
    ) throws -> [Candidate] {
        let statement = try db.cachedStatement(sql: """
            SELECT e.id, e.west, e.south, e.east, e.north FROM street_extents e JOIN streets s ON s.id = e.id
            WHERE e.west <= ? AND e.east >= ? AND e.south <= ? AND e.north >= ? \(wanted.condition) ORDER BY e.id
            """)
        var candidates: [Candidate] = []
        let rows = try Row.fetchCursor(statement, arguments: [box.east, box.west, box.north, box.south])
        while let row = try rows.next() {
            let extent = BoundingBox<WGS84>(west: row[1], south: row[2], east: row[3], north: row[4])
            candidates.append(
                Candidate(id: row[0], atLeastMetres: GroundReach.metres(position, toBox: extent)))
        }
        return candidates.sorted { ($0.atLeastMetres, $0.id) < ($1.atLeastMetres, $1.id) }
    }

    private func streetRow(_ id: Int64) throws -> StreetRow? {
        let statement = try db.cachedStatement(
            sql: "SELECT \(StreetRow.columns) FROM streets s WHERE s.id = ? AND s.lon IS NOT NULL")
        return try Row.fetchOne(statement, arguments: [id]).flatMap { StreetRow($0) }
    }

    /// The street's doors within a distance, or itself by its nearest point.
    private func answers(
        of street: StreetRow, _ position: Position<WGS84>, _ wanted: Wanted, _ box: BoundingBox<WGS84>,
        _ farthest: Double
    ) throws -> [NearbyAddress] {
        let statement = try db.cachedStatement(sql: """
            SELECT number, suffix, lon, lat FROM house_numbers
            WHERE street_id = ? AND lon BETWEEN ? AND ? AND lat BETWEEN ? AND ? ORDER BY number, suffix
            """)
        let rows = try Row.fetchCursor(
            statement, arguments: [street.id, box.west, box.east, box.south, box.north])
        var all: [NearbyAddress] = []
        var best: (door: HouseNumber?, position: Position<WGS84>, metres: Double)?
        while let row = try rows.next() {
            let point = Position<WGS84>(longitude: row[2], latitude: row[3])
            let number: Int = row[0]
            guard GroundReach.metres(position, point) <= farthest else { continue }
            if wanted == .doors, number < 0 { continue }
            let metres = Ellipsoid.distanceMetres(position, point)
            guard metres <= farthest else { continue }
            let door = number < 0 ? nil : HouseNumber(number, suffix: row[1])
            if wanted == .doors, let door {
                all.append(NearbyAddress(record: street.record(of: door, at: point), metres: metres))
            } else if metres < best?.metres ?? .infinity {
                best = (door, point, metres)
            }
        }
        guard let best else { return all }
        let record = wanted == .oneOfEachStreet
            ? best.door.map { street.record(of: $0, at: best.position) } ?? street.record : street.record
        return [NearbyAddress(record: record, metres: best.metres)]
    }

    /// Nearest first; what is equally near in the order of the base's identifiers.
    private static func isNearer(_ left: NearbyAddress, _ right: NearbyAddress) -> Bool {
        (left.metres, left.record.identifier) < (right.metres, right.record.identifier)
    }

    // MARK: Communes

    /// The commune of today whose boundary holds the position; the lower code where simplified neighbours overlap.
    func commune(around position: Position<WGS84>) throws -> NearbyAddress? {
        let row = try Row.fetchOne(
            db.cachedStatement(sql: """
                SELECT c.code, c.name, c.postcodes, c.townhall_longitude, c.townhall_latitude,
                    (MbrMinX(c.boundary) + MbrMaxX(c.boundary)) / 2, (MbrMinY(c.boundary) + MbrMaxY(c.boundary)) / 2
                FROM current_communes c
                WHERE c.id IN (SELECT pkid FROM idx_communes_boundary
                    WHERE xmin <= :lon AND xmax >= :lon AND ymin <= :lat AND ymax >= :lat)
                  AND ST_Intersects(c.boundary, MakePoint(:lon, :lat, 4326)) = 1
                ORDER BY c.code LIMIT 1
                """), arguments: ["lon": position.longitude, "lat": position.latitude])
        guard let row, let code = CommuneCode(row[0] as String) else { return nil }
        let postcodes = (row[2] as String).split(separator: " ").map(String.init)
        let label = Position<WGS84>(
            longitude: row[3] as Double? ?? row[5], latitude: row[4] as Double? ?? row[6])
        let record = AddressRecord(
            identifier: code.rawValue, kind: .commune, houseNumber: nil, name: row[1], postcode: postcodes.first,
            communeCode: code, communeName: row[1], formerCommuneCode: nil, formerCommuneName: nil, position: label)
        return NearbyAddress(record: record, metres: Ellipsoid.distanceMetres(position, label))
    }
}
