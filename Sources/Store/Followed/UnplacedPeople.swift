import AlertModel
import GRDB
import GeoModel
import Synchronization
import Targeting

/// Whom a campaign's zone could not place, as the register is now: selected once for all the pages of a list, and kept for as long
/// as nothing changes that a zone asks about.
enum UnplacedPeople {
    private struct Key: Hashable {
        let path: String
        let campaign: CampaignID
        let scope: RegisterScope
    }

    /// The last used at the end.
    private static let latest = Mutex<[(key: Key, mark: [Int64], ids: [Int64])]>([])
    private static let mostKept = 8

    /// Their numbers in the register, in order.
    ///
    /// - Throws: as `Selector.select`; `LedgerError.unknownCampaign`.
    static func current(of campaign: CampaignID, scope: RegisterScope, _ database: Database) throws -> [Int64] {
        guard let text = try String.fetchOne(database, sql: "SELECT zone FROM campaigns WHERE id = ?", arguments: [campaign.rawValue])
        else { throw LedgerError.unknownCampaign(campaign) }
        let zone = try ZoneDocument.decode(Array(text.utf8))
        // The mark does not tell who is on a list.
        let namesPeople = zone.terms.contains { if case .members = $0 { true } else { false } }
        let key = Key(path: database.filePath, campaign: campaign, scope: scope)
        let mark = try database.joiningMark()
        if !namesPeople, let known = latest.withLock({ $0.last { $0.key == key && $0.mark == mark } }) { return known.ids }
        guard let lasting = try database.withoutListsGone(zone, scope: scope) else { return [] }
        let ids = try Selector(register: RegisterReader(database: database, scope: scope)).select(lasting)
            .entries.lazy.filter { $0.verdict == .notLocated }.map(\.recipient.rawValue).sorted()
        if !namesPeople, !key.path.isEmpty {
            latest.withLock { latest in
                latest.removeAll { $0.key == key }
                latest.append((key, mark, ids))
                if latest.count > mostKept { latest.removeFirst() }
            }
        }
        return ids
    }

    /// Forgets a file's people: another file may have its name.
    static func forget(path: String) { latest.withLock { $0.removeAll { $0.key.path == path } } }
}

extension Database {
    /// A zone without the lists in it that are gone, those of people who were alerted once among them: a list finds nobody whom it
    /// cannot place. Nil when nothing else is in it. What a list that is gone would limit or leave out stays as it was written.
    fileprivate func withoutListsGone(_ zone: Zone, scope: RegisterScope) throws -> Zone? {
        switch zone {
        case .members(.list(let name)):
            do { _ = try zoneList(named: name, scope: scope) } catch StoreError.unknownList { return nil }
            return zone
        case .certainly(let zone): return try withoutListsGone(zone, scope: scope).map { .certainly($0) }
        case .difference(let zone, let except): return try withoutListsGone(zone, scope: scope).map { .difference($0, except: except) }
        case .union(let zones):
            let left = try zones.compactMap { try withoutListsGone($0, scope: scope) }
            return left.isEmpty ? nil : .union(left)
        case .perimeter, .circle, .communes, .department, .epci, .members, .widened, .intersection: return zone
        }
    }
}
