import AlertModel

/// How many may join a live alert without anybody looking.
package enum JoiningRules {
    /// A family that moves in, a duty officer's corrections: as many join whatever the campaign's size.
    package static let always = 20
    /// Of the audience that was approved: an import of a whole street joins, one of another town does not.
    package static let share = 0.1

    /// Whether it takes a person's word.
    /// - Parameters:
    ///   - joining: who would join now.
    ///   - joined: who joined without a word before: an import in pieces is one import.
    ///   - approved: recipients of the audience as launched.
    package static func needsWord(joining: Int, joined: Int, approved: Int) -> Bool {
        joining + joined > max(always, Int(Double(approved) * share))
    }
}
