import AlertModel
import GeoEngine
import GeoModel

/// Compares a zone's recipients with its inhabitants.
package struct CoverageSurvey {
    /// Shares closer than this to none or to all are taken for exact: simplified boundaries of neighbours overlap
    /// by slivers, and a commune touched by a sliver of its neighbour is not part of the zone.
    private static let sliverShare = 0.001

    private let register: RegisterReader
    /// Communes whose boundary may touch a box.
    private let communesNear: (BoundingBox<WGS84>) throws -> [SurveyedCommune]
    private let commune: (CommuneCode) throws -> SurveyedCommune?
    private let sources: PopulationSources

    package init(
        register: RegisterReader, communesNear: @escaping (BoundingBox<WGS84>) throws -> [SurveyedCommune],
        commune: @escaping (CommuneCode) throws -> SurveyedCommune?, sources: PopulationSources = .none
    ) {
        self.register = register
        self.communesNear = communesNear
        self.commune = commune
        self.sources = sources
    }

    /// - Parameters:
    ///   - selected: whom the zone selects.
    ///   - notLocated: how many the zone cannot judge.
    ///   - cells: the grid whose cells are wanted too.
    /// - Throws: as `Selector.select`.
    package func coverage(
        of zone: Zone, selected: some Sequence<SurveyedRecipient>, notLocated: Int, cells: SquareGrid? = nil
    ) throws -> Coverage {
        var gathering = try gathering(of: zone, cells: cells)
        for recipient in selected { try gathering.add(recipient) }
        return try gathering.coverage(notLocated: notLocated)
    }

    /// Begins a survey whose recipients are told one by one, and not kept.
    ///
    /// - Throws: as `Selector.select`.
    package func gathering(of zone: Zone, cells: SquareGrid? = nil) throws -> CoverageGathering {
        let sharing = PopulationSharing(sources: sources, cells: cells)
        let surface = try surface(of: zone)
        return CoverageGathering(
            self, zone: zone, surface: surface, territory: try territory(of: zone, surface: surface, sharing), sharing,
            cells: cells)
    }

    /// The line a recipient's code counts under: its part's where the zone names it, else its commune's of today.
    func line(of code: CommuneCode, in lines: [CommuneCode: CommuneCoverage]) throws -> CommuneCode {
        let places = try register.places(code)
        guard places.count == 1, let place = places.first else { return code }
        return place.parts.first { lines[$0] != nil } ?? place.commune
    }

    /// The communes the zone covers, with the share of their area inside; nil when the zone is not only a place.
    private func territory(
        of zone: Zone, surface: Area<WGS84>?, _ sharing: PopulationSharing
    ) throws -> [CommuneCode: CommuneCoverage]? {
        if let communes = try communes(of: zone) {
            return try Dictionary(uniqueKeysWithValues: communes.map { code in
                guard let commune = try commune(code) else { return (code, try line(for: code, named: nil, share: 1)) }
                let shared = try PopulatedCommune(commune, codes: self.codes).share(within: nil, sharing)
                return (code, line(commune, share: 1, shared))
            })
        }
        guard let area = surface, let box = area.boundingBox else { return nil }
        let prepared = try PreparedArea(area)
        let squareMetres = try prepared.areaSquareMetres()
        var lines: [CommuneCode: CommuneCoverage] = [:]
        for commune in try communesNear(box) {
            guard let boundary = commune.boundary else { continue }
            let piece = try Overlay.intersection(boundary, area)
            let inside = SurfaceArea.squareMetres(of: piece)
            let whole = SurfaceArea.squareMetres(of: boundary)
            guard whole > 0 else { continue }
            let share = min(1, inside / whole)
            // A street of a large commune is a sliver of it, but not of the zone.
            guard share > Self.sliverShare || inside > squareMetres * Self.sliverShare else { continue }
            let isWhole = share > 1 - Self.sliverShare
            let within = isWhole ? nil : PopulatedCommune.Within(zone: prepared, area: area, piece: piece, areaShare: share)
            let shared = try PopulatedCommune(commune, codes: codes).share(within: within, sharing)
            lines[commune.code] = line(commune, share: isWhole ? 1 : share, shared)
        }
        return lines
    }

    /// The codes under which addresses of a commune, and of nothing else, are filed.
    private func codes(of commune: CommuneCode) throws -> [CommuneCode] {
        let known = try register.codes([commune]).filter { $0.value.allSatisfy { $0.commune == commune } }
        return Set(known.keys).union([commune]).sorted()
    }

    /// The zone as a set of communes and parts of which none holds another, when it is nothing else.
    private func communes(of zone: Zone) throws -> [CommuneCode]? {
        guard let codes = try places(of: zone) else { return nil }
        let all = codes.values.flatMap(\.self)
        return codes.filter { entry in
            // A part that is named beside its commune lives in it already.
            !entry.value.allSatisfy { place in all.contains { $0 != place && $0.encloses(place) } }
        }.keys.sorted()
    }

    private func places(of zone: Zone) throws -> [CommuneCode: Set<CommunePlace>]? {
        switch zone {
        case .communes(_, let vintage):
            let named = try register.named(by: zone)
            // A code of another year may be a part of the commune that bears it today, whose figures are not its own.
            guard vintage == nil || named.allSatisfy({ $0.places.allSatisfy(\.isWhole) }) else { return nil }
            return Self.byCode(named)
        case .department, .epci: return Self.byCode(try register.named(by: zone))
        case .certainly(let zone): return try places(of: zone)
        case .perimeter, .circle, .members, .widened: return nil
        case .union(let zones):
            var all: [CommuneCode: Set<CommunePlace>] = [:]
            for zone in zones {
                guard let places = try places(of: zone) else { return nil }
                all.merge(places) { first, _ in first }
            }
            return all
        case .intersection(let zones):
            var all: [CommuneCode: Set<CommunePlace>]?
            for zone in zones {
                // Parts and wholes share ground that codes do not tell.
                guard let places = try places(of: zone), Self.areWhole(places) else { return nil }
                all = all.map { known in known.filter { places[$0.key] != nil } } ?? places
            }
            return all
        case .difference(let zone, let except):
            guard let kept = try places(of: zone), Self.areWhole(kept), let removed = try places(of: except),
                  Self.areWhole(removed)
            else { return nil }
            return kept.filter { removed[$0.key] == nil }
        }
    }

    private static func areWhole(_ places: [CommuneCode: Set<CommunePlace>]) -> Bool {
        places.values.allSatisfy { $0.allSatisfy(\.isWhole) }
    }

    /// A code that became whole communes counts as these; one that is a part, or is shared out, as itself.
    private static func byCode(_ communes: [NamedCommune]) -> [CommuneCode: Set<CommunePlace>] {
        var byCode: [CommuneCode: Set<CommunePlace>] = [:]
        for named in communes {
            if named.places.allSatisfy(\.isWhole) {
                for place in named.places { byCode[place.commune] = [place] }
            } else {
                byCode[named.code] = Set(named.places)
            }
        }
        return byCode
    }

    /// The zone's surface, for figures only: who is inside is never decided on it. Empty when its parts share nothing;
    /// nil when a list or a commune without a boundary is involved, since part of the surface is then not known.
    package func surface(of zone: Zone) throws -> Area<WGS84>? {
        switch zone {
        case .perimeter(_, let area):
            return area.isEmpty ? area : try PerimeterRepair.repaired(area, .outward).area
        case .circle(let centre, let radius):
            // A 360-gon inside the circle lacks 0.005 % of its area.
            return try GeodesicCircle(centre: centre, radiusMetres: radius).outline(vertices: 360)
        case .communes(let codes, let vintage):
            let outermost = Set(try self.communes(of: zone) ?? codes)
            let named = try register.communes(codes, vintage)
            let communes = named.filter { outermost.contains($0.code) || $0.places.allSatisfy(\.isWhole) }
            guard communes.allSatisfy({ !$0.grounds.isEmpty && $0.grounds.allSatisfy(\.isExact) }) else { return nil }
            return Area(Self.grounds(of: communes))
        case .department, .epci:
            // Codes without a boundary are mostly the register's own, mistyped or too new: no ground of their own.
            return Area(Self.grounds(of: try register.named(by: zone)))
        case .widened(.circle(let centre, let radius), let metres):
            return try GeodesicCircle(centre: centre, radiusMetres: radius + metres).outline(vertices: 360)
        case .widened(let place, let metres):
            guard let area = try surface(of: place) else { return nil }
            return area.isEmpty ? area : try MetricBuffer.area(around: area, metres: metres)
        case .certainly(let zone):
            return try surface(of: zone)
        case .members:
            return nil
        case .union(let zones):
            return try combine(zones) { left, right in
                let area = Area(left.polygons + right.polygons)
                return area.isEmpty ? area : try Overlay.union(area)
            }
        case .intersection(let zones):
            return try combine(zones) { left, right in
                left.isEmpty || right.isEmpty ? Area([]) : try Overlay.intersection(left, right)
            }
        case .difference(let zone, let except):
            guard let kept = try surface(of: zone), let removed = try surface(of: except) else { return nil }
            return kept.isEmpty || removed.isEmpty ? kept : try Overlay.difference(kept, removed)
        }
    }

    private static func grounds(of communes: [NamedCommune]) -> [Polygon<WGS84>] {
        communes.flatMap(\.grounds).flatMap(\.area.polygons)
    }

    private func combine(
        _ zones: [Zone], _ operation: (Area<WGS84>, Area<WGS84>) throws -> Area<WGS84>
    ) throws -> Area<WGS84>? {
        var result: Area<WGS84>?
        for zone in zones {
            guard let area = try surface(of: zone) else { return nil }
            result = try result.map { try operation($0, area) } ?? area
        }
        return result
    }

    func line(for code: CommuneCode, named name: String?, share: Double? = nil) throws -> CommuneCoverage {
        if share == nil, let commune = try commune(code) { return line(commune, share: nil, nil) }
        return CommuneCoverage(
            code: code, name: name ?? "", population: nil, populationYear: nil, areaShare: share,
            figures: CoverageFigures(), boundary: nil)
    }

    /// - Parameter shared: the people inside, and by what; nil when they are not known.
    private func line(
        _ commune: SurveyedCommune, share: Double?, _ shared: (people: Double, method: PopulationMethod)?
    ) -> CommuneCoverage {
        var figures = CoverageFigures()
        if share != nil { figures.add(population: shared?.people, by: shared?.method) }
        return CommuneCoverage(
            code: commune.code, name: commune.name, population: commune.population,
            populationYear: commune.populationYear, areaShare: share, figures: figures, boundary: commune.boundary,
            epci: commune.epci, epciName: commune.epciName)
    }
}
