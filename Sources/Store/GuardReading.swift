import AlertModel
import Campaigns
import Foundation
import GRDB
import GRDBSQLite
import GeoEngine
import GeoModel
import Targeting

extension AlertDatabase {
    /// An organisation's guard rails; the standard ones where it has settled none.
    package func guardPolicy(ofOrganisationNamed name: String) throws -> GuardPolicy {
        try pool.read { try $0.guardPolicy(ofOrganisationNamed: name) }
    }

    package func guardPolicy(of organisation: OrganisationID) throws -> GuardPolicy {
        try pool.read { try $0.guardPolicy(of: organisation) }
    }

    /// The territory an organisation has settled, or the one its code gives it, as a zone of communes; nil when neither is
    /// known.
    package func territory(ofOrganisationNamed name: String) throws -> Zone? {
        try pool.read { database in
            try database.organisationIfAny(named: name).flatMap { try database.territory(of: $0) }?.zone
        }
    }
}

extension Database {
    func guardPolicy(of organisation: OrganisationID) throws -> GuardPolicy {
        try guardPolicy(ofOrganisationNamed: organisationName(organisation))
    }

    fileprivate func guardPolicy(ofOrganisationNamed name: String) throws -> GuardPolicy {
        try effectiveSetting(.guards, ofOrganisationNamed: name).map { try GuardPolicy(text: $0) } ?? .standard
    }

    /// Judges an audience by its organisation's guard rails, within the caller's transaction.
    ///
    /// - Parameters:
    ///   - recipients: of the audience, in any order.
    ///   - charges: what the launch is expected to use of quotas.
    ///   - isLaunch: what only warns was said before, and is not looked for again while others wait to write.
    func guardFindings(
        of zone: Zone, _ recipients: some Collection<RecipientID>, scope: RegisterScope, for plan: CampaignPlan,
        charges: [Charge], isLaunch: Bool = false, now: UTCTime
    ) throws -> [GuardFinding] {
        let name = try organisationName(plan.organisation)
        let policy = try guardPolicy(ofOrganisationNamed: name)
        let owner = scope.condition(on: "organisation_id")
        var facts = GuardFacts(
            recipients: recipients.count,
            register: try Int.fetchOne(
                self, sql: "SELECT COUNT(*) FROM recipients WHERE \(owner.sql)", arguments: owner.arguments) ?? 0,
            mode: plan.mode, author: plan.circumstances.author, kind: plan.kind)
        facts.beside = try peopleOnce(among: recipients, scope: scope)
        if plan.mode == .real {
            facts.quotas = QuotaFinding.findings(try quotaLevels(over: plan.organisation, now: now), charges)
        }
        let survey = coverageSurvey(RegisterReader(database: self, scope: scope))
        facts.population = try survey.coverage(of: zone, selected: EmptyCollection(), notLocated: 0).figures.population
        if let territory = try organisationIfAny(plan.organisation).flatMap({ try self.territory(of: $0) })?.zone,
            let surface = try survey.surface(of: zone),
            let ground = try survey.surface(of: territory)
        {
            let (own, all) = (try Self.union(surface), try Self.union(ground))
            facts.squareMetres = SurfaceArea.squareMetres(of: own)
            facts.territorySquareMetres = SurfaceArea.squareMetres(of: all)
            facts.outsideSquareMetres = all.isEmpty
                ? facts.squareMetres
                : own.isEmpty ? 0 : SurfaceArea.squareMetres(of: try Overlay.difference(own, all))
        }
        if policy.consequence(of: .alreadyAlerted) > (isLaunch ? .warn : .none) {
            facts.alreadyAlerted = try alreadyAlerted(
                recipients, of: zone, for: plan, since: now.advanced(bySeconds: -3600 * policy.alreadyAlertedHours))
        }
        return policy.findings(facts)
    }

    /// Who of an alert's audience is in other alerts of the organisation, and not given up there.
    private func alreadyAlerted(
        _ recipients: some Collection<RecipientID>, of zone: Zone, for plan: CampaignPlan, since: UTCTime
    ) throws -> (people: Int, campaigns: [CampaignID]) {
        // A correction, or an all-clear, names the campaign it goes back to.
        let named = Set(zone.terms.compactMap { term in
            if case .members(.campaign(let id, _)) = term { id } else { nil }
        })
        guard plan.kind == .alert else { return (0, []) }
        let latest = try Int64.fetchAll(
            self, sql: """
                SELECT id FROM campaigns
                WHERE organisation_id = ? AND mode = ? AND kind = 'alert' AND created_at > ? AND request_key <> ?
                ORDER BY id DESC LIMIT \(Self.mostEarlierAlerts)
                """,
            arguments: [
                plan.organisation.rawValue, plan.mode.rawValue, since.millisecondsSince1970, plan.requestKey,
            ]
        ).map { CampaignID(rawValue: $0) }.filter { !named.contains($0) }
        guard !latest.isEmpty else { return (0, []) }
        let audience = Set(recipients.lazy.map(\.rawValue))
        var people: Set<Int64> = []
        var campaigns: [CampaignID] = []
        for campaign in latest {
            var isRepeated = false
            try forEachRawRow(
                """
                SELECT recipient_id FROM deliveries INDEXED BY deliveries_by_campaign
                WHERE campaign_id = ? AND recipient_id IS NOT NULL
                    AND (state = 'pending' OR state = 'passed' OR state = 'answered' OR state = 'acknowledged')
                """, [campaign.rawValue]
            ) { row in
                let recipient = sqlite3_column_int64(row, 0)
                guard audience.contains(recipient) else { return }
                isRepeated = true
                people.insert(recipient)
            }
            if isRepeated { campaigns.append(campaign) }
        }
        return (people.count, campaigns)
    }

    /// Of one day; each is read whole.
    private static var mostEarlierAlerts: Int { 20 }

    /// Polygons that overlap count once; communes of one file may not be valid.
    private static func union(_ area: Area<WGS84>) throws -> Area<WGS84> {
        area.isEmpty ? area : try Overlay.union(try Repair.repaired(area).area)
    }
}
