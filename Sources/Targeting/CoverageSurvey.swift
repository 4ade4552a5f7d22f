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
        for recipient in selected {
            figures.count(precision: recipient.precision, channels: recipient.channels)
            guard let code = recipient.communeCode else {
                withoutCommune += 1
                continue
            }
            if byCode[code] == nil { byCode[code] = try line(for: code, named: recipient.communeName) }
            byCode[code]?.figures.count(precision: recipient.precision, channels: recipient.channels)
        }
        return Coverage(
            zone: zone.label, figures: figures, notLocated: notLocated,
            communes: byCode.values.sorted { $0.code < $1.code }, withoutCommune: withoutCommune)
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
        if let whole = try wholeCommunes(of: zone) {
            return try Dictionary(uniqueKeysWithValues: whole.map { code in
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

    /// The zone as a set of whole communes, when it is nothing else.
    private func wholeCommunes(of zone: Zone) throws -> Set<CommuneCode>? {
        switch zone {
        case .communes(let codes): return Set(codes)
        case .department(let code): return Set(try register.communesOfDepartment(code))
        case .perimeter, .circle, .list: return nil
        case .union(let zones):
            var all: Set<CommuneCode> = []
            for zone in zones {
                guard let codes = try wholeCommunes(of: zone) else { return nil }
                all.formUnion(codes)
            }
            return all
        case .intersection(let zones):
            var all: Set<CommuneCode>?
            for zone in zones {
                guard let codes = try wholeCommunes(of: zone) else { return nil }
                all = all?.intersection(codes) ?? codes
            }
            return all
        case .difference(let zone, let except):
            guard let kept = try wholeCommunes(of: zone), let removed = try wholeCommunes(of: except) else {
                return nil
            }
            return kept.subtracting(removed)
        }
    }

    /// The zone's surface, for figures only: who is inside is never decided on it. Empty when its parts share nothing;
    /// nil when a list or a commune without a boundary is involved, since part of the surface is then not known.
    package func surface(of zone: Zone) throws -> Area<WGS84>? {
        switch zone {
        case .perimeter(_, let area):
            return area
        case .circle(let centre, let radius):
            // A 360-gon inside the circle lacks 0.005 % of its area.
            return try GeodesicCircle(centre: centre, radiusMetres: radius).outline(vertices: 360)
        case .communes(let codes):
            let boundaries = try register.boundaries(codes)
            return boundaries.count < codes.count ? nil : Area(boundaries.flatMap(\.polygons))
        case .department(let code):
            // Codes without a boundary are mostly the register's own, of before a merger: the same ground.
            return Area(try register.boundaries(try register.communesOfDepartment(code)).flatMap(\.polygons))
        case .list:
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
