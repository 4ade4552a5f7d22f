import AlertModel
import Campaigns
import Foundation
import GRDB
import GeoEngine
import GeoModel
import Targeting

/// An organisation that may be asked about ground beyond another's territory.
package struct Neighbour: Sendable {
    package let organisation: Organisation
    /// The one directly above: it may be asked about all of it, wherever its own territory ends.
    package let isParent: Bool
    /// What it would be handed: ground alone, and nothing of anybody's register.
    package let part: Zone
    /// Of the part, without its margin.
    package let squareMetres: Double
    /// Names of the communes on it, in the order of their codes.
    package let communes: [String]
}

extension AlertDatabase {
    /// Whose ground lies in a zone beyond an organisation's territory: those whose own territory meets it, the smallest part
    /// of the tree first, and the organisation directly above. Services that have no ground of their own are not among them.
    ///
    /// - Parameter zone: people it names by the register are left out: only ground is handed over.
    /// - Throws: `ZoneRequestRefusal.nothingBeyond`, `.unmeasured`; and as `Selector.select`.
    package func neighbours(of zone: Zone, beyond organisation: OrganisationID) throws -> [Neighbour] {
        try zone.requireJudgeable()
        try zone.requireReasonableSize()
        return try pool.read { try $0.neighbours(of: zone, beyond: organisation) }
    }
}

extension Database {
    fileprivate func neighbours(of zone: Zone, beyond id: OrganisationID) throws -> [Neighbour] {
        // No register has a say in whose ground it is.
        let nobody = RegisterScope.organisation(OrganisationID(rawValue: 0))
        let survey = coverageSurvey(RegisterReader(database: self, scope: nobody))
        guard let ground = try zone.ground?.drawnAround(), let own = try knownTerritory(of: id)?.zone,
            let asker = try organisationIfAny(id)
        else { throw ZoneRequestRefusal.nothingBeyond }
        guard let surface = try survey.surface(of: ground), let inside = try survey.surface(of: own) else {
            throw ZoneRequestRefusal.unmeasured
        }
        let whole = try surface.united()
        let outside = try whole.without(try inside.united())
        let limit = SurfaceArea.squareMetres(of: whole)
        guard let box = outside.boundingBox, Jurisdiction.isBeyond(SurfaceArea.squareMetres(of: outside), of: limit) else {
            throw ZoneRequestRefusal.nothingBeyond
        }
        let near = Set(try communes(touching: box).map(\.code.rawValue))
        let places = try self.places(under: nil).filter { $0.organisation.id != id }
        var neighbours: [Neighbour] = []
        for place in places {
            let other = place.organisation, isParent = other.id == asker.parent
            guard isParent || mayReach(other, near: near) else { continue }
            let piece: Area<WGS84>
            if isParent {
                piece = outside
            } else {
                guard let ground = try groundOfItsOwn(other, survey), let touched = ground.boundingBox, touched.intersects(box) else { continue }
                piece = try outside.within(try ground.united())
            }
            let squareMetres = SurfaceArea.squareMetres(of: piece)
            guard Jurisdiction.isBeyond(squareMetres, of: limit) else { continue }
            let (part, names) = try part(piece, of: zone, survey, from: asker.name)
            neighbours.append(
                Neighbour(organisation: other, isParent: isParent, part: part, squareMetres: squareMetres, communes: names))
        }
        let order: [OrganisationKind] = [.commune, .service, .epci, .prefecture]
        return neighbours.sorted {
            let (left, right) = (order.firstIndex(of: $0.organisation.kind) ?? 0, order.firstIndex(of: $1.organisation.kind) ?? 0)
            return left == right ? $0.organisation.name < $1.organisation.name : left < right
        }
    }

    /// Whether an organisation's ground is worth drawing: a commune's by its code, before its outline is read.
    private func mayReach(_ organisation: Organisation, near: Set<String>) -> Bool {
        guard organisation.kind == .commune, let code = organisation.code, let commune = CommuneCode(code),
            let today = try? self.commune(code: commune), today.kind == "COM",
            (try? effectiveSetting(.territory, of: organisation.id)) == .some(nil)
        else { return true }
        return near.contains(code)
    }

    /// What an organisation itself answers for; nil when it has nothing of its own, or nothing that is loaded.
    private func groundOfItsOwn(_ organisation: Organisation, _ survey: CoverageSurvey) throws -> Area<WGS84>? {
        guard let territory = try territory(of: organisation), !territory.isInherited else { return nil }
        return try survey.surface(of: territory.zone)
    }

    /// A piece as it is handed over: with a margin, so that nobody on its border is lost; and by their codes the communes that
    /// the zone names and that lie wholly in it, since somebody of theirs may have no place but the commune.
    private func part(
        _ piece: Area<WGS84>, of zone: Zone, _ survey: CoverageSurvey, from name: String
    ) throws -> (Zone, communes: [String]) {
        let drawn = Zone.perimeter(
            name: String("Zone transmise par \(name)".prefix(ZoneDocument.Limits().maxNameLength)),
            area: try MetricBuffer.area(around: piece, metres: ZoneRequestRules.marginMetres))
        var whole: [CommuneCode] = []
        for code in zone.namedCommunes {
            guard let area = try survey.surface(of: .communes([code])), !area.isEmpty else { continue }
            let left = try area.united().without(piece)
            if !Jurisdiction.isBeyond(SurfaceArea.squareMetres(of: left), of: SurfaceArea.squareMetres(of: area)) {
                whole.append(code)
            }
        }
        let coverage = try survey.coverage(of: .perimeter(name: "", area: piece), selected: EmptyCollection(), notLocated: 0)
        let names = coverage.communes.filter { $0.areaShare.map { $0 > 1e-6 } ?? true }.map(\.name)
        return (whole.isEmpty ? drawn : .union([drawn, .communes(whole)]), names)
    }
}

extension Zone {
    /// Communes that it takes as wholes, by today's codes.
    fileprivate var namedCommunes: [CommuneCode] {
        switch self {
        case .communes(let codes, nil): codes
        case .union(let zones): zones.flatMap(\.namedCommunes)
        case .certainly(let zone): zone.namedCommunes
        default: []
        }
    }

    /// The zone with its circles drawn around, not within: a polygon inside one would lose who lives at its edge. What is
    /// taken away stays within.
    fileprivate func drawnAround() throws -> Zone {
        func around(_ centre: Position<WGS84>, _ radius: Double) throws -> Zone {
            let wider = radius / cos(.pi / Double(Self.corners)) * 1.000_01
            return .perimeter(
                name: "", area: try GeodesicCircle(centre: centre, radiusMetres: wider).outline(vertices: Self.corners))
        }
        return switch self {
        case .circle(let centre, let radius): try around(centre, radius)
        case .widened(.circle(let centre, let radius), let metres): try around(centre, radius + metres)
        case .union(let zones): .union(try zones.map { try $0.drawnAround() })
        case .intersection(let zones): .intersection(try zones.map { try $0.drawnAround() })
        case .certainly(let zone): .certainly(try zone.drawnAround())
        case .difference(let zone, let except): .difference(try zone.drawnAround(), except: except)
        default: self
        }
    }

    private static let corners = 360
}

extension Area where CRS == WGS84 {
    fileprivate func united() throws -> Area { isEmpty ? self : try Overlay.union(try Repair.repaired(self).area) }
    fileprivate func without(_ other: Area) throws -> Area { isEmpty || other.isEmpty ? self : try Overlay.difference(self, other) }
    fileprivate func within(_ other: Area) throws -> Area {
        isEmpty || other.isEmpty ? Area([]) : try Overlay.intersection(self, other)
    }
}
