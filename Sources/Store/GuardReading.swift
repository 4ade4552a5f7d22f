import AlertModel
import Campaigns
import Foundation
import GRDB
import GeoEngine
import GeoModel
import Targeting

extension AlertDatabase {
    /// An organisation's guard rails; the standard ones where it has settled none.
    package func guardPolicy(ofOrganisationNamed name: String) throws -> GuardPolicy {
        try pool.read { try $0.guardPolicy(ofOrganisationNamed: name) }
    }

    /// The territory an organisation has settled, as a zone of communes; nil when it has not.
    package func territory(ofOrganisationNamed name: String) throws -> Zone? {
        try pool.read { try $0.territory(ofOrganisationNamed: name) }
    }
}

extension Database {
    fileprivate func guardPolicy(ofOrganisationNamed name: String) throws -> GuardPolicy {
        try setting(.guards, ofOrganisationNamed: name).map { try GuardPolicy(text: $0) } ?? .standard
    }

    fileprivate func territory(ofOrganisationNamed name: String) throws -> Zone? {
        try setting(.territory, ofOrganisationNamed: name).map { try ZoneDocument.decode(Array($0.utf8)) }
    }

    /// Judges an audience by its organisation's guard rails, within the caller's transaction.
    func guardFindings(
        of zone: Zone, recipients: Int, scope: RegisterScope, organisation: OrganisationID
    ) throws -> [GuardFinding] {
        let name = try organisationName(organisation)
        let owner = scope.condition(on: "organisation_id")
        var facts = GuardFacts(
            recipients: recipients,
            register: try Int.fetchOne(
                self, sql: "SELECT COUNT(*) FROM recipients WHERE \(owner.sql)", arguments: owner.arguments) ?? 0)
        let survey = coverageSurvey(RegisterReader(database: self, scope: scope))
        facts.population = try survey.coverage(of: zone, selected: EmptyCollection(), notLocated: 0).figures.population
        if let territory = try territory(ofOrganisationNamed: name), let surface = try survey.surface(of: zone),
            let ground = try survey.surface(of: territory)
        {
            let (own, all) = (try Self.union(surface), try Self.union(ground))
            facts.squareMetres = SurfaceArea.squareMetres(of: own)
            facts.territorySquareMetres = SurfaceArea.squareMetres(of: all)
            facts.outsideSquareMetres = all.isEmpty
                ? facts.squareMetres
                : own.isEmpty ? 0 : SurfaceArea.squareMetres(of: try Overlay.difference(own, all))
        }
        return try guardPolicy(ofOrganisationNamed: name).findings(facts)
    }

    /// Polygons that overlap count once; communes of one file may not be valid.
    private static func union(_ area: Area<WGS84>) throws -> Area<WGS84> {
        area.isEmpty ? area : try Overlay.union(try Repair.repaired(area).area)
    }
}
