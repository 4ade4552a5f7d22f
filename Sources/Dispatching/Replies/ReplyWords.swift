import AlertModel

/// Which words of an answer mean yes and which mean stop: an organisation's own, for everybody or for people of a language.
///
/// STOP, in the ways operators make people write it, always stops: the law and the operators ask for it, whatever an
/// organisation settles.
package struct ReplyWords: Hashable, Sendable {
    package enum Meaning: String, CaseIterable, Sendable { case yes, stop }

    /// Words of a meaning and language: more than people write.
    package static let most = 50
    /// Characters of a word.
    package static let longest = 30

    /// By the meaning, then by a BCP 47 tag in lower case; empty for everybody.
    private var words: [Meaning: [String: Set<String>]]

    package static let standard = ReplyWords(words: [
        .yes: ["": [
            "oui", "ui", "ouai", "ouais", "o", "ok", "okay", "oki", "daccord", "accord", "yes", "y", "1", "recu", "bienrecu",
            "compris", "vu", "lu",
        ]],
        .stop: ["": ["stop", "stopsms", "arret", "desabonnement", "desinscription", "unsubscribe"]],
    ])

    private init(words: [Meaning: [String: Set<String>]]) { self.words = words }

    static let alwaysStop: Set<String> = ["stop", "stopsms"]

    /// What somebody of a language may say: everybody's words, and those of the language or of the one it is a kind of.
    func spoken(_ meaning: Meaning, language: String) -> Set<String> {
        var spoken = words[meaning]?[""] ?? []
        let language = language.lowercased()
        for (tag, words) in words[meaning] ?? [:] where tag != "" && (tag == language || language.hasPrefix(tag + "-")) {
            spoken.formUnion(words)
        }
        return meaning == .stop ? spoken.union(Self.alwaysStop) : spoken
    }

    // MARK: As an operator settles them

    /// Why a change was refused. Safe to show: it quotes what the operator typed.
    package struct Fault: Error, Hashable, Sendable, CustomStringConvertible {
        package let description: String
    }

    /// Settles one meaning's words: `yes=oui,ok,1`, or `yes:es=si,vale` for people of a language; `yes:es=` unsettles it.
    package mutating func set(_ change: String) throws(Fault) {
        let halves = change.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let key = halves[0].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard halves.count == 2, let meaning = Meaning(rawValue: String(key[0])) else {
            throw Fault(description: "\(change.prefix(60)): yes=WORD,… or stop=WORD,… is due, or yes:es=WORD,… for a language")
        }
        let tag = key.count == 2 ? String(key[1]).lowercased() : ""
        guard key.count == 1 || MessageVariant.Use(language: tag, channel: nil) != nil else {
            throw Fault(description: "\(key[1].prefix(40)) is no language: es, pt-br and the like are")
        }
        var given: Set<String> = []
        for written in halves[1].split(separator: ",") {
            let folded = ReplyMeaning.words(String(written.prefix(Self.longest + 1)))
            guard folded.count == 1, written.count <= Self.longest else {
                throw Fault(description: "“\(written.prefix(40))” is not one word of at most \(Self.longest) characters")
            }
            given.insert(folded[0])
        }
        guard given.count <= Self.most else { throw Fault(description: "\(given.count) words: \(Self.most) at most") }
        if given.isEmpty, tag.isEmpty { throw Fault(description: "\(meaning.rawValue)= needs a word; `standard` brings back those there were") }
        words[meaning, default: [:]][tag] = given.isEmpty ? nil : given
        try check()
    }

    /// A word that means both would be taken for neither.
    private func check() throws(Fault) {
        let tags = Set(Meaning.allCases.flatMap { words[$0]?.keys.map { $0 } ?? [] })
        for tag in tags.sorted() {
            if let both = spoken(.yes, language: tag).intersection(spoken(.stop, language: tag)).min() {
                throw Fault(description: "“\(both)” would mean yes and stop at once")
            }
        }
        guard tags.count <= Self.most else { throw Fault(description: "words of \(tags.count) languages: \(Self.most) at most") }
    }

    /// As `set` takes them, a line for each meaning and language.
    package var lines: [(name: String, words: String)] {
        Meaning.allCases.flatMap { meaning in
            (words[meaning] ?? [:]).sorted { $0.key < $1.key }.map { tag, words in
                (name: meaning.rawValue + (tag.isEmpty ? "" : ":" + tag), words: words.sorted().joined(separator: ","))
            }
        }
    }

    /// One text for the same words, which `init(text:)` reads.
    package var text: String { lines.map { "\($0.name)=\($0.words)" }.joined(separator: "\n") }

    /// - Returns: nil for a text that is none of `text`.
    package init?(text: String) {
        words = [:]
        for line in text.split(separator: "\n") {
            do throws(Fault) { try set(String(line)) } catch { return nil }
        }
    }
}
