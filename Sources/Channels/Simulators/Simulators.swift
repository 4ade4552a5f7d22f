import AlertModel
import Dispatching

/// The gateways of an exercise: one scripted simulator per channel, in this process. None of them can open a
/// socket, since nothing here imports anything that could.
package enum Simulators {
    /// The environment variable that names the pace of exercises.
    package static let speedVariable = "TOCSIN_EXERCISE_SPEED"
    /// Faster than life makes no difference to see.
    package static let speeds = 0.0...1_000.0

    /// The environment variable that says how many of a hundred simulated people answer an SMS.
    package static let repliesVariable = "TOCSIN_EXERCISE_REPLIES"

    /// - Parameters:
    ///   - replyPercent: how many of a hundred answer an SMS.
    ///   - speed: 1 for a lifelike pace, at which 20,000 recipients take about 75 s; 10 for ten times as fast;
    ///     0 for at once.
    ///   - seed: another seed plays another cast.
    ///   - time: the clock the simulated waits are spent on.
    package static func all(
        speed: Double = 1, seed: UInt64 = 0, replyPercent: Int = 0, time: DispatcherTime = .system
    ) -> [Gateway] {
        Channel.allCases.map { simulator($0, speed: speed, seed: seed, replyPercent: replyPercent, time: time) }
    }

    /// How many of a hundred answer, as the environment says; 0 when it says nothing.
    /// - Throws: `SimulatorError` when the value is not a whole number from 0 to 100.
    package static func replyPercent(environment: [String: String]) throws -> Int {
        guard let text = environment[repliesVariable], !text.isEmpty else { return 0 }
        guard let percent = Int(text), (0...100).contains(percent) else {
            throw SimulatorError("\(repliesVariable) is \"\(text)\": give a whole number from 0 to 100")
        }
        return percent
    }

    /// The pace asked for by the environment; 1 when it says nothing.
    /// - Throws: `SimulatorError` when the value is not a number within `speeds`.
    package static func speed(environment: [String: String]) throws -> Double {
        guard let text = environment[speedVariable], !text.isEmpty else { return 1 }
        guard let speed = Double(text), speeds.contains(speed) else {
            throw SimulatorError(
                "\(speedVariable) is \"\(text)\": give a number from \(Int(speeds.lowerBound)) (at once) to "
                    + "\(Int(speeds.upperBound)), 1 for a lifelike pace")
        }
        return speed
    }

    package static func simulator(
        _ channel: Channel, speed: Double, seed: UInt64 = 0, replyPercent: Int = 0, time: DispatcherTime = .system
    ) -> Gateway {
        let script = SimulatorScript(seed: seed, replyPercent: replyPercent)
        let name = "simulated-\(channel.rawValue)"
        let (receipts, sender) = AsyncStream.makeStream(of: Receipt.self)
        let (replies, mouth) = AsyncStream.makeStream(of: InboundMessage.self)
        let wait: @Sendable (Int64) async -> Void = { milliseconds in
            guard speed > 0 else { return }
            await time.sleep(.milliseconds(Int64(Double(milliseconds) / speed)))
        }
        return Gateway(
            GatewayTraits(name: name, channel: channel, window: window(channel)), isSimulator: true, receipts: receipts,
            inbound: replies,
            close: {
                sender.finish()
                mouth.finish()
            }
        ) { submission in
            let course = script.course(of: submission)
            await wait(course.answerMilliseconds)
            if let outcome = course.receipt, let reference = course.result.reference {
                Task {
                    await wait(course.receiptMilliseconds)
                    // Before the receipt, so that an exercise that ends with its last receipt has every answer.
                    if let reply = script.reply(to: submission) {
                        mouth.yield(
                            InboundMessage(
                                gateway: name, sender: submission.address, recipient: "36180", text: Redacted(reply),
                                receivedAt: time.now()))
                    }
                    sender.yield(
                        Receipt(gateway: name, reference: reference, outcome: outcome, receivedAt: time.now()))
                }
            }
            return course.result.waiting(atSpeed: speed)
        }
    }

    /// How long a channel's simulator takes to answer on average, in milliseconds: over the first attempts at some
    /// made-up addresses, since the script gives each its own.
    package static func meanAnswerMilliseconds(_ channel: Channel, speed: Double) -> Double {
        guard speed > 0 else { return 0 }
        let script = SimulatorScript()
        let count = 400
        let sum = (0..<count).reduce(Int64(0)) { sum, index in
            let course = script.course(
                of: .alone(
                    to: Redacted("mean-\(index)"), by: channel, Message(subject: "", text: ""), mode: .exercise,
                    now: UTCTime(millisecondsSince1970: 0)))
            return sum + course.answerMilliseconds
        }
        return Double(sum) / Double(count) / speed
    }

    /// Sized with the script's delays so that each channel carries some 270 a second at a lifelike pace; fax, of
    /// which there are few, 25.
    package static func window(_ channel: Channel) -> Int {
        switch channel {
        case .sms: 150
        case .voice: 800
        case .email: 110
        case .fax: 150
        }
    }
}

package struct SimulatorError: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}

extension SubmissionResult {
    /// The wait for a receipt at the exercise's pace. At once still leaves a busy machine some seconds.
    fileprivate func waiting(atSpeed speed: Double) -> SubmissionResult {
        guard let limit = receiptWithin else { return self }
        let scaled = speed > 0 ? Int64(Double(limit.wholeMilliseconds) / speed) : 0
        return SubmissionResult(
            verdict, reference: reference, receiptWithin: .milliseconds(max(5_000, scaled)), detail: detail)
    }
}
