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

    /// The quiet hours an information campaign of the organisation has; nil where it is never quiet.
    /// - Parameter asked: the campaign's own, which win.
    package func quietHours(ofOrganisationNamed name: String, asked: QuietPattern? = nil) throws -> QuietHours? {
        try pool.read { database in
            QuietHours(
                try asked ?? database.quietPattern(ofOrganisationNamed: name),
                clock: try database.localClock(ofOrganisationNamed: name))
        }
    }
}

extension Database {
    fileprivate func quietPattern(ofOrganisationNamed name: String) throws -> QuietPattern {
        try effectiveSetting(.quiet, ofOrganisationNamed: name).map { try QuietPattern($0) } ?? .standard
    }

    func localClock(ofOrganisationNamed name: String) throws -> LocalClock {
        if let zone = try setting(.timeZone, ofOrganisationNamed: name), let clock = LocalClock(zone) { return clock }
        var votes: [LocalClock: Int] = [:]
        if let organisation = try organisationIfAny(named: name), let territory = try territory(of: organisation) {
            for term in territory.zone.terms {
                switch term {
                case .communes(let codes, _):
                    for code in codes { votes[.french(code.rawValue), default: 0] += 1 }
                case .department(let code): votes[.french(code), default: 0] += 1
                case .epci(let siren):
                    for code in try String.fetchAll(
                        self, sql: "SELECT code FROM current_communes WHERE epci = ? ORDER BY code", arguments: [siren])
                    {
                        votes[.french(code), default: 0] += 1
                    }
                default: break
                }
            }
        }
        if votes.isEmpty {
            let rows = try Row.fetchAll(
                self, sql: "SELECT substr(code, 1, 3) AS place, COUNT(*) AS number FROM communes GROUP BY 1 ORDER BY 1")
            for row in rows { votes[.french(row["place"]), default: 0] += row["number"] }
        }
        return votes.max { ($0.value, $1.key.zone) < ($1.value, $0.key.zone) }?.key ?? .paris
    }
}
