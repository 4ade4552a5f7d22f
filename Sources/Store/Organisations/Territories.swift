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
}

extension AlertDatabase {
    /// The territory of an organisation: what it has settled, or else what its code names: the commune, the communes of the
    /// intercommunalité, the department.
    ///
    /// - Returns: nil for an organisation that has settled none and has no code.
    /// - Throws: `StoreError.unknownTerritory` when its code names nothing that is loaded: what lies outside is then not
    ///   known, and must not be taken for inside.
    package func territory(of organisation: OrganisationID) throws -> OrganisationTerritory? {
        try pool.read { try $0.knownTerritory(of: organisation) }
    }

    /// How much of an organisation's territory lies outside that of the nearest organisation above it that has one, in m²;
    /// nil when one of the two is not known.
    package func squareMetresOutsideParent(of organisation: OrganisationID) throws -> Double? {
        try pool.read { database in
            let line = try database.lineage(of: organisation).compactMap { try database.organisationIfAny($0) }
            guard let own = try line.first.flatMap({ try database.territory(of: $0) }) else { return nil }
            guard let above = try line.dropFirst().lazy.compactMap({ try database.territory(of: $0) }).first else { return nil }
            let survey = database.coverageSurvey(RegisterReader(database: database, scope: .organisation(organisation)))
            guard let inner = try survey.surface(of: own.zone), let outer = try survey.surface(of: above.zone) else { return nil }
            let (ground, around) = (try Self.union(inner), try Self.union(outer))
            guard !ground.isEmpty else { return 0 }
            guard !around.isEmpty else { return SurfaceArea.squareMetres(of: ground) }
            return SurfaceArea.squareMetres(of: try Overlay.difference(ground, around))
        }
    }

    private static func union(_ area: Area<WGS84>) throws -> Area<WGS84> {
        area.isEmpty ? area : try Overlay.union(try Repair.repaired(area).area)
    }
}

extension Database {
    /// As `AlertDatabase.territory(of:)`, within the caller's transaction.
    func knownTerritory(of organisation: OrganisationID) throws -> OrganisationTerritory? {
        guard let own = try organisationIfAny(organisation) else { return nil }
        if let known = try territory(of: own) { return known }
        guard let code = own.code else { return nil }
        throw StoreError.unknownTerritory(name: own.name, code: code)
    }

    /// Nil when it has settled none and its code names nothing that is loaded.
    func territory(of organisation: Organisation) throws -> OrganisationTerritory? {
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
