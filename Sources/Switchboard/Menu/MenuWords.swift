import AlertModel
import Campaigns

/// What is said to an operator on the telephone, in French.
enum MenuWords {
    static let welcome = "Tocsin. "
    static let askCode = "Tapez votre code d'appel, puis dièse."
    static let askPIN = "Tapez votre code secret, puis dièse."
    static let refused = "Code refusé. "
    static let refusedForGood = "Code refusé. Au revoir."
    static let hello = "Bonjour. "
    static let goodbye = "Au revoir."
    static let askNumber = "Tapez le numéro du scénario, puis dièse. Dièse seul pour entendre la liste. Étoile pour revenir."
    static let nothingLeft = "Rien n'est parti. "
    static let undone = "Annulé : rien n'est parti. "
    static let noCampaign = "Aucune alerte n'est en cours. "
    static let callingBack = "Raccrochez : vous allez être rappelé."
    static let confirmStop = "Pour arrêter l'alerte pour de bon, tapez dièse. Toute autre touche la laisse partir."
    static let followKeys = " Pour réécouter, tapez 1. Pour suspendre ou reprendre, tapez 2. Pour arrêter, tapez 3. Étoile pour revenir."

    static let prepareRecording = "Parlez après le signal. Pour finir, tapez dièse."
    static let recordedKeys = "Pour garder ce message, tapez 1. Pour le redire, tapez 2. Étoile pour y renoncer."
    static let notKept = "Rien n'est gardé. "
    static let nothingHeard = "Rien n'a été entendu. "

    static func kept(_ name: String) -> String { "Message gardé sous le nom : \(name). Il se choisit depuis la console. " }

    static func menu(callsBack: Bool) -> String {
        "Pour lancer un scénario, tapez 1. Pour suivre une alerte en cours, tapez 2. Pour enregistrer un message, tapez 3. "
            + (callsBack ? "Pour être rappelé, tapez 9. " : "") + "Pour terminer, tapez 0."
    }

    static func list(_ scenarios: [NumberedScenario]) -> String {
        guard !scenarios.isEmpty else { return "Aucun scénario n'a de numéro. Étoile pour revenir." }
        return scenarios.map { "\($0.number) : \($0.name)\($0.mode == .exercise ? ", en exercice" : "")." }.joined(separator: " ")
            + " Tapez le numéro, puis dièse."
    }

    static func reading(_ reading: LaunchReading) -> String {
        let channels = reading.legs.filter { $0.value > 0 }.sorted { $0.key < $1.key }.map { "\($0.value) \(name($0.key, $0.value))" }
        let sentences = [
            reading.scenario.mode == .exercise ? "Exercice, qui ne joint personne." : "Alerte réelle.",
            "Scénario \(reading.scenario.number) : \(reading.scenario.name).", "Zone : \(reading.zone).",
            "\(people(reading.recipients)) : \(channels.joined(separator: ", ")).",
        ] + reading.notices + ["Message : \(reading.text)", confirmation(reading)]
        return sentences.joined(separator: " ")
    }

    static func wrongConfirmation(_ reading: LaunchReading) -> String {
        "Ce n'est pas le numéro du scénario : rien n'est parti. " + confirmation(reading)
    }

    private static func confirmation(_ reading: LaunchReading) -> String {
        "Pour lancer, tapez encore \(reading.scenario.number), puis dièse. Dièse seul pour réécouter. Étoile pour renoncer."
    }

    static func launched(_ campaign: LiveCampaign) -> String {
        campaign.mode == .exercise ? "Exercice lancé. Pour tout annuler, tapez zéro tout de suite." : "Alerte lancée. Pour tout annuler, tapez zéro tout de suite."
    }

    static func choice(_ campaigns: some Sequence<LiveCampaign>) -> String {
        campaigns.enumerated().map { "\($0.offset + 1) : \(title($0.element))." }.joined(separator: " ") + " Tapez son rang. Étoile pour revenir."
    }

    static func standing(_ standing: CampaignStanding, of campaign: LiveCampaign) -> String {
        let progress = standing.progress
        let reached = [DeliveryState.passed, .answered, .acknowledged].reduce(0) { $0 + progress.count($1) }
        let parts = [
            "\(reached) joint\(reached > 1 ? "es" : "e")", "\(progress.count(DeliveryState.acknowledged)) ont confirmé",
            "\(progress.count(DeliveryState.failed)) en échec", "\(progress.count(DeliveryState.unreachable)) sans coordonnée",
            "\(progress.count(DeliveryState.pending)) en attente",
        ]
        return "\(title(campaign)), \(word(standing.state)). Sur \(people(progress.recipients)) : \(parts.joined(separator: ", ")). "
    }

    static func refusal(_ refusal: SwitchboardRefusal) -> String {
        switch refusal {
        case .notPermitted: "Vous n'avez pas ce droit. "
        case .noSuchScenario: "Aucun scénario n'a ce numéro. "
        case .hasBlanks: "Ce scénario se complète au clavier : lancez-le depuis la console. "
        case .nobodyInside: "Personne du fichier n'est dans la zone : rien n'est parti. "
        case .secondPersonNeeded: "Il faut l'accord d'une seconde personne : demandez-le depuis la console. Rien n'est parti. "
        case .stopped: "Une règle de prudence l'arrête : voyez la console. Rien n'est parti. "
        case .channelUnavailable: "Aucune passerelle ne porte un de ses canaux. Rien n'est parti. "
        case .audienceChanged: "Le fichier vient de changer : rien n'est parti. Réécoutez le scénario. "
        case .tooLateToUndo: "Trop tard pour annuler : l'alerte part. Elle peut être arrêtée. "
        case .notPossible: "Ce n'est pas possible dans l'état où est cette alerte. "
        case .nothingHeard: nothingHeard
        case .failed: "Cela n'a pas pu être fait. Rien de plus n'est parti. "
        }
    }

    private static func title(_ campaign: LiveCampaign) -> String {
        (campaign.mode == .exercise ? "Exercice " : "Alerte ") + campaign.subject
    }

    private static func people(_ count: Int) -> String { "\(count) personne\(count > 1 ? "s" : "")" }

    private static func name(_ channel: Channel, _ count: Int) -> String {
        let plural = count > 1 ? "s" : ""
        return switch channel {
        case .sms: "S M S"
        case .voice: "appel\(plural)"
        case .email: "courriel\(plural)"
        case .fax: "fax"
        }
    }

    private static func word(_ state: CampaignState) -> String {
        switch state {
        case .running: "en cours"
        case .paused: "suspendue"
        case .completed: "terminée"
        case .stopped: "arrêtée"
        }
    }
}
