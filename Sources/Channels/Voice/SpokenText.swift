import Telephony

/// What is said besides the message, in the languages that have it; French in all others.
enum SpokenText {
    static func text(_ piece: CallScript.Piece, language: String, leaves: Bool) -> String {
        let isEnglish = language == "en" || language.hasPrefix("en-")
        return switch piece {
        case .message: preconditionFailure("the message is the campaign's")
        case .instructions: isEnglish
            ? "To confirm that you have understood, press 1. To listen again, press 2." + (leaves ? " To receive no more information calls, press 9." : "")
            : "Pour confirmer que vous avez compris, tapez 1. Pour réécouter, tapez 2." + (leaves ? " Pour ne plus recevoir d'appels d'information, tapez 9." : "")
        case .confirmed: isEnglish ? "Thank you, your confirmation is recorded. Goodbye." : "Merci, votre confirmation est enregistrée. Au revoir."
        case .left: isEnglish
            ? "You will receive no more information calls. Alerts will still reach you. Goodbye."
            : "Vous ne recevrez plus d'appels d'information. Les alertes vous parviendront toujours. Au revoir."
        case .farewell: isEnglish ? "Goodbye." : "Au revoir."
        }
    }

    /// What an engine is asked to speak: the wording's language, or French.
    static func voice(of language: String) -> String { language.isEmpty ? "fr" : language.lowercased() }
}
