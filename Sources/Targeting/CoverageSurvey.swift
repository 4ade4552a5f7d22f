import AlertModel
import GeoEngine
import GeoModel

/// A commune as a coverage survey needs it.
package struct SurveyedCommune: Sendable {
    package let code: CommuneCode
    package let name: String
    package let population: Int?
    package let populationYear: Int?
    package let boundary: Area<WGS84>?

    package init(
        code: CommuneCode, name: String, population: Int?, populationYear: Int?, boundary: Area<WGS84>?
    ) {
        self.code = code
        self.name = name
        self.population = population
        self.populationYear = populationYear
        self.boundary = boundary
    }
}

/// A selected recipient as a coverage survey needs it.
package struct SurveyedRecipient: Sendable {
    package let communeCode: CommuneCode?
    package let communeName: String?
    package let precision: Precision
    package let channels: [Channel]

    package init(communeCode: CommuneCode?, communeName: String?, precision: Precision, channels: [Channel]) {
        self.communeCode = communeCode
        self.communeName = communeName
        self.precision = precision
        self.channels = channels
    }
}

/// Compares a zone's recipients with its inhabitants.
package struct CoverageSurvey {
    /// Shares closer than this to none or to all are taken for exact: simplified boundaries of neighbours overlap
    /// by slivers, and a commune touched by a sliver of its neighbour is not part of the zone.
    private static let sliverShare = 0.001

    private let register: RegisterReader
    /// Communes whose boundary may touch a box.
    private let communesNear: (BoundingBox<WGS84>) throws -> [SurveyedCommune]
    private let commune: (CommuneCode) throws -> SurveyedCommune?

    package init(
        register: RegisterReader, communesNear: @escaping (BoundingBox<WGS84>) throws -> [SurveyedCommune],
        commune: @escaping (CommuneCode) throws -> SurveyedCommune?
    ) {
        self.register = register
        self.communesNear = communesNear
        self.commune = commune
    }

    /// - Parameters:
    ///   - selected: whom the zone selects.
    ///   - notLocated: how many the zone cannot judge.
    /// - Throws: as `Selector.select`.
    package func coverage(
        of zone: Zone, selected: some Sequence<SurveyedRecipient>, notLocated: Int
    ) throws -> Coverage {
        let territory = try territory(of: zone)
        var byCode = territory ?? [:]
        var figures = CoverageFigures()
        figures.population = Self.population(of: territory)
        var withoutCommune = 0
        var lines: [CommuneCode: CommuneCode] = [:]
        for recipient in selected {
            figures.count(precision: recipient.precision, channels: recipient.channels)
            guard let given = recipient.communeCode else {
                withoutCommune += 1
                continue
            }
            let code = try lines[given] ?? self.line(of: given, in: byCode)
            lines[given] = code
            if byCode[code] == nil { byCode[code] = try line(for: code, named: recipient.communeName) }
            byCode[code]?.figures.count(precision: recipient.precision, channels: recipient.channels)
        }
        return Coverage(
            zone: zone.label, figures: figures, notLocated: notLocated,
            communes: byCode.values.sorted { $0.code < $1.code }, withoutCommune: withoutCommune)
    }

    /// The line a recipient's code counts under: its part's where the zone names it, else its commune's of today.
    private func line(of code: CommuneCode, in lines: [CommuneCode: CommuneCoverage]) throws -> CommuneCode {
        let places = try register.places(code)
        guard places.count == 1, let place = places.first else { return code }
        return place.parts.first { lines[$0] != nil } ?? place.commune
    }

    /// The sum over the communes the zone covers; nil when there is none, or one whose population is not known.
    private static func population(of territory: [CommuneCode: CommuneCoverage]?) -> Double? {
        guard let territory, !territory.isEmpty else { return nil }
        var sum = 0.0
        for commune in territory.values {
            guard let population = commune.figures.population else { return nil }
            sum += population
        }
        return sum
    }

    /// The communes the zone covers, with the share of their area inside; nil when the zone is not only a place.
    private func territory(of zone: Zone) throws -> [CommuneCode: CommuneCoverage]? {
        if let communes = try communes(of: zone) {
            return try Dictionary(uniqueKeysWithValues: communes.map { code in
                (code, try line(for: code, named: nil, share: 1))
            })
        }
        guard let area = try surface(of: zone), let box = area.boundingBox else { return nil }
        var lines: [CommuneCode: CommuneCoverage] = [:]
        for commune in try communesNear(box) {
            guard let boundary = commune.boundary else { continue }
            let inside = SurfaceArea.squareMetres(of: try Overlay.intersection(boundary, area))
            let share = min(1, inside / SurfaceArea.squareMetres(of: boundary))
            guard share > Self.sliverShare else { continue }
            lines[commune.code] = line(commune, share: share > 1 - Self.sliverShare ? 1 : share)
        }
        return lines
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
        case .communes, .department, .epci: return Self.byCode(try register.named(by: zone))
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
        case .communes(let codes):
            let outermost = Set(try self.communes(of: zone) ?? codes)
            let named = try register.communes(codes)
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

    private func line(for code: CommuneCode, named name: String?, share: Double? = nil) throws -> CommuneCoverage {
        if let commune = try commune(code) { return line(commune, share: share) }
        return CommuneCoverage(
            code: code, name: name ?? "", population: nil, populationYear: nil, areaShare: share,
            figures: CoverageFigures(), boundary: nil)
    }

    private func line(_ commune: SurveyedCommune, share: Double?) -> CommuneCoverage {
        var figures = CoverageFigures()
        if let share { figures.population = commune.population.map { Double($0) * share } }
        return CommuneCoverage(
            code: commune.code, name: commune.name, population: commune.population,
            populationYear: commune.populationYear, areaShare: share, figures: figures, boundary: commune.boundary)
    }
}
