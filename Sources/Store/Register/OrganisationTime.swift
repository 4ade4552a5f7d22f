import AlertModel
import Foundation
import GRDB
import GeoModel
import Targeting

/// By which clock an organisation lives, and when its information waits.
extension AlertDatabase {
    /// The clock that was settled; else that of most communes of its territory, or of those loaded; else Paris's.
    package func localClock(ofOrganisationNamed name: String) throws -> LocalClock {
        try pool.read { try $0.localClock(ofOrganisationNamed: name) }
    }

    /// What the organisation has settled, or the standard.
    package func quietPattern(ofOrganisationNamed name: String) throws -> QuietPattern {
        try pool.read { try $0.quietPattern(ofOrganisationNamed: name) }
    }

    /// The quiet hours an information campaign of the organisation has; nil where it is never quiet. Where all of its
    /// territory lies in Moselle, Bas-Rhin and Haut-Rhin, holidays are theirs.
    /// - Parameter asked: the campaign's own, which win.
    package func quietHours(ofOrganisationNamed name: String, asked: QuietPattern? = nil) throws -> QuietHours? {
        try pool.read { database in
            let pattern = try asked ?? database.quietPattern(ofOrganisationNamed: name)
            let isLocal = try pattern.holidays && database.hasLocalLaw(organisationNamed: name)
            return QuietHours(
                isLocal ? pattern.inAlsaceMoselle : pattern, clock: try database.localClock(ofOrganisationNamed: name))
        }
    }
}

extension Database {
    fileprivate func quietPattern(ofOrganisationNamed name: String) throws -> QuietPattern {
        try effectiveSetting(.quiet, ofOrganisationNamed: name).map { try QuietPattern($0) } ?? .standard
    }

    fileprivate func localClock(ofOrganisationNamed name: String) throws -> LocalClock {
        if let zone = try setting(.timeZone, ofOrganisationNamed: name), let clock = LocalClock(zone) { return clock }
        var votes: [LocalClock: Int] = [:]
        for (code, communes) in try places(ofOrganisationNamed: name) { votes[.french(code), default: 0] += communes }
        return votes.max { ($0.value, $1.key.zone) < ($1.value, $0.key.zone) }?.key ?? .paris
    }

    fileprivate func hasLocalLaw(organisationNamed name: String) throws -> Bool {
        let places = try places(ofOrganisationNamed: name)
        return !places.isEmpty && places.allSatisfy { FrenchHoliday.hasLocalLaw($0.code) }
    }

    /// Codes that tell where an organisation is, each with the communes it stands for: of its territory, or of all that is
    /// loaded where that names none.
    private func places(ofOrganisationNamed name: String) throws -> [(code: String, communes: Int)] {
        var places: [(code: String, communes: Int)] = []
        if let organisation = try organisationIfAny(named: name), let territory = try territory(of: organisation) {
            for term in territory.zone.terms {
                switch term {
                case .communes(let codes, _): places += codes.map { ($0.rawValue, 1) }
                case .department(let code): places.append((code, 1))
                case .epci(let siren):
                    places += try String.fetchAll(
                        self, sql: "SELECT code FROM current_communes WHERE epci = ? ORDER BY code", arguments: [siren]
                    ).map { ($0, 1) }
                default: break
                }
            }
        }
        guard places.isEmpty else { return places }
        return try Row.fetchAll(
            self, sql: "SELECT substr(code, 1, 3) AS place, COUNT(*) AS number FROM communes GROUP BY 1 ORDER BY 1"
        ).map { ($0["place"], $0["number"]) }
    }
}
