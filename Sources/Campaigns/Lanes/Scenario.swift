import AlertModel
import Crypto

/// What may be written into a blank of a scenario at the launch. Narrow, so that filling one makes no other message of it.
package enum BlankKind: String, CaseIterable, Codable, Hashable, Sendable {
    /// `18:30`, `18 h`, `18h30`.
    case time
    /// A place's name: letters, figures, spaces and what names are written with.
    case place
    /// A few words on one line.
    case text

    /// Characters of a value.
    package static let longest = 40

    /// What is wrong with a value; nil when nothing is.
    package func fault(_ value: String) -> String? {
        let isLine = value.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
        guard isLine, !value.isBlank, value.count <= Self.longest else {
            return "one line of 1 to \(Self.longest) characters is due"
        }
        // An address to click on, or a place to fill, would make another message of it.
        let lower = value.lowercased()
        guard !value.contains(where: { "{}<>@".contains($0) }), !lower.contains("://"), !lower.contains("www.") else {
            return "it must not hold an address, < > @ or braces"
        }
        switch self {
        case .text: return nil
        case .time: return value.wholeMatch(of: /([01]?\d|2[0-3]) ?([:hH]) ?([0-5]\d)?/) == nil ? "a time such as 18:30 or 18 h is due" : nil
        case .place:
            let isName = value.allSatisfy { $0.isLetter || $0.isNumber || " '’-.,()/°".contains($0) }
            // Longer is a telephone number.
            let digits = value.count { $0.isNumber }
            return isName && digits <= 5 ? nil : "a place's name is due: letters, few figures, spaces and ' ’ - . , ( ) / °"
        }
    }
}

/// A launch prepared ahead: everything but its audience and what its blanks hold.
package struct Scenario: Hashable, Sendable {
    package static let longestName = 80
    private static let version = "tocsin scenario 1"

    /// The zone's canonical document.
    package let zoneDocument: String
    /// With places to fill.
    package let message: Message
    package let policy: Policy
    package let kind: CampaignKind
    package let weight: Int
    /// The blanks by their folded name.
    package let blanks: [String: BlankKind]

    package init(
        zoneDocument: String, message: Message, policy: Policy, kind: CampaignKind, weight: Int, blanks: [String: BlankKind]
    ) {
        self.zoneDocument = zoneDocument
        self.message = message
        self.policy = policy
        self.kind = kind
        self.weight = weight
        self.blanks = blanks
    }

    /// What a second person approves: 64 hexadecimal digits over everything of it. Any change is another hash.
    package var digest: String {
        var hasher = SHA256()
        func add(_ text: some Sequence<UInt8>) {
            let bytes = Array(text)
            withUnsafeBytes(of: UInt32(truncatingIfNeeded: bytes.count).bigEndian) { hasher.update(bufferPointer: $0) }
            hasher.update(data: bytes)
        }
        add(Self.version.utf8)
        add(zoneDocument.utf8)
        add(MessageDocument.encode(message).utf8)
        add(policy.channels.sorted().map(\.rawValue).joined(separator: ",").utf8)
        for number in [policy.maximumRetries, policy.retryPeriodSeconds, policy.validitySeconds, weight] { add(String(number).utf8) }
        add(RetryDocument.encode(policy))
        add(kind.rawValue.utf8)
        add(Self.write(blanks).utf8)
        return AudienceHash(hasher.finalize()).hexadecimal
    }

    /// `heure=time,lieu=place`, sorted.
    package static func write(_ blanks: [String: BlankKind]) -> String {
        blanks.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.rawValue)" }.joined(separator: ",")
    }

    /// Nil for a word that is none.
    package static func readBlanks(_ text: String) -> [String: BlankKind]? {
        var blanks: [String: BlankKind] = [:]
        for pair in text.split(separator: ",") {
            let sides = pair.split(separator: "=", maxSplits: 1)
            guard sides.count == 2, let kind = BlankKind(rawValue: String(sides[1])) else { return nil }
            blanks[PlaceholderText.folded(String(sides[0]))] = kind
        }
        return blanks
    }

    /// The message with its blanks filled.
    ///
    /// - Parameter standard: what fills itself: the organisation's name, the date and the time.
    /// - Throws: `ScenarioError` for a value that is not of its blank's kind, is for no blank, or is missing.
    package func filled(_ values: [String: String], standard: [String: String]) throws(ScenarioError) -> Message {
        for (name, value) in values.sorted(by: { $0.key < $1.key }) {
            guard let kind = blanks[name] else { throw .noBlank(name) }
            if let fault = kind.fault(value) { throw .badValue(name, fault) }
        }
        do throws(PlaceholderError) {
            return try message.filled { values[$0] ?? standard[$0] }
        } catch {
            throw .unfilled(error.description)
        }
    }
}

/// Why a scenario is not saved, approved or launched. Descriptions are safe to show.
package enum ScenarioError: Error, Hashable, Sendable, CustomStringConvertible {
    case unknown(String)
    case badName
    case undeclaredBlank(String)
    case noBlank(String)
    case badValue(String, String)
    case unfilled(String)
    /// Who saved it can't approve it.
    case ownScenario
    /// Who saved it opened the approver's account, set its password, took its second factor away or made it a token, less than
    /// a week ago: they may be one person.
    case accountOfSaver
    case changedMeanwhile
    /// Nobody has to be asked.
    case alreadyApproved(String)
    /// There is no request to refuse.
    case notAsked(String)

    package var description: String {
        switch self {
        case .unknown(let name): "there is no scenario “\(name)”: `tocsin scenario list` shows those there are"
        case .badName: "a scenario's name is one line of 1 to \(Scenario.longestName) characters"
        case .undeclaredBlank(let name): "{\(name)} has no kind: say --blank \(name)=time, place or text"
        case .noBlank(let name): "the scenario has no blank {\(name)}"
        case .badValue(let name, let fault): "{\(name)}: \(fault)"
        case .unfilled(let reason): reason
        case .ownScenario: "who saved a scenario can't approve it: a second person has to"
        case .accountOfSaver:
            "who saved the scenario opened this account, or reset its password or second factor, or made it a token, less than "
                + "a week ago: somebody else has to approve"
        case .alreadyApproved(let name): "the scenario “\(name)” is approved as it stands: there is nothing to ask"
        case .notAsked(let name): "nobody asks about the scenario “\(name)”: there is nothing to refuse"
        case .changedMeanwhile: "the scenario was changed meanwhile: look at it again before you approve it"
        }
    }
}
