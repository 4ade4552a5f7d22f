import AlertModel
import CZoneIndex
import GRDB
import GRDBSQLite
import GeoEngine
import GeoModel
import Targeting

/// Answers zones by the register's seats, within one transaction.
///
/// The pack settles what boxes and cells of nine millimetres can; who is nearer the boundary, or whose disc it may cross,
/// is judged by his own row, as `RegisterReader.points` and the shape would.
struct SeatSearch {
    let database: Database
    let scope: RegisterScope
    let view: RegisterView

    /// The margin that `ZoneIndex.margin` adds to a radius.
    private static let spareMetres = 0.01

    var seats: RegisterSeats {
        RegisterSeats(
            points: { try points($0) }, withoutPoint: { try withoutPoint(near: $0, $1) },
            extents: { try TerritoryCodes.current(database).extents(of: $0, database) },
            withoutKnownCode: { try withoutKnownCode() }, ofCommune: { ofCommune($0, isFound: $1) },
            plan: { try plan($0, make: $1) }, judgeUnproven: { try judgeUnproven($0, $1, $2, into: $3) },
            seat: { view.seat(of: $0.rawValue).map { Int64($0) } },
            recipient: { RecipientID(rawValue: view.id(ofSeat: Int($0))) }, keepScope: { keep(view.mask(scope), of: $0) },
            keepReach: { keep(view.mask(scope, with: try database.oneOffRegisters(in: scope)), of: $0) })
    }

    // MARK: Points

    private func points(_ query: ShapeQuery) throws -> VerdictPages? {
        let result = VerdictPages()
        let radii = czone_pack_radii(view.base.places)
        let bounds = 0..<view.base.locatedCount
        guard try walk(query, reachMetres: query.marginMetres, bounds, { result.insert($0, query.inside) }, { seat in
            if query.marginMetres > 0, radii?[seat] ?? 0 == 0,
               let relation = query.index.relation(
                   toCell: view.base.cell(ofSeat: seat), cellMetres: PlaceCell.metres, marginMetres: query.marginMetres)
            {
                if relation == .within { result.insert(Int64(seat), query.inside) }
                return
            }
            guard let row = try database.placedRow(view.id(ofSeat: seat)), row.hasPoint else { return }
            result.insert(Int64(seat), try verdict(row, query))
        }) else { return nil }
        for (index, row) in view.rows.enumerated() where row.hasPoint {
            result.insert(Int64(view.firstSeat + index), try verdict(row, query))
        }
        return result
    }

    /// Of a row with a point.
    private func verdict(_ row: PlacedRow, _ query: ShapeQuery) throws -> Verdict {
        guard let position = row.position else { return .outside }
        let uncertainty = row.uncertaintyMetres ?? 0
        if uncertainty == 0, query.marginMetres == 0 { return query.index.contains(position) ? .certain : .outside }
        return try query.verdict(position, uncertainty)
    }

    /// Walks the pack's seats, within bounds: ranges wholly inside, then seats that only their rows can settle; those who
    /// were written since are passed over.
    ///
    /// - Parameter reachMetres: added to every radius.
    /// - Returns: false where discs reach the antimeridian or a pole: those are judged one by one.
    private func walk(
        _ query: ShapeQuery, reachMetres: Double, _ bounds: Range<Int>, _ inside: (Range<Int64>) throws -> Void,
        _ open: (Int) throws -> Void
    ) throws -> Bool {
        let greatest = view.greatestMetres + reachMetres
        guard let degrees = query.index.margin(ofMetres: greatest) else { return false }
        guard !bounds.isEmpty else { return true }
        // Degrees grow no faster than the radius.
        let spread = greatest > 0 ? greatest + Self.spareMetres : 1
        let margin = czone_margin(
            degrees_east_per_metre: degrees.east / spread, degrees_north_per_metre: degrees.north / spread,
            spare_metres: Self.spareMetres, reach_metres: reachMetres)
        let selection = SeatSelection(of: query.index, in: view.base.places, bounds, margin)
        guard selection.isDone else { throw StoreError.outOfMemory }
        try selection.forEachRange(inside)
        try selection.forEachOpen(open)
        return true
    }

