import Campaigns
import GeoModel
import Store
import Targeting

/// What a territory leaves of a zone, in words.
enum TerritoryWords {
    static func left(out cut: TerritoryCut) -> String {
        let communes = cut.communes.prefix(5).joined(separator: ", ")
            + (cut.communes.count > 5 ? " and \(cut.communes.count - 5) more" : "")
        let ground = cut.outsideSquareMetres.map { " \(GuardFinding.squareKilometres($0)) km²" } ?? ""
        return "the zone is cut to the territory (\(cut.territory.label)): left out are\(ground) in \(communes), and "
            + "\(cut.recipients) recipients of the register"
    }
}
