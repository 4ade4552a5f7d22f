import AlertModel

/// Figures and words as a French report writes them.
enum FrenchText {
    /// Between thousands, and before a percent sign: narrow, and no place to break a line.
    private static let space = "\u{202F}"

    /// `12 345`; `inconnu` when there is none.
    static func integer(_ value: Double?) -> String {
        guard let value, value.isFinite, value.magnitude < 1e15 else { return "inconnu" }
        return integer(Int(value.rounded()))
    }

    static func integer(_ value: Int) -> String {
        var groups: [String] = []
        var rest = abs(value)
        while rest >= 1000 {
            groups.insert(String(1000 + rest % 1000).dropFirst().description, at: 0)
            rest /= 1000
        }
        groups.insert(String(rest), at: 0)
        return (value < 0 ? "−" : "") + groups.joined(separator: space)
    }

    /// `12,3 %`; `–` when there is none.
    static func percent(_ share: Double?) -> String {
        guard let share, share.isFinite, share.magnitude < 1e6 else { return "–" }
        let tenths = Int((share * 1000).rounded())
        return (tenths < 0 ? "−" : "") + "\(abs(tenths) / 10),\(abs(tenths) % 10)\(space)%"
    }

    /// `+1,2 pt`; `=` when nothing moved, `–` when it is not known.
    static func points(_ difference: Double?) -> String {
        guard let difference, difference.isFinite, difference.magnitude < 1e6 else { return "–" }
        let tenths = Int((difference * 1000).rounded())
        if tenths == 0 { return "=" }
        return "\(tenths > 0 ? "+" : "−")\(abs(tenths) / 10),\(abs(tenths) % 10)\(space)pt"
    }

    static func duration(_ seconds: Double?) -> String {
        guard let seconds, seconds.isFinite else { return "débit inconnu" }
        let whole = Int(min(seconds.rounded(.up), 1e9))
        if whole < 60 { return "\(whole)\(space)s" }
        if whole < 3600 { return "\(whole / 60)\(space)min" + (whole % 60 > 0 ? " \(whole % 60)\(space)s" : "") }
        return "\(integer(whole / 3600))\(space)h \(whole % 3600 / 60)\(space)min"
    }

    private static let months = [
        "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
        "décembre",
    ]

    /// `22 novembre 2026`, of a day such as `2026-11-22`.
    static func day(_ text: some StringProtocol) -> String {
        let parts = text.prefix(10).split(separator: "-").compactMap { Int($0) }
        guard parts.count == 3, (1...12).contains(parts[1]) else { return String(text) }
        return "\(parts[2] == 1 ? "1er" : "\(parts[2])") \(months[parts[1] - 1]) \(parts[0])"
    }

    static func channel(_ channel: Channel) -> String {
        switch channel {
        case .sms: "SMS"
        case .voice: "Appel"
        case .email: "Courriel"
        case .fax: "Télécopie"
        }
    }

    static func precision(_ precision: Precision) -> String {
        switch precision {
        case .given: "coordonnées données"
        case .houseNumber: "numéro"
        case .street: "voie"
        case .locality: "lieu-dit"
        case .commune: "commune seule"
        case .notLocated: "non localisés"
        }
    }
}