    // MARK: Without a point

    private func withoutPoint(near box: BoundingBox<WGS84>, _ index: ZoneIndex?) throws -> SeatsWithoutPoint {
        let base = view.base
        var result = SeatsWithoutPoint()
        guard base.locatedCount < base.count || view.rows.contains(where: { !$0.isLocated }) else { return result }
        let territory = try TerritoryCodes.current(database)
        let boxes = try territory.groundBoxes(database)
        var sides: [UInt32: ZoneIndex.Side] = [:]
        var near: [UInt32: [Range<Int64>]] = [:]
        func add(_ number: UInt32?, _ seats: Range<Int64>) {
            guard let number, number != CommuneNumber.none, territory.hasGround(number) else {
                result.unlocated.append(seats)
                return
            }
            guard let ground = boxes[number], ground.intersects(box) else { return }
            let side = sides[number] ?? index?.side(of: ground) ?? .undecided
            sides[number] = side
            switch side {
            case .outside: break
            case .inside: result.inside.append(seats)
            case .undecided: near[number, default: []].append(seats)
            }
        }
        for group in base.groupsWithoutPoint { add(group.number, group.seats) }
        for (index, row) in view.rows.enumerated() where !row.isLocated {
            add(row.number, Int64(view.firstSeat + index)..<Int64(view.firstSeat + index + 1))
        }
        for (number, seats) in near.sorted(by: { $0.key < $1.key }) {
            if let code = CommuneNumber.code(number) { result.near.append((code, seats)) }
        }
        return result
    }

    private func withoutKnownCode() throws -> [Range<Int64>] {
        let base = view.base
        guard base.locatedCount < base.count || view.rows.contains(where: { !$0.isLocated }) else { return [] }
        let territory = try TerritoryCodes.current(database)
        return base.groupsWithoutPoint.filter { $0.number == CommuneNumber.none || !territory.isKnown($0.number) }
            .map(\.seats)
            + view.rows.indices.filter { !view.rows[$0].isLocated && !isKnown(view.rows[$0], territory) }
            .map { Int64(view.firstSeat + $0)..<Int64(view.firstSeat + $0 + 1) }
    }

    private func isKnown(_ row: PlacedRow, _ territory: TerritoryCodes) -> Bool {
        row.number.map { $0 != CommuneNumber.none && territory.isKnown($0) } ?? false
    }

    // MARK: Communes

    private func ofCommune(_ code: CommuneCode, isFound: Bool) -> [Range<Int64>] {
        let number = CommuneNumber.of(code)
        var seats = view.base.groups(of: number).filter { ($0.isFound != 0) == isFound }.map(\.seats)
        for index in view.rowsByNumber[number] ?? [] where view.rows[index].isFound == isFound {
            seats.append(Int64(view.firstSeat + index)..<Int64(view.firstSeat + index + 1))
        }
        return seats
    }

    private func plan(_ key: CommuneTermKey, make: () throws -> CommunePlan) throws -> CommunePlan {
        let version = try TerritoryCodes.current(database).version
        for isLasting in [true, false] {
            if let known = view.base.findings.plan(key, state(key, version, isLasting)) { return known }
        }
        let plan = try make()
        if isCommitted { view.base.findings.keep(plan, of: key, state(key, version, plan.isLasting)) }
        return plan
    }

    /// What the meaning of a term depends on, beyond the pack.
    private func state(_ key: CommuneTermKey, _ version: Int64, _ isLasting: Bool) -> CommuneFindings.State {
        // A department has the codes of people who were written since, too; and a code that the territory does not know
        // is one as long as somebody bears it.
        if isLasting, case .communes = key { return .init(territory: version, lastChange: 0, scope: nil) }
        return .init(territory: version, lastChange: view.lastChange, scope: scope)
    }

    private var isCommitted: Bool { sqlite3_txn_state(database.sqliteConnection, "main") == SQLITE_TXN_READ }

