import Foundation
import Telephony
import Testing

/// Calls over a trunk that this project did not write.
@Suite(.serialized, .enabled(if: !TrunkPeer.isMissing || ProcessInfo.processInfo.environment["CI"] == "true", "SIPp is not installed: run Scripts/bootstrap --tests"))
struct TrunkTests {
    @Test(
        "every refusal is told with its status",
        arguments: [("86", 486), ("80", 480), ("04", 404), ("03", 503), ("60", 603), ("88", 488), ("57", 403), ("77", 486)])
    func refusals(digits: String, status: Int) async throws {
        let peer = try TrunkPeer()
        let trunk = Trunk(peer.settings())
        try await trunk.start()
        let events = await trunk.dial("+331000000\(digits)", caller: "+33145000000", ringing: .seconds(20)).all()
        #expect(events.end?.reason == .theirs(status: status))
        #expect(events.end?.wasAnswered == false)
        #expect(events.contains(.progress(status: 183)) == (digits == "77"))
        await trunk.stop()
    }

    @Test("a message is sent whole, and whoever sent it hangs up", arguments: ["udp", "tcp"])
    func message(transport: String) async throws {
        let peer = try TrunkPeer("--transport", transport)
        var settings = peer.settings()
        settings.transport = try #require(TrunkSettings.Transport(rawValue: transport))
        let trunk = Trunk(settings)
        try await trunk.start()
        let call = trunk.dial("+33100000010", caller: nil, ringing: .seconds(20))
        let events = await call.all { event in
            if event == .answered { call.play([tone(seconds: 0.5), tone(seconds: 0.51)], tag: 7) }
            if event == .played(tag: 7) { call.hangUp() }
        }
        let end = try #require(events.end)
        #expect(end.reason == .ours && end.wasAnswered)
        #expect(events.contains(.played(tag: 7)))
        #expect(end.sent >= 51 && end.sent <= 60)
        await trunk.stop()
    }

    @Test("keys come in their order, each once")
    func keys() async throws {
        let peer = try TrunkPeer()
        let trunk = Trunk(peer.settings())
        try await trunk.start()
        let call = trunk.dial("+33100000012", caller: nil, ringing: .seconds(20))
        var seen = ""
        let events = await call.all { event in
            if case .key(let key, _) = event { seen.append(key) }
            if seen.count == 3 { call.hangUp() }
        }
        #expect(events.keys == "521")
        await trunk.stop()
    }

    @Test("who does not answer is given up, and the trunk told")
    func noAnswer() async throws {
        let peer = try TrunkPeer()
        let trunk = Trunk(peer.settings())
        try await trunk.start()
        let events = await trunk.dial("+33100000008", caller: nil, ringing: .milliseconds(500)).all()
        #expect(events.contains(.progress(status: 180)))
        #expect(events.end?.reason == .unanswered)
        await trunk.stop()
    }

    @Test("who hangs up is told as such", arguments: ["99", "13"])
    func hangsUp(digits: String) async throws {
        let peer = try TrunkPeer()
        let trunk = Trunk(peer.settings())
        try await trunk.start()
        let events = await trunk.dial("+331000000\(digits)", caller: nil, ringing: .seconds(20)).all()
        #expect(events.end?.reason == .theirs(status: nil))
        #expect(events.end?.wasAnswered == true)
        await trunk.stop()
    }

    @Test("a wrong password is refused, for a call and for the registrar")
    func wrongPassword() async throws {
        let peer = try TrunkPeer()
        let trunk = Trunk(peer.settings(password: "autre"))
        try await trunk.start()
        let events = await trunk.dial("+33100000010", caller: nil, ringing: .seconds(20)).all()
        #expect(events.end?.reason == .theirs(status: 403))
        await trunk.stop()
    }

    @Test("a trunk that is not there does not answer")
    func nobody() async throws {
        var settings = TrunkSettings(host: "127.0.0.1", lines: 5)
        settings.port = 9
        let trunk = Trunk(settings)
        try await trunk.start()
        let events = await trunk.dial("+33100000010", caller: nil, ringing: .milliseconds(300)).all()
        #expect(events.end?.wasAnswered == false)
        await trunk.stop()
        let late = await trunk.dial("+33100000010", caller: nil, ringing: .seconds(1)).all()
        #expect(late.count == 1)
    }

    @Test("a trunk that is there says so, and registers whom it knows", .timeLimit(.minutes(1)))
    func probe() async throws {
        let peer = try TrunkPeer()
        let trunk = Trunk(peer.settings(registers: true))
        try await trunk.start()
        #expect(await trunk.probe() == .status(200))
        while trunk.registration == nil { try await Task.sleep(for: .milliseconds(10)) }
        #expect(trunk.registration == .status(200))
        await trunk.stop()
    }

    @Test("stopping ends every call")
    func stop() async throws {
        let peer = try TrunkPeer()
        let trunk = Trunk(peer.settings())
        try await trunk.start()
        let calls = (0..<20).map { _ in trunk.dial("+33100000010", caller: nil, ringing: .seconds(20)) }
        await withTaskGroup(of: [CallEvent].self) { group in
            for call in calls { group.addTask { await call.all() } }
            try? await Task.sleep(for: .milliseconds(300))
            await trunk.stop()
            for await events in group { #expect(events.end != nil) }
        }
    }
}
