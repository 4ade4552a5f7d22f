import AlertModel
import Dispatching
import Foundation
import GeoModel
import Synchronization
import Telephony
import Testing

@testable import Channels

@Suite struct VoiceGatewayTests {
    private func settings(_ text: String) throws -> GatewayFile {
        try GatewayFile.decode(Array("""
            {"version": 1, "gateways": [{"name": "voix", "kind": "sip", "channel": "voice", "window": 30, "settings": \(text)}]}
            """.utf8))
    }

    @Test func `every end of a call has its cause`() {
        func cause(_ status: Int) -> FailureCause { CallCauses.failure(.theirs(status: status)).cause }
        #expect([486, 600].map(cause) == [.busy, .busy])
        #expect([480, 408].map(cause) == [.noAnswer, .noAnswer])
        #expect([404, 484, 604].map(cause) == [.invalidAddress, .invalidAddress, .invalidAddress])
        #expect([603, 403, 488].map(cause) == [.refused, .refused, .refused])
        #expect(cause(503) == .throttled && cause(500) == .network && cause(401) == .network)
        #expect(CallCauses.failure(.fault(110)) == (.network, true))
        #expect(CallCauses.failure(.theirs(status: 486)).isGatewayFailure == false)
    }

    @Test func `answered, heard and acknowledged are different facts`() {
        func verdict(answered: Bool, heard: Bool, acknowledged: Bool) -> SubmissionResult.Verdict {
            VoiceLineResult.of(ScriptedCall.Result(
                end: CallEnd(.ours, wasAnswered: answered), isAcknowledged: acknowledged, hasLeft: false, wasHeard: heard)).verdict
        }
        #expect(verdict(answered: true, heard: true, acknowledged: true) == .known(.acknowledged))
        #expect(verdict(answered: true, heard: true, acknowledged: false) == .known(.answered))
        #expect(verdict(answered: true, heard: false, acknowledged: false) == .known(.failed(.noAnswer)))
        #expect(verdict(answered: false, heard: false, acknowledged: false) == .known(.failed(.network)))
    }

    @Test(arguments: [true, false])
    func `who asks for no more information has answered, and is not called again`(heard: Bool) {
        let result = VoiceLineResult.of(ScriptedCall.Result(
            end: CallEnd(.ours, wasAnswered: true), isAcknowledged: false, hasLeft: true, wasHeard: heard))
        #expect(result.verdict == .known(.answered) && result.refusesInformation)
    }

    @Test func `what a machine was told has passed, at the last try where a person is tried for`() {
        func result(left: Bool, triesAgain: Bool) -> SubmissionResult {
            VoiceLineResult.of(
                ScriptedCall.Result(
                    end: CallEnd(.ours, wasAnswered: true), isAcknowledged: false, hasLeft: false, wasHeard: true, isMachine: true, wasLeft: left),
                triesAgain: triesAgain)
        }
        #expect(result(left: true, triesAgain: false).verdict == .known(.delivered))
        #expect(result(left: true, triesAgain: true) == SubmissionResult(.known(.failed(.noAnswer)), detail: "machine_left 0s", isLeftBehind: true))
        #expect(result(left: false, triesAgain: false) == SubmissionResult(.known(.failed(.noAnswer)), detail: "machine 0s"))
    }

    @Test func `numbers are dialled as the trunk wants them`() {
        #expect(Dialling.allCases.map { $0.digits(of: "+33145000000") } == ["+33145000000", "0033145000000", "33145000000", "0145000000"])
        #expect(Dialling.national.digits(of: "+32470000000") == "0032470000000")
    }

    @Test(arguments: [
        (#"{"host": "sip.example.org", "caller": "+33612000000"}"#, "caller"),
        (#"{"host": "sip.example.org", "caller": "0145000000"}"#, "caller"),
        (#"{"host": "sip example", "caller": "+33145000000"}"#, "host"),
        (#"{"host": "sip.example.org", "caller": "+33145000000", "user": "a"}"#, "user"),
        (#"{"host": "sip.example.org", "caller": "+33145000000", "register": true}"#, "register"),
        (#"{"host": "sip.example.org", "caller": "+33145000000", "plays": 0}"#, "plays"),
    ])
    func `a trunk that cannot be meant is refused with its member`(text: String, member: String) throws {
        let error = #expect(throws: JSONMemberError.self) { try settings(text) }
        #expect(error?.path.hasSuffix(member) == true)
    }

    @Test func `a trunk is read with its lines`() throws {
        let file = try settings(#"{"host": "sip.example.org", "caller": "+33145000000", "port": 5060}"#)
        #expect(file.gateways[0].traits.window == 30 && file.gateways[0].kind.destination == "sip.example.org:5060")
    }
}

@Suite struct DialPacerTests {
    @Test func `what asks at once begins one after another, never more than the rate in any second`() async throws {
        let waits = Mutex<[Duration]>([])
        let time = DispatcherTime(
            now: { .now }, uptime: { Uptime(microseconds: 5_000_000) }, sleep: { wait in waits.withLock { $0.append(wait) } })
        let pacer = DialPacer(try #require(GatewayRate(perSecond: 50, unit: .messages)), time: time)
        for _ in 0..<120 { await pacer.turn() }
        let moments = waits.withLock { $0 }
        #expect(moments == moments.sorted() && moments.count >= 118)
        for (index, moment) in moments.enumerated().dropFirst(50) { #expect(moment - moments[index - 50] >= .seconds(1)) }
        #expect(try #require(moments.last) < .seconds(3))
    }

    @Test func `without a rate nobody waits`() async {
        let time = DispatcherTime(now: { .now }, uptime: { Uptime(microseconds: 0) }, sleep: { _ in Issue.record("nobody waits") })
        let pacer = DialPacer(nil, time: time)
        for _ in 0..<100 { await pacer.turn() }
    }
}
