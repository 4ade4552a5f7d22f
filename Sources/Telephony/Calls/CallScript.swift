/// What is said in a call and what its keys mean, as a value: it is told what happens, and answers what to do.
///
/// The message is said, then what the keys do; a while is waited, and all is said again, a set number of times. A wrong key does no harm.
package struct CallScript: Sendable {
    /// What may be said.
    package enum Piece: Hashable, Sendable {
        case message
        /// What the keys do.
        case instructions
        /// The key that acknowledges was understood.
        case confirmed
        /// The key that leaves information was understood.
        case left
        case farewell
    }

    package enum Action: Hashable, Sendable {
        /// Instead of what is being said, or waited for.
        case say([Piece])
        case wait(Duration)
        /// Ends what is being said.
        case fallSilent
        case hangUp
    }

    /// What is done where a machine answers.
    package enum Machines: String, CaseIterable, Hashable, Sendable {
        /// The message is left after the tone.
        case leave
        /// Hung up, for another try.
        case retry
        /// The message is left, and the first time a person is tried for again.
        case both
        /// Nobody listens for machines: everybody who answers is a person.
        case ignore
    }

    package struct Settings: Hashable, Sendable {
        package var acknowledges: Character = "1"
        package var repeats: Character = "2"
        /// nil where nobody leaves by a key: an alert's.
        package var leaves: Character?
        /// How often the message is said to somebody who presses nothing.
        package var plays = 2
        /// How often at most, whatever is pressed: a key that hangs must not hold a line for ever.
        package var mostPlays = 6
        package var pause = Duration.seconds(6)
        package var machines = Machines.leave
        /// How often a machine is told the message.
        package var machinePlays = 2

        package init() {}
    }

    private enum Stage { case before, saying, waiting, greeted, leaving, closing, over }
    /// A greeting that never comes to an end.
    private static let longestGreeting = Duration.seconds(60)

    private let settings: Settings
    private var stage = Stage.before
    private var plays = 0
    private var isHelping = false
    package private(set) var isAcknowledged = false
    package private(set) var hasLeft = false
    /// Whether the message was said to its end at least once.
    package private(set) var wasHeard = false
    package private(set) var isMachine = false
    /// Whether a machine was told the whole message.
    package private(set) var wasLeft = false

    package init(_ settings: Settings = Settings()) { self.settings = settings }

    package mutating func answered() -> [Action] {
        guard stage == .before else { return [] }
        return sayAll()
    }

    /// What was last to be said has been.
    package mutating func said() -> [Action] {
        switch stage {
        case .saying:
            if !isHelping { wasHeard = true }
            isHelping = false
            stage = .waiting
            return [.wait(settings.pause)]
        case .leaving:
            wasLeft = true
            return plays < settings.machinePlays ? sayToMachine() : end()
        case .closing: return end()
        case .before, .waiting, .greeted, .over: return []
        }
    }

    /// The while is over.
    package mutating func waited() -> [Action] {
        if stage == .greeted { return leave() }
        guard stage == .waiting else { return [] }
        return plays < settings.plays ? sayAll() : close(.farewell)
    }

    package mutating func pressed(_ key: Character) -> [Action] {
        guard [.saying, .waiting, .greeted, .leaving].contains(stage) else { return [] }
        // Only people press keys.
        isMachine = false
        if key == settings.acknowledges {
            isAcknowledged = true
            return close(.confirmed)
        }
        if key == settings.leaves {
            hasLeft = true
            return close(.left)
        }
        if key == settings.repeats { return plays < settings.mostPlays ? sayAll() : close(.farewell) }
        // While the message is being said, a wrong key takes none of it away.
        guard stage == .waiting, plays < settings.mostPlays else { return [] }
        plays += 1
        isHelping = true
        stage = .saying
        return [.say([.instructions])]
    }

    /// What a detector found: the greeting of a machine, or that it records.
    package mutating func found(_ finding: AnswerDetector.Finding) -> [Action] {
        guard settings.machines != .ignore, [.saying, .waiting, .greeted].contains(stage) else { return [] }
        isMachine = true
        if settings.machines == .retry { return end() }
        switch finding {
        case .greeting:
            stage = .greeted
            return [.fallSilent, .wait(Self.longestGreeting)]
        case .records: return leave()
        }
    }

    private mutating func leave() -> [Action] {
        plays = 0
        return sayToMachine()
    }

    private mutating func sayToMachine() -> [Action] {
        plays += 1
        stage = .leaving
        // The keys too: it may be a person after all.
        return [.say([.message, .instructions])]
    }

    private mutating func sayAll() -> [Action] {
        plays += 1
        isHelping = false
        stage = .saying
        return [.say([.message, .instructions])]
    }

    private mutating func close(_ piece: Piece) -> [Action] {
        stage = .closing
        return [.say([piece])]
    }

    private mutating func end() -> [Action] {
        stage = .over
        return [.hangUp]
    }
}
