import AlertModel
import GeoModel
import Store
import Targeting

/// What a person should know of how a zone's codes were understood, said on standard error.
enum ZoneNotes {
    /// Mappings said one by one; a list of a whole region written with old codes has hundreds.
    private static let saidOneByOne = 20

    /// Says what the codes of a zone became.
    ///
    /// - Returns: the mappings, for documents that hold them too.
    @discardableResult
    static func say(_ zone: Zone, in store: AlertDatabase) throws -> [CommuneMapping] {
        let mappings = try store.mappings(of: zone)
        for mapping in mappings.prefix(saidOneByOne) { Terminal.say("note: \(mapping.words)") }
        if mappings.count > saidOneByOne {
            Terminal.say("note: and \(mappings.count - saidOneByOne) more: `tocsin territory resolve` lists them all")
        }
        for case .department(let code) in zone.terms {
            guard let today = try store.successors(ofDepartment: code, scope: Tenancy(store).scope(narrowedTo: nil)) else { continue }
            Terminal.say("note: department \(code) is no more: its communes are of \(today.joined(separator: ", ")) today")
        }
        return mappings
    }
}
