import AlertModel
import Campaigns
import GRDB
import GeoEngine
import GeoModel
import Targeting

/// What an organisation's territory leaves of a zone, and what it takes away.
package struct TerritoryCut: Sendable {
    /// As it is launched: within the territory.
    package let zone: Zone
    package let territory: Zone
    /// The ground that is taken away; nil when a boundary is missing to measure it.
    package let outsideSquareMetres: Double?
    /// Names of the communes on it, in the order of their codes.
    package let communes: [String]
    /// Of the register that the scope may count, those that are left out.
    package let recipients: Int
}

extension AlertDatabase {
    /// Limits a zone to an organisation's territory.
    ///
    /// - Returns: nil when the zone lies within it, names only people, or the organisation has no territory.
    /// - Throws: `LaunchError.outsideTerritory` when nothing of the zone would be left; and as `Selector.select`.
    package func territoryCut(of zone: Zone, for organisation: OrganisationID, scope: RegisterScope) throws -> TerritoryCut? {
        try zone.requireReasonableSize()
        return try pool.read { database in
            guard let ground = zone.ground, let territory = try database.knownTerritory(of: organisation)?.zone,
                try database.isBeyond(zone, territory, scope: scope)
            else { return nil }
            let cut = zone.cut(to: territory)
            let survey = database.coverageSurvey(RegisterReader(database: database, scope: scope))
            let left = try cut.ground.flatMap { try survey.surface(of: $0) }
            if let left, left.isEmpty, zone.isGroundAlone { throw LaunchError.outsideTerritory(wholly: true) }
            let outside = Zone.difference(ground, except: territory)
            let coverage = try survey.coverage(of: outside, selected: EmptyCollection(), notLocated: 0)
            let all = try database.counts(of: zone, scope: scope).recipients
            let kept = try database.counts(of: cut, scope: scope).recipients
            return TerritoryCut(
                zone: cut, territory: territory,
                outsideSquareMetres: try survey.surface(of: outside).map { SurfaceArea.squareMetres(of: $0) },
                // Neighbours touch along their border without sharing ground.
                communes: coverage.communes.filter { $0.areaShare.map { $0 > 1e-6 } ?? true }.map(\.name),
                recipients: max(0, all - kept))
        }
    }
}

extension Database {
    /// Whether a zone has ground outside of a territory, or has ground that can't be measured and is not cut.
    func isBeyond(_ zone: Zone, _ territory: Zone, scope: RegisterScope) throws -> Bool {
        guard let ground = zone.ground, !zone.isCut(to: territory) else { return false }
        let survey = coverageSurvey(RegisterReader(database: self, scope: scope))
        guard let own = try survey.surface(of: ground), let all = try survey.surface(of: territory) else { return true }
        guard !own.isEmpty else { return false }
        let surface = try Overlay.union(try Repair.repaired(own).area)
        let outside = all.isEmpty
            ? surface : try Overlay.difference(surface, try Overlay.union(try Repair.repaired(all).area))
        return Jurisdiction.isBeyond(
            outside.isEmpty ? 0 : SurfaceArea.squareMetres(of: outside), of: SurfaceArea.squareMetres(of: surface))
    }

    /// - Throws: `LaunchError.outsideTerritory` when a plan's zone reaches beyond its organisation's territory.
    func requireJurisdiction(of plan: CampaignPlan, zone: Zone, scope: RegisterScope) throws {
        guard let territory = try knownTerritory(of: plan.organisation)?.zone, try isBeyond(zone, territory, scope: scope) else { return }
        throw LaunchError.outsideTerritory(wholly: false)
    }
}
