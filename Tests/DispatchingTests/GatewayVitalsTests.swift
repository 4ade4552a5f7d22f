import AlertModel
import DispatchSupport
import Testing

@testable import Dispatching

/// What is told of a gateway, in virtual time.
@Suite struct GatewayVitalsTests {
    private static let start = Moment(wall: Peers.start, uptime: Uptime(microseconds: 1_000_000_000))

    private func lanes() throws -> GatewayLanes {
        let probe: @Sendable () async -> ProbeAnswer = { .up }
        var health = GatewayHealth()
        health.failuresToOpen = 2
        health.pauseMilliseconds = 1_000
        let gateway = Gateway(
            GatewayTraits(name: "a", channel: .sms, weight: 3, window: 7, rate: GatewayRate(perSecond: 20, unit: .segments), health: health),
            isSimulator: true, probe: probe) { _ in .failed(.unavailable) }
        return GatewayLanes(try .exercise([gateway]), from: Self.start.uptime)
    }

    private let taken = SubmissionResult(.known(.accepted))

    @Test func `a gateway that failed is down since then, for that reason, until it answers`() throws {
        var lanes = try lanes()
        let first = Self.start.advanced(byMilliseconds: 100)
        lanes.judge(0, .failed(.network), first.uptime)
        #expect(lanes.all[0].vitals(first).circuit == .closed)
        lanes.judge(0, .failed(.network), first.uptime)
        let down = lanes.all[0].vitals(first.advanced(byMilliseconds: 400))
        #expect(down.circuit == .open && down.downSince == first.wall && down.fault == "network")
        #expect(down.pausedUntil == first.wall.advanced(byMilliseconds: 1_000))
        let later = first.advanced(byMilliseconds: 1_500)
        #expect(lanes.all[0].vitals(later).circuit == .halfOpen)
        // Still down: since the same moment, for what the check says.
        lanes.probed("a", .down("smpp: refused"), later.uptime)
        let still = lanes.all[0].vitals(later)
        #expect(still.circuit == .open && still.downSince == first.wall && still.fault == "smpp: refused")
        #expect(still.lastProbe == GatewayVitals.Probe(at: later.wall, isUp: false))
        lanes.probed("a", .up, later.uptime)
        let up = lanes.all[0].vitals(later)
        #expect(up.circuit == .closed && up.downSince == nil && up.pausedUntil == nil)
    }

    @Test func `answers are counted for an hour, and a pace is that of the last seconds`() throws {
        var lanes = try lanes()
        lanes.judge(0, taken, Self.start.uptime)
        lanes.judge(0, .failed(.invalidAddress), Self.start.uptime)
        lanes.judge(0, .failed(.network), Self.start.uptime)
        // Expired and withheld messages are none of the gateway's doing.
        lanes.judge(0, .failed(.expired), Self.start.uptime)
        let answers = lanes.all[0].vitals(Self.start).answers
        #expect((answers.taken, answers.refused, answers.faults) == (1, 1, 1))
        #expect(lanes.all[0].vitals(Self.start.advanced(byMilliseconds: 59 * 60_000)).answers.count == 3)
        #expect(lanes.all[0].vitals(Self.start.advanced(byMilliseconds: 61 * 60_000)).answers.count == 0)

        var diary = GatewayDiary()
        for second in 0..<10 { diary.left(20, Self.start.advanced(byMilliseconds: Int64(second) * 1_000).uptime) }
        let after = Self.start.advanced(byMilliseconds: 10_000).uptime
        #expect(diary.unitsPerSecond(after) == 20)
        #expect(diary.unitsPerSecond(after.advanced(byMilliseconds: 10_000)) == 0)
    }

    @Test func `what its contract allows and what it asked for are told apart`() throws {
        var lanes = try lanes()
        let now = Self.start.advanced(byMilliseconds: 5_000)
        #expect(lanes.all[0].vitals(now).ratePerSecond == 20 && lanes.all[0].vitals(now).allowedPerSecond == 20)
        lanes.judge(0, .failed(.throttled), now.uptime)
        let slowed = lanes.all[0].vitals(now)
        #expect(slowed.ratePerSecond == 20 && slowed.allowedPerSecond == 10 && slowed.rateUnit == "segments")
        #expect(slowed.weight == 3 && slowed.window == 7 && slowed.circuit == .closed)
    }
}
