import AlertModel
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
        case .quota: quota?.french ?? "Un quota est épuisé."
        case .alreadyAlerted:
            "\(Int(found)) de ces personnes sont déjà dans l’alerte de la campagne \(names(" et "))."
        }
    }
}

extension QuotaFinding {
    /// For the console's operator.
    fileprivate var french: String {
        let quota = level.quota
        func words(_ amount: Int64) -> String { quota.measure.french(amount) }
        let name = "quota \(quota.period == .month ? "mensuel" : "annuel") de « \(level.name) » (\(words(quota.amount)))"
        guard let need else { return "Le \(name) compte de l’argent, et aucun tarif ne dit ce que coûte cet envoi." }
        guard isExceeded else { return "Avec cet envoi, \(percent) % du \(name) seraient utilisés." }
        return "Le \(name) est dépassé : il reste \(words(level.left)), cet envoi en demande \(words(need)). "
            + (level.above.map { "Un administrateur de « \($0) »" } ?? "L’administrateur de la machine") + " peut le relever."
    }
}

extension Quota.Measure {
    /// An amount as the console shows it.
    func french(_ amount: Int64) -> String {
        switch self {
        case .messages(.sms): "\(amount) SMS"
        case .messages(.email): "\(amount) e-mails"
        case .messages(.voice): "\(amount) appels"
        case .messages(.fax): "\(amount) télécopies"
        case .segments: "\(amount) segments SMS"
        case .money(let currency):
            Money(millionths: amount, currency: currency).amount.replacing(".", with: ",") + " " + currency
        }
    }
}

extension GuardNotice {
    init(_ finding: GuardFinding) {
        self.init(code: finding.rail.rawValue, consequence: finding.consequence.rawValue, message: finding.french)
    }
}
