import AlertModel
import DispatchSupport
import Dispatching
import Testing

@testable import Channels

@Suite struct SimulatorTests {
    private func submission(_ channel: Channel, _ index: Int, number: Int = 1) -> Submission {
        Submission(
            attempt: AttemptID(rawValue: Int64(index)), leg: LegID(rawValue: Int64(index)),
            campaign: CampaignID(rawValue: 1), audience: AudienceHash(hexadecimal: String(repeating: "0", count: 64))!,
            mode: .exercise, channel: channel, address: Redacted("+331990\(index)"),
            message: Message(subject: "EXERCICE", text: "EXERCICE"), number: number, possibleDuplicate: false,
            claimedAt: Peers.start, expiresAt: .never)
    }

    @Test(arguments: Channel.allCases)
    func `every channel has its successes and its failures, the same each time`(channel: Channel) {
        let script = SimulatorScript()
        let courses = (0..<1_000).map { script.course(of: submission(channel, $0)) }
        #expect(courses == (0..<1_000).map { script.course(of: submission(channel, $0)) })
        let failures = courses.count { if case .known(.failed) = $0.result.verdict { true } else { false } }
        #expect((5...350).contains(failures))
        #expect(courses.allSatisfy { $0.answerMilliseconds > 0 })
        let other = SimulatorScript(seed: 9)
        #expect(courses != (0..<1_000).map { other.course(of: submission(channel, $0)) })
    }

    @Test func `a busy line answers when called again; some never do`() {
        let script = SimulatorScript()
        var passedLater = 0
        var never = 0
        for index in 0..<1_000 {
            let verdicts = (1...3).map { script.course(of: submission(.voice, index, number: $0)).result.verdict }
            let failed = verdicts.map { if case .known(.failed) = $0 { true } else { false } }
            if failed[0] && failed.contains(false) { passedLater += 1 }
            if !failed.contains(false) { never += 1 }
        }
        #expect(passedLater > 100)
        #expect((40...130).contains(never))
    }

    @Test func `messages are accepted first and confirmed by a receipt later`() async throws {
        let gateway = Simulators.simulator(.sms, speed: 0)
        let receipts = try #require(gateway.receipts)
        let indexes = (0..<20).filter { SimulatorScript().course(of: submission(.sms, $0)).receipt == .delivered }
        let result = await gateway.submit(submission(.sms, indexes[0]))
        #expect(result.verdict == .known(.accepted))
        #expect(result.receiptWithin == .seconds(5))
        var iterator = receipts.makeAsyncIterator()
        let receipt = await iterator.next()
        #expect(receipt?.reference == result.reference)
        #expect(receipt?.outcome == .delivered)
        await gateway.close()
        #expect(await iterator.next() == nil)
    }

    @Test func `an exercise of twenty thousand is followed for a minute or so`() {
        for channel in [Channel.sms, .voice, .email] {
            let script = SimulatorScript()
            let mean = (0..<2_000).map { script.course(of: submission(channel, $0)).answerMilliseconds }.reduce(0, +) / 2_000
            let seconds = 20_000 * Double(mean) / 1000 / Double(Simulators.window(channel))
            #expect((60...95).contains(seconds), "\(channel): \(seconds)")
        }
    }

    @Test func `the pace is read from the environment, and nonsense is refused`() throws {
        #expect(try Simulators.speed(environment: [:]) == 1)
        #expect(try Simulators.speed(environment: ["TOCSIN_EXERCISE_SPEED": "2.5"]) == 2.5)
        for text in ["-1", "fast", "1e9", "nan"] {
            #expect(throws: SimulatorError.self) { try Simulators.speed(environment: ["TOCSIN_EXERCISE_SPEED": text]) }
        }
    }

    @Test func `all simulators make an exercise's set, and no real one`() throws {
        #expect(try GatewaySet.exercise(Simulators.all()).channels == Set(Channel.allCases))
        #expect(throws: DispatchError.self) { try GatewaySet.real(Simulators.all()) }
    }
}