    private func judgeUnproven(
        _ key: CommuneTermKey, _ plan: CommunePlan, _ judge: UnprovenJudge, into result: VerdictPages
    ) throws {
        let territory = try TerritoryCodes.current(database)
        let state = state(key, territory.version, plan.isLasting)
        if let known = view.base.findings.unproven(key, state, lastChange: view.lastChange) {
            result.formUnion(known)
        } else {
            let found = VerdictPages()
            try judgePacked(judge, territory, found)
            if isCommitted {
                view.base.findings.keep(found.frozen, of: key, state, lastChange: view.lastChange)
            }
            result.formUnion(found)
        }
        for (index, row) in view.rows.enumerated() where row.hasPoint && (row.isFound || !isKnown(row, territory)) {
            guard let (evidence, location) = try facts(of: row.id, territory) else { continue }
            result.insert(Int64(view.firstSeat + index), try judge.exactly(evidence, location))
        }
    }

    private func judgePacked(_ judge: UnprovenJudge, _ territory: TerritoryCodes, _ result: VerdictPages) throws {
        let base = view.base
        let unknown = base.groupsProven.filter { !territory.isKnown($0.number) }
        let bounds = [base.provenCount..<base.locatedCount] + unknown.map { Int($0.start)..<Int($0.end) }
        func judgeRow(_ seat: Int) throws {
            let id = view.id(ofSeat: seat)
            // Who was written since sits elsewhere now.
            guard view.seat(of: id) == seat else { return }
            guard let (evidence, location) = try facts(of: id, territory) else { return }
            result.insert(Int64(seat), try judge.exactly(evidence, location))
        }
        let query = try judge.query()
        for bounds in bounds where !bounds.isEmpty {
            let isWalked = try query.map { query in
                try walk(query, reachMetres: BetweenCommunes.toleranceMetres, bounds, { seats in
                    var seat = Int(seats.lowerBound)
                    while seat < Int(seats.upperBound) {
                        let group = base.groups[base.group(ofSeat: seat)]
                        let end = min(Int(seats.upperBound), Int(group.end))
                        let code = CommuneNumber.code(group.number)
                        let evidence = CommuneEvidence(
                            code: code, isFound: group.isFound != 0,
                            places: try code.map { try territory.places(of: $0, database) } ?? [])
                        result.insert(Int64(seat)..<Int64(end), try judge.inside(evidence))
                        seat = end
                    }
                }, judgeRow)
            } ?? false
            if !isWalked {
                let boxes = try judge.boxes().map { $0.grown(byMetres: base.greatestMetres + 1) }
                for seat in bounds where base.mayLie(seat, in: boxes) { try judgeRow(seat) }
            }
        }
    }

    private func facts(
        of id: Int64, _ territory: TerritoryCodes
    ) throws -> (evidence: CommuneEvidence, location: Location)? {
        let statement = try database.cachedStatement(sql: """
            SELECT X(location) AS x, Y(location) AS y, uncertainty_metres, precision, score, commune_code, is_commune_found
            FROM recipients WHERE id = ?
            """)
        guard let row = try Row.fetchOne(statement, arguments: [id]), let location = Location(row: row) else { return nil }
        let code = (row["commune_code"] as String?).flatMap { CommuneCode($0) }
        return (
            CommuneEvidence(
                code: code, isFound: row["is_commune_found"],
                places: try code.map { try territory.places(of: $0, database) } ?? []), location
        )
    }

    // MARK: Scope

    private func keep(_ mask: [UInt64], of pages: VerdictPages) {
        mask.withUnsafeBufferPointer { mask in
            for page in pages.pages {
                let first = Int(page.number) * VerdictPages.wordsPerPlane
                for word in 0..<VerdictPages.wordsPerPlane {
                    let bits = first + word < mask.count ? mask[first + word] : 0
                    page.certain[word] &= bits
                    page.possible[word] &= bits
                    page.notLocated[word] &= bits
                }
            }
        }
    }
}
