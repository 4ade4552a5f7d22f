import AlertModel
import GeoModel

extension Zone {
    /// Most terms a zone may have; a term is a place, with its margin, or a membership.
    package static let maximumTerms = 1000

    /// Widest and highest a perimeter's polygon may be, in degrees. Metropolitan France spans 15° by 10°, French Polynesia
    /// 22° by 21°; a polygon beyond that is a mistake (a ring drawn across the antimeridian, a world map).
    package static let greatestSpanDegrees = 25.0

    /// Longest radius of a circle, in metres: beyond it lies a typing mistake (metres for kilometres).
    package static let greatestRadiusMetres = 200_000.0

    /// The leaves of the zone, in reading order: the numbers that `TermSet` speaks of.
    package var terms: [Zone] {
        switch self {
        case .perimeter, .circle, .communes, .department, .epci, .members, .widened: [self]
        case .certainly(let zone): zone.terms
        case .union(let zones), .intersection(let zones): zones.flatMap(\.terms)
        case .difference(let zone, let except): zone.terms + except.terms
        }
    }

    /// Refuses zones that select by omission: an empty union, intersection, commune set or perimeter; a margin in an
    /// excluded part, which would take people away who are not in it; and a precision anywhere but at the root.
    package func requireJudgeable() throws(TargetingError) {
        guard terms.count <= Self.maximumTerms else { throw .tooComplex }
        let root = if case .certainly(let zone) = self { zone } else { self }
        try root.requireJudgeablePart(isExcluded: false)
    }

    private func requireJudgeablePart(isExcluded: Bool) throws(TargetingError) {
        switch self {
        case .perimeter(_, let area):
            if area.isEmpty { throw .emptyPerimeter }
        case .communes(let codes, _):
            if codes.isEmpty { throw .emptyZone }
        case .circle(let centre, _):
            let swapped = Position<WGS84>(longitude: centre.latitude, latitude: centre.longitude)
            if !FrenchTerritories.contain(centre), FrenchTerritories.contain(swapped) { throw .swappedCircle }
        case .department, .epci, .members:
            break
        case .widened(let place, let metres):
            guard !isExcluded else { throw .marginInExclusion(name: place.label) }
            guard place.isPlace, metres > 0, metres <= Self.greatestMarginMetres else { throw .badMargin }
            try place.requireJudgeablePart(isExcluded: isExcluded)
        case .certainly:
            throw .precisionOfPart
        case .union(let zones), .intersection(let zones):
            if zones.isEmpty { throw .emptyZone }
            for zone in zones { try zone.requireJudgeablePart(isExcluded: isExcluded) }
        case .difference(let zone, let except):
            try zone.requireJudgeablePart(isExcluded: isExcluded)
            try except.requireJudgeablePart(isExcluded: !isExcluded)
        }
    }

    /// Whether a margin can be put around it.
    private var isPlace: Bool {
        switch self {
        case .perimeter, .circle, .communes, .department, .epci: true
        default: false
        }
    }

    /// Refuses a zone that no event fills: it stops a campaign when planned and again at its launch. Counting over
    /// it is allowed.
    package func requireReasonableSize() throws(TargetingError) {
        for term in terms where term.isSuspiciouslyLarge { throw .suspiciouslyLarge(name: term.label) }
    }

    /// For a term. Each polygon is judged on its own: a perimeter may lie in several territories.
    private var isSuspiciouslyLarge: Bool {
        switch self {
        case .perimeter(_, let area):
            area.polygons.compactMap { BoundingBox(enclosing: $0.exterior.positions) }.contains {
                max($0.east - $0.west, $0.north - $0.south) > Self.greatestSpanDegrees
            }
        case .circle(_, let radius): radius > Self.greatestRadiusMetres
        case .widened(.circle(_, let radius), let metres): radius + metres > Self.greatestRadiusMetres
        case .widened(let place, _): place.isSuspiciouslyLarge
        default: false
        }
    }

    /// A term in words, without personal data: “perimeter Crue”, “circle of 5000 m”, “communes 80021, 80001”.
    package var label: String {
        switch self {
        case .perimeter(let name, _): "perimeter “\(name)”"
        case .circle(let centre, let radius):
            // A radius that is refused is told in the refusal: it may be infinite, or no number.
            "circle of " + (radius.magnitude < 1e9 ? "\(Int(radius.rounded()))" : "\(radius)")
                + " m around \(centre.longitude), \(centre.latitude)"
        case .communes(let codes, let vintage):
            (codes.count == 1 ? "commune " : "communes ") + codes.prefix(5).map(\.rawValue).joined(separator: ", ")
                + (codes.count > 5 ? " and \(codes.count - 5) more" : "") + (vintage.map { " (codes of \($0))" } ?? "")
        case .department(let code): "department \(code)"
        case .epci(let siren): "intercommunalité \(siren)"
        case .members(let membership): membership.label
        case .widened(let place, let metres): "\(place.label) with a margin of \(Self.words(metres)) m"
        case .certainly(let zone): "certainly in \(zone.label)"
        case .union(let zones): "(" + zones.map(\.label).joined(separator: " or ") + ")"
        case .intersection(let zones): "(" + zones.map(\.label).joined(separator: " and ") + ")"
        case .difference(let zone, let except): "(\(zone.label) except \(except.label))"
        }
    }

    private static func words(_ metres: Double) -> String {
        metres == metres.rounded() && metres.magnitude < 1e9 ? "\(Int(metres))" : "\(metres)"
    }
}

extension Membership {
    /// In words, without personal data.
    package var label: String {
        switch self {
        case .list(let name): "list “\(name)”"
        case .tag(let name): "tag “\(name)”"
        case .filter: "filter of the register"
        case .campaign(let id, let outcome): "campaign \(id), \(outcome.rawValue.replacing("_", with: " "))"
        }
    }
}
