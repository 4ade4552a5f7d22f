import Campaigns
import Console

extension GuardFinding {
    /// For the console's operator.
    var french: String {
        func number(_ text: String) -> String { text.replacing(".", with: ",") }
        return switch rail {
        case .empty: "Aucun destinataire du registre dans cette zone."
        case .largerThanTerritory:
            "La zone (\(number(Self.squareKilometres(found))) km²) est plus grande que le territoire de l’organisme "
                + "(\(number(Self.squareKilometres(limit))) km²)."
        case .outsideTerritory: "\(number(Self.percent(found))) % de la zone sont hors du territoire de l’organisme."
        case .registerShare:
            "\(number(Self.percent(found))) % du registre seraient alertés, plus de \(number(Self.percent(limit))) %."
        case .farFromPopulation:
            "\(number(Self.ratio(found))) destinataires par habitant de la zone : "
                + (found > limit ? "plus" : "moins") + " de \(number(Self.ratio(limit)))."
        case .freeText: "Le texte a été écrit pour l’occasion."
        case .largeAudience:
            "\(Int(found)) destinataires : au-delà de \(Int(limit)), une personne seule ne suffit pas."
        case .alreadyAlerted:
            "\(Int(found)) de ces personnes sont déjà dans l’alerte de la campagne \(names(" et "))."
        }
    }
}

extension GuardNotice {
    init(_ finding: GuardFinding) {
        self.init(code: finding.rail.rawValue, consequence: finding.consequence.rawValue, message: finding.french)
    }
}
