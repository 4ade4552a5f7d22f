import AlertModel

/// A cascade as an operator types it: `sms+email,10m,voice/2m,1h,fax` is SMS and e-mail together, ten minutes later
/// voice, number after number two minutes apart, an hour later fax.
package enum CascadeWords {
    /// - Throws: `PolicyDocumentError`, with the word that can't be read. Bounds are `PolicyRules`' matter.
    package static func read(_ text: String, until: StopWord = .acknowledged) throws(PolicyDocumentError) -> Cascade {
        var steps: [Cascade.Step] = []
        var wait: Int?
        for (index, word) in text.split(separator: ",", omittingEmptySubsequences: false).enumerated() {
            let word = word.trimmingWhitespace()
            if index % 2 == 1 {
                wait = try seconds(word)
            } else {
                steps.append(try step(word, after: wait ?? 0))
                wait = nil
            }
        }
        guard wait == nil else { throw PolicyDocumentError(path: "", reason: "it ends with a wait: name what comes after it") }
        return Cascade(steps: steps, until: until)
    }

    package static func write(_ cascade: Cascade) -> String {
        cascade.steps.enumerated().map { index, step in
            (index == 0 ? "" : "\(words(step.waitSeconds)),") + step.channels.map(\.rawValue).joined(separator: "+")
                + (step.eachSeconds.map { "/\(words($0))" } ?? "")
        }.joined(separator: ",")
    }

    private static func step(_ word: String, after wait: Int) throws(PolicyDocumentError) -> Cascade.Step {
        let parts = word.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        var channels: [Channel] = []
        for name in parts[0].split(separator: "+", omittingEmptySubsequences: false) {
            guard let channel = Channel(rawValue: name.lowercased()) else {
                throw PolicyDocumentError(
                    path: "", reason: "“\(name.prefix(40))” is not a channel: write sms+email,10m,voice; channels are sms, voice, email, fax")
            }
            channels.append(channel)
        }
        return Cascade.Step(
            channels: channels.sorted(), waitSeconds: wait, eachSeconds: parts.count == 2 ? try seconds(String(parts[1])) : nil)
    }

    private static let units: [(letter: Character, seconds: Int)] = [("h", 3_600), ("m", 60), ("s", 1)]

    private static func seconds(_ word: String) throws(PolicyDocumentError) -> Int {
        guard let unit = units.first(where: { $0.letter == word.last }), let count = Int(word.dropLast()), (1...86_400).contains(count)
        else {
            throw PolicyDocumentError(path: "", reason: "“\(word.prefix(40))” is not a wait: write 90s, 10m or 1h between two steps")
        }
        return count * unit.seconds
    }

    private static func words(_ seconds: Int) -> String {
        let unit = units.first { seconds % $0.seconds == 0 } ?? units[2]
        return "\(seconds / unit.seconds)\(unit.letter)"
    }
}

extension Substring {
    fileprivate func trimmingWhitespace() -> String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
