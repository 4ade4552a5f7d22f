import AlertModel

/// What a launch would do, in one French paragraph.
enum PreviewSentence {
    static func text(_ preview: CampaignPreview, mode: CampaignMode) -> String {
        let counts = preview.counts
        let place =
            switch (preview.communes.first, preview.communesTotal) {
            case (nil, _): ""
            case (let first?, 2...):
                " à \(first) et \(number(preview.communesTotal - 1, "autre commune", "autres communes"))"
            case (let first?, _): " à \(first)"
            }
        var sentences: [String] = []
        switch mode {
        case .exercise:
            let recipients = number(counts.recipients, "destinataire", "destinataires")
            sentences.append("EXERCICE : \(recipients)\(place) ; tout est simulé, personne ne recevra rien.")
        case .real:
            let recipients = number(counts.recipients, "destinataire sera alerté", "destinataires seront alertés")
            sentences.append("RÉEL : \(recipients)\(place).")
        }
        if counts.possible > 0 {
            let uncertain = "dont la position n’est pas certaine"
            sentences.append("Dont \(number(counts.possible, uncertain, uncertain)).")
        }
        let legs = Channel.allCases.compactMap { channel -> String? in
            guard let count = preview.legs[channel], count > 0 else { return nil }
            return phrase(channel, count)
        }
        if !legs.isEmpty { sentences.append("Envois : \(legs.joined(separator: ", ")).") }
        if counts.unreachable > 0 {
            sentences.append(
                "\(number(counts.unreachable, "destinataire n’a", "destinataires n’ont")) aucune coordonnée.")
        }
        if !preview.unavailable.isEmpty {
            let names = preview.unavailable.map(name).joined(separator: ", ")
            sentences.append("Sans passerelle, donc non utilisé : \(names).")
        }
        return sentences.joined(separator: " ")
    }

    private static func phrase(_ channel: Channel, _ count: Int) -> String {
        switch channel {
        case .sms: number(count, "SMS", "SMS")
        case .voice: number(count, "appel vocal", "appels vocaux")
        case .email: number(count, "courriel", "courriels")
        case .fax: number(count, "télécopie", "télécopies")
        }
    }

    private static func name(_ channel: Channel) -> String {
        switch channel {
        case .sms: "SMS"
        case .voice: "appel vocal"
        case .email: "courriel"
        case .fax: "télécopie"
        }
    }

    /// A count as French writes it: groups of three with narrow spaces; zero and one are singular.
    static func number(_ count: Int, _ singular: String, _ plural: String) -> String {
        var digits = String(abs(count))
        var groups: [String] = []
        while digits.count > 3 {
            groups.insert(String(digits.suffix(3)), at: 0)
            digits.removeLast(3)
        }
        groups.insert(digits, at: 0)
        return "\(count < 0 ? "−" : "")\(groups.joined(separator: "\u{202F}")) \(count < 2 ? singular : plural)"
    }
}
