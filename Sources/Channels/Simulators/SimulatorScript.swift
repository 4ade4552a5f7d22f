import AlertModel
import Dispatching

/// What a simulated recipient does: a pure function of seed, channel, address and attempt, so that the same
/// exercise plays the same way twice, on any machine.
package struct SimulatorScript: Sendable {
    package let seed: UInt64

    /// Of a hundred who get an SMS, how many write back.
    package let replyPercent: Int

    /// - Parameter seed: 0 unless a test wants another cast.
    package init(seed: UInt64 = 0, replyPercent: Int = 0) {
        self.seed = seed
        self.replyPercent = replyPercent
    }

    /// What somebody writes back to an SMS that arrived; nil for nothing. Most confirm, one in five asks something.
    package func reply(to submission: Submission) -> String? {
        guard submission.channel == .sms, case .delivered? = course(of: submission).receipt else { return nil }
        var nature = Dice(seed: seed &+ 1, submission.channel.rawValue, submission.address.value, 0)
        guard nature.percent() < replyPercent else { return nil }
        return nature.percent() < 80 ? ["OUI", "Oui !", "1", "ok"][nature.percent() % 4] : "Où faut-il aller ?"
    }

    /// One submission's course, in milliseconds of exercise time.
    package struct Course: Hashable, Sendable {
        package let answerMilliseconds: Int64
        package let result: SubmissionResult
        /// What the receipt says, and how long after the answer; nil where the channel gives none.
        package let receipt: Outcome?
        package let receiptMilliseconds: Int64
    }

    package func course(of submission: Submission) -> Course {
        var dice = Dice(seed: seed, submission.channel.rawValue, submission.address.value, submission.number)
        // What the person is like does not change from one attempt to the next.
        var nature = Dice(seed: seed, submission.channel.rawValue, submission.address.value, 0)
        return switch submission.channel {
        case .sms: sms(&dice, &nature, submission)
        case .voice: voice(&dice, &nature)
        case .email: email(&dice, &nature)
        case .fax: fax(&dice, &nature)
        }
    }

    /// Accepted within a second, then a receipt some seconds later; a few numbers do not exist, a few phones stay
    /// off. With a window of 150, 20,000 messages take about 75 s.
    private func sms(_ dice: inout Dice, _ nature: inout Dice, _ submission: Submission) -> Course {
        let wait = dice.milliseconds(300...800)
        let kind = nature.percent()
        if kind < 1 { return Course(wait, .failed(.invalidAddress, detail: "sim: unknown number")) }
        let receipt: Outcome = kind < 4 ? .failed(.noAnswer) : .delivered
        return Course(
            wait,
            SubmissionResult(
                .known(.accepted), reference: "sim-\(submission.attempt)",
                receiptWithin: .milliseconds(Self.receiptLimitMilliseconds)),
            receipt: receipt, after: dice.milliseconds(1_000...6_000))
    }

    /// Longest wait for a simulated receipt, with room for a busy machine.
    package static let receiptLimitMilliseconds: Int64 = 20_000

    /// A third picks up and confirms by key 1 at once; others are busy or away first; some never pick up.
    private func voice(_ dice: inout Dice, _ nature: inout Dice) -> Course {
        let kind = nature.percent()
        if kind < 1 {
            return Course(dice.milliseconds(200...500), .failed(.invalidAddress, detail: "sim: unknown number"))
        }
        if kind < 7 { return Course(dice.milliseconds(4_000...5_000), .failed(.noAnswer)) }
        switch dice.percent() {
        case ..<10: return Course(dice.milliseconds(500...1_500), .failed(.busy))
        case ..<25: return Course(dice.milliseconds(4_000...5_000), .failed(.noAnswer))
        case ..<55: return Course(dice.milliseconds(1_500...4_000), SubmissionResult(.known(.answered)))
        default: return Course(dice.milliseconds(1_500...4_500), SubmissionResult(.known(.acknowledged)))
        }
    }

    private func email(_ dice: inout Dice, _ nature: inout Dice) -> Course {
        let wait = dice.milliseconds(200...600)
        switch nature.percent() {
        case ..<1: return Course(wait, .failed(.invalidAddress, detail: "sim: 550"))
        case ..<2: return Course(wait, .failed(.refused, detail: "sim: 554"))
        default:
            // A relay that greylists takes the same message later.
            return dice.percent() < 3
                ? Course(wait, .failed(.network, detail: "sim: 451", isGatewayFailure: false))
                : Course(wait, SubmissionResult(.known(.accepted)))
        }
    }

    private func fax(_ dice: inout Dice, _ nature: inout Dice) -> Course {
        if nature.percent() < 3 { return Course(dice.milliseconds(2_000...4_000), .failed(.noAnswer)) }
        return dice.percent() < 20
            ? Course(dice.milliseconds(500...1_500), .failed(.busy))
            : Course(dice.milliseconds(5_000...9_000), SubmissionResult(.known(.delivered)))
    }
}

extension SimulatorScript.Course {
    fileprivate init(
        _ answerMilliseconds: Int64, _ result: SubmissionResult, receipt: Outcome? = nil, after: Int64 = 0
    ) {
        self.answerMilliseconds = answerMilliseconds
        self.result = result
        self.receipt = receipt
        receiptMilliseconds = after
    }
}

/// Dice that fall the same way for the same words: FNV-1a into SplitMix64. Swift's own hashing is seeded anew in
/// each process and would not do.
private struct Dice {
    private var state: UInt64

    init(seed: UInt64, _ channel: String, _ address: String, _ number: Int) {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325 ^ seed
        for byte in channel.utf8 + [0] + address.utf8 + [UInt8(truncatingIfNeeded: number)] {
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
        }
        state = hash
    }

    private mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    /// 0 to 99.
    mutating func percent() -> Int { Int(next() % 100) }

    mutating func milliseconds(_ range: ClosedRange<Int64>) -> Int64 {
        range.lowerBound + Int64(next() % UInt64(range.upperBound - range.lowerBound + 1))
    }
}
