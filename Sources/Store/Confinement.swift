import AlertModel
import Dispatching
import GRDB
import Targeting

/// The database as one mode's console is given it: no campaign of the other mode is launched, steered or changed through
/// it, whatever is asked for and whoever asks.
extension AlertDatabase {
    package func confined(to mode: CampaignMode) -> AlertDatabase {
        var confined = self
        confined.confinement = mode
        return confined
    }

    /// - Throws: `LedgerError.otherMode`.
    func require(_ mode: CampaignMode) throws {
        if let confinement, confinement != mode { throw LedgerError.otherMode(confinement) }
    }

    /// A campaign of the other mode is answered as none, as it is when another organisation's.
    ///
    /// - Throws: `LedgerError.unknownCampaign`.
    func requireMode(of id: CampaignID, in database: Database) throws {
        guard let confinement else { return }
        let word = try String.fetchOne(database, sql: "SELECT mode FROM campaigns WHERE id = ?", arguments: [id.rawValue])
        guard word == confinement.rawValue else { throw LedgerError.unknownCampaign(id) }
    }
}

extension Database {
    /// Nobody was reached by an exercise: whom one “reached” is not whom something real corrects, nor the other way round.
    ///
    /// - Throws: `StoreError.campaignOfOtherMode`.
    func requireCampaigns(of zone: Zone, in mode: CampaignMode) throws {
        for case .members(.campaign(let id, _)) in zone.terms {
            let word = try String.fetchOne(self, sql: "SELECT mode FROM campaigns WHERE id = ?", arguments: [id.rawValue])
            guard word == nil || word == mode.rawValue else {
                throw StoreError.campaignOfOtherMode(id: id.rawValue, mode: mode)
            }
        }
    }
}
