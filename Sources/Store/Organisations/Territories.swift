import AlertModel
import Foundation
import GRDB
import GeoEngine
import GeoModel
import Targeting

/// The ground an organisation answers for.
package struct OrganisationTerritory: Sendable, Hashable {
    /// Communes, departments and intercommunalités.
    package let zone: Zone
    /// Whether it was settled (`guards territory`); otherwise the organisation's code gives it.
    package let isSettled: Bool
    /// Whether it is that of an organisation above, since the organisation has neither settled one nor a code.
    package var isInherited = false
}

extension AlertDatabase {
    /// The territory of an organisation: what it has settled, or else what its code names: the commune, the communes of the
    /// intercommunalité, the department. An organisation that has neither takes that of the nearest above it that has one: a
    /// service of a commune alerts on the commune's ground, and no further.
    ///
    /// - Returns: nil when nobody up to the top has settled one or has a code.
    /// - Throws: `StoreError.unknownTerritory` when the code names nothing that is loaded: what lies outside is then not
    ///   known, and must not be taken for inside.
    package func territory(of organisation: OrganisationID) throws -> OrganisationTerritory? {
        try pool.read { try $0.knownTerritory(of: organisation) }
    }

    /// How much of an organisation's territory lies outside that of the nearest organisation above it that has one, in m²;
    /// nil when one of the two is not known.
    package func squareMetresOutsideParent(of organisation: OrganisationID) throws -> Double? {
        try pool.read { database in
            let line = try database.lineage(of: organisation).compactMap { try database.organisationIfAny($0) }
            guard let own = try line.first.flatMap({ try database.ownTerritory(of: $0) }) else { return nil }
            guard let above = try line.dropFirst().lazy.compactMap({ try database.ownTerritory(of: $0) }).first else { return nil }
            return try database.squareMetres(of: own.zone, outside: above.zone, for: organisation)
        }
    }

    /// Boundaries of one commune in two files differ by metres: less than this much ground outside another is none.
    package static let notableSquareMetres = 100_000.0

    /// Holds a territory that an account settles for an organisation below its own to that account's own ground: whoever may
    /// alert on one commune may not make somebody who alerts on another.
    ///
    /// - Parameter account: the account's organisation; nil for the machine's administrator, who is held to nothing.
    /// - Throws: `StoreError.invalidOrganisation`; `.unknownTerritory` when the account's own is not loaded.
    package func requireGround(_ zone: Zone, within account: OrganisationID?) throws {
        guard let account else { return }
        try pool.read { try $0.requireGround(zone, within: account) }
    }
}

extension Database {
    /// As `AlertDatabase.territory(of:)`, within the caller's transaction.
    func knownTerritory(of organisation: OrganisationID) throws -> OrganisationTerritory? {
        guard let holder = try territoryHolder(of: organisation) else { return nil }
        if let known = try territory(ofHolder: holder, for: organisation) { return known }
        guard let code = holder.code else { return nil }
        throw StoreError.unknownTerritory(name: holder.name, code: code)
    }

    /// As `knownTerritory(of:)`, but nil when the code names nothing that is loaded.
    func territory(of organisation: Organisation) throws -> OrganisationTerritory? {
        try territoryHolder(of: organisation.id).flatMap { try territory(ofHolder: $0, for: organisation.id) }
    }

    /// m² of a zone that lie outside another; nil when one of the two has no surface that is known.
    fileprivate func squareMetres(of inner: Zone, outside outer: Zone, for organisation: OrganisationID) throws -> Double? {
        let survey = coverageSurvey(RegisterReader(database: self, scope: .organisation(organisation)))
        guard let inner = try survey.surface(of: inner), let outer = try survey.surface(of: outer) else { return nil }
        let (ground, around) = (try Self.union(inner), try Self.union(outer))
        guard !ground.isEmpty else { return 0 }
        guard !around.isEmpty else { return SurfaceArea.squareMetres(of: ground) }
        return SurfaceArea.squareMetres(of: try Overlay.difference(ground, around))
    }

    private static func union(_ area: Area<WGS84>) throws -> Area<WGS84> {
        area.isEmpty ? area : try Overlay.union(try Repair.repaired(area).area)
    }

    /// As `AlertDatabase.requireGround`, for what a code names.
    ///
    /// - Throws: `StoreError.invalidOrganisation` also when the code names nothing that is loaded: it cannot be judged then.
    func requireGround(code: String?, of kind: OrganisationKind, within account: OrganisationID?) throws {
        guard let code, let account, try knownTerritory(of: account) != nil else { return }
        let draft = Organisation(id: OrganisationID(rawValue: 0), name: "", kind: kind, code: code, parent: nil)
        guard let zone = try territoryByCode(draft) else {
            throw StoreError.invalidOrganisation(
                reason: "“\(code)” names nothing that is loaded, so nobody can tell whether it lies on your organisation's ground: ask "
                    + "the machine's administrator to import its communes, or leave the code out")
        }
        try requireGround(zone, within: account)
    }

    fileprivate func requireGround(_ zone: Zone, within account: OrganisationID) throws {
        guard let own = try knownTerritory(of: account) else { return }
        guard let outside = try squareMetres(of: zone, outside: own.zone, for: account),
            outside < AlertDatabase.notableSquareMetres
        else {
            throw StoreError.invalidOrganisation(
                reason: "that ground reaches beyond your organisation's own territory: an administrator of the organisation above it, "
                    + "or the machine's, may settle it")
        }
    }

    /// The nearest that has settled a territory or has a code, the organisation first.
    private func territoryHolder(of organisation: OrganisationID) throws -> Organisation? {
        for id in try lineage(of: organisation) {
            guard let place = try organisationIfAny(id) else { continue }
            if try place.code != nil || effectiveSetting(.territory, of: id) != nil { return place }
        }
        return nil
    }

    private func territory(ofHolder holder: Organisation, for organisation: OrganisationID) throws -> OrganisationTerritory? {
        var territory = try ownTerritory(of: holder)
        territory?.isInherited = holder.id != organisation
        return territory
    }

    /// What an organisation has settled, or its own code names; nil when that is nothing, or not loaded.
    fileprivate func ownTerritory(of organisation: Organisation) throws -> OrganisationTerritory? {
        if let text = try effectiveSetting(.territory, of: organisation.id) {
            return OrganisationTerritory(zone: try ZoneDocument.decode(Array(text.utf8)), isSettled: true)
        }
        return try territoryByCode(organisation).map { OrganisationTerritory(zone: $0, isSettled: false) }
    }

    private func territoryByCode(_ organisation: Organisation) throws -> Zone? {
        guard let code = organisation.code else { return nil }
        // No register has a say in what is an organisation's ground.
        let nobody = RegisterScope.organisation(OrganisationID(rawValue: 0))
        switch organisation.kind {
        case .commune:
            guard let commune = CommuneCode(code), try !places(of: commune).isEmpty else { return nil }
            return .communes([commune])
        case .epci:
            do {
                return try communes(ofEPCI: code, scope: nobody).isEmpty ? nil : .epci(code)
            } catch StoreError.unknownEPCI {
                return nil
            }
        case .prefecture: return try departmentCodes(code, scope: nobody).isEmpty ? nil : .department(code)
        case .service: return nil
        }
    }
}
