import AlertModel
import CZoneIndex
import GRDB
import GRDBSQLite
import GeoEngine
import GeoModel
import Targeting

/// Judges everyone with a point over a shape, through SpatiaLite's own R*Tree.
///
/// The tree is walked by the prepared zone: what lies wholly inside or outside is settled by boxes, of which those of
/// the tree are rounded outward. Who is near the boundary is judged by the stored coordinate and radius, as
/// `RegisterReader.points` and the shape would. It reads the caller's transaction and keeps nothing beyond it.
struct ZoneSearch {
    let database: Database
    let scope: RegisterScope

    private static let treeSQL = "SELECT pkid FROM idx_recipients_location WHERE pkid MATCH in_zone()"

    /// - Returns: nil where discs reach the antimeridian or a pole: those are judged one by one.
    /// - Throws: what the shape throws, or `DatabaseError`.
    func verdicts(_ query: ShapeQuery) throws -> VerdictPages? {
        let greatest = try database.greatestUncertaintyMetres()
        guard let margin = query.index.margin(ofMetres: greatest) else { return nil }
        var selection = czone_selection()
        defer { czone_selection_free(&selection) }
        let code = query.index.withZone { zone in
            czone_select(database.sqliteConnection, Self.treeSQL, zone, margin.east, margin.north, &selection)
        }
        guard code == SQLITE_OK else {
            throw DatabaseError(resultCode: ResultCode(rawValue: code), message: database.lastErrorMessage)
        }
        let verdicts = VerdictPages()
        verdicts.insertCertain(UnsafeBufferPointer(start: selection.inside, count: selection.inside_count))
        let candidates = UnsafeBufferPointer(start: selection.candidates, count: selection.candidate_count)
        let pages = try RegisterPages(database: database)
        var known: [Int64: RegisterPage] = [:]
        func page(_ number: Int64) throws -> RegisterPage {
            if let page = known[number] { return page }
            let page = try pages.page(number, withCommunes: false)
            known[number] = page
            return page
        }
        if greatest > 0 {
            let discs = Discs(greatestMetres: greatest, margin: margin)
            for candidate in candidates {
                let radius = try page(candidate.id >> VerdictPages.pageBits).radius(
                    ofRow: Int(truncatingIfNeeded: candidate.id & 4095))
                switch query.index.side(of: discs.box(around: candidate, radiusMetres: radius)) {
                case .outside: continue
                case .inside: verdicts.insert(RecipientID(rawValue: candidate.id), .certain)
                case .undecided: try judgeRow(candidate.id, query, verdicts)
                }
            }
        } else {
            for candidate in candidates { try judgeRow(candidate.id, query, verdicts) }
        }
        try narrow(verdicts, page)
        return verdicts
    }

    /// Decides by the recipient's own row.
    private func judgeRow(_ id: Int64, _ query: ShapeQuery, _ verdicts: VerdictPages) throws {
        let statement = try database.cachedStatement(sql: """
            SELECT X(location), Y(location), uncertainty_metres FROM recipients WHERE id = ? AND precision IS NOT NULL
            """)
        guard let row = try Row.fetchOne(statement, arguments: [id]) else { return }
        let position = Position<WGS84>(longitude: row[0], latitude: row[1])
        let uncertainty: Double = row[2]
        let recipient = RecipientID(rawValue: id)
        if uncertainty == 0 {
            if query.index.contains(position) { verdicts.insert(recipient, .certain) }
        } else {
            verdicts.insert(recipient, try query.verdict(position, uncertainty))
        }
    }

    /// Leaves out other organisations' recipients; the tree knows no organisation.
    private func narrow(_ verdicts: VerdictPages, _ page: (Int64) throws -> RegisterPage) throws {
        for found in verdicts.pages {
            let facts = try page(found.number)
            let members = facts.members(of: scope)
            for word in 0..<VerdictPages.wordsPerPlane {
                let mask = members[word] & facts.word(.located, word)
                found.certain[word] &= mask
                found.possible[word] &= mask
            }
        }
    }
}

/// Boxes around discs, in degrees, from the box of the widest: degrees grow no faster than the radius.
private struct Discs {
    private let eastPerMetre: Double
    private let northPerMetre: Double

    /// The margin that `ZoneIndex.margin` adds to a radius.
    private static let spareMetres = 0.01

    init(greatestMetres: Double, margin: (east: Double, north: Double)) {
        eastPerMetre = margin.east / (greatestMetres + Self.spareMetres)
        northPerMetre = margin.north / (greatestMetres + Self.spareMetres)
    }

    func box(around candidate: czone_candidate, radiusMetres: Double) -> BoundingBox<WGS84> {
        let metres = radiusMetres > 0 ? radiusMetres + Self.spareMetres : 0
        let east = metres * eastPerMetre, north = metres * northPerMetre
        return BoundingBox(
            west: candidate.west - east, south: candidate.south - north, east: candidate.east + east,
            north: candidate.north + north)
    }
}
