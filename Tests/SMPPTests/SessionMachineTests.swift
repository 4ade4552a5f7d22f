import AlertModel
import TestSupport
import Testing

@testable import SMPP

@Suite struct SessionMachineTests {
    private func bound(_ change: (inout SessionSettings) -> Void = { _ in }) -> SessionMachine {
        var settings = SessionSettings()
        change(&settings)
        var machine = SessionMachine(settings: settings)
        _ = machine.connected(now: 0)
        let actions = machine.received(.pdu(PDU(.bindResponse(settings.kind, systemID: "SMSC", []), sequence: 1)), now: 0)
        #expect(actions == [.bound(systemID: "SMSC")])
        return machine
    }

    private func answer(_ sequence: UInt32, _ id: String = "a", _ status: CommandStatus = .ok) -> PDUDecoder.Frame {
        .pdu(PDU(.submitResponse(messageID: id, []), sequence: sequence, status: status))
    }

    @Test func `answers find their submissions in any order`() {
        var machine = bound()
        let sequences = (1...10).map { machine.submit(ShortMessage(), token: $0, now: 0).sequence }
        #expect(machine.room(now: 0) == 0)
        for (index, sequence) in sequences.enumerated().reversed() {
            #expect(machine.received(answer(sequence, "m\(index)"), now: 1) == [.answered(UInt64(index + 1), .accepted(messageID: "m\(index)"))])
        }
        #expect(machine.room(now: 1) == 10)
    }

    @Test func `a refusal, a nack and an unreadable answer are told apart`() {
        var machine = bound()
        let sequences = (1...3).map { machine.submit(ShortMessage(), token: $0, now: 0).sequence }
        #expect(machine.received(answer(sequences[0], "", .invalidDestination), now: 0) == [.answered(1, .refused(.invalidDestination))])
        #expect(machine.received(.pdu(PDU(.genericNack, sequence: sequences[1], status: .systemError)), now: 0) == [.answered(2, .refused(.systemError))])
        let header = PDUHeader(command: Command.submitSMResponse.rawValue, status: .ok, sequence: sequences[2])
        #expect(machine.received(.broken(header, .unterminated(field: "message_id")), now: 0) == [.answered(3, .inDoubt(reason: "unreadable answer"))])
    }

    @Test func `a connection that drops leaves what was sent in doubt, once`() {
        var machine = bound()
        for token in 1...3 { _ = machine.submit(ShortMessage(), token: UInt64(token), now: 0) }
        let actions = machine.disconnected("connection closed")
        #expect(actions == (1...3).map { .answered($0, .inDoubt(reason: "connection closed")) } + [.close(.connection("connection closed"))])
        #expect(machine.disconnected("again") == [])
        #expect(machine.received(answer(2), now: 0) == [])
    }

    @Test func `an answer that does not come is given up in doubt, and told when it comes late`() {
        var machine = bound { $0.enquireInterval = 1_000_000 }
        let sequence = machine.submit(ShortMessage(), token: 1, now: 0).sequence
        #expect(machine.tick(now: 29_999) == [])
        #expect(machine.tick(now: 30_000) == [.answered(1, .inDoubt(reason: "no answer in time"))])
        #expect(machine.received(answer(sequence, "late"), now: 40_000) == [.late(1, .accepted(messageID: "late"))])
        #expect(machine.state == .bound)
    }

    @Test func `a silent link is asked, and closed when it does not answer`() {
        var machine = bound()
        #expect(machine.tick(now: 9_999) == [])
        #expect(machine.tick(now: 10_000) == [.send(PDU(.enquireLink, sequence: 2))])
        #expect(machine.tick(now: 19_999) == [])
        var answered = machine
        #expect(machine.tick(now: 20_000) == [.close(.linkDead)])
        _ = answered.received(.pdu(PDU(.enquireLinkResponse, sequence: 2)), now: 19_000)
        #expect(answered.tick(now: 20_000) == [])
    }

    @Test func `an SMSC that asks to slow down is given pauses that grow, and none once it accepts`() {
        var machine = bound { $0.window = 1 }
        var now: Int64 = 0
        for pause in [200, 400, 800, 1_600, 3_200, 5_000, 5_000] as [Int64] {
            let sequence = machine.submit(ShortMessage(), token: 1, now: now).sequence
            _ = machine.received(answer(sequence, "", pause == 400 ? .queueFull : .throttled), now: now)
            #expect(machine.room(now: now + pause - 1) == 0)
            #expect(machine.room(now: now + pause) == 1)
            now += pause
        }
        let sequence = machine.submit(ShortMessage(), token: 1, now: now).sequence
        _ = machine.received(answer(sequence), now: now)
        _ = machine.received(answer(machine.submit(ShortMessage(), token: 2, now: now).sequence, "", .throttled), now: now)
        #expect(machine.room(now: now + 200) == 1)
    }

    @Test func `the SMSC's own requests are answered under their own numbers`() {
        var machine = bound()
        #expect(machine.received(.pdu(PDU(.enquireLink, sequence: 900)), now: 0) == [.send(PDU(.enquireLinkResponse, sequence: 900))])
        #expect(machine.received(.pdu(PDU(.deliver(ShortMessage()), sequence: 901)), now: 0) == [.message(ShortMessage(), sequence: 901, isData: false)])
        #expect(machine.acknowledge(901, isData: false, status: .ok) == PDU(.deliverResponse, sequence: 901))
        let cut = PDUHeader(command: Command.deliverSM.rawValue, status: .ok, sequence: 902)
        #expect(machine.received(.broken(cut, .truncated(field: "tlv")), now: 0) == [.send(PDU(.deliverResponse, sequence: 902, status: .badTLVStream))])
        let unknown = PDUHeader(command: 0x7777, status: .ok, sequence: 903)
        #expect(machine.received(.broken(unknown, .unknownCommand(0x7777)), now: 0) == [.send(PDU(.genericNack, sequence: 903, status: .invalidCommand))])
    }

    @Test func `an SMSC that unbinds is answered, and what it did not answer is in doubt`() {
        var machine = bound()
        _ = machine.submit(ShortMessage(), token: 1, now: 0)
        #expect(machine.received(.pdu(PDU(.unbind, sequence: 5)), now: 0) == [
            .send(PDU(.unbindResponse, sequence: 5)), .answered(1, .inDoubt(reason: "the SMSC unbound")), .close(.peerUnbound),
        ])
    }

    @Test func `our own end waits for answers, unbinds, and does not wait for ever`() {
        var machine = bound()
        let sequence = machine.submit(ShortMessage(), token: 1, now: 0).sequence
        #expect(machine.unbind(now: 0) == [])
        #expect(machine.room(now: 0) == 0)
        #expect(machine.received(answer(sequence), now: 5) == [.answered(1, .accepted(messageID: "a")), .send(PDU(.unbind, sequence: 3))])
        var patient = machine
        #expect(machine.received(.pdu(PDU(.unbindResponse, sequence: 3)), now: 6) == [.close(.unbound)])
        #expect(patient.tick(now: 3_005) == [.close(.unbound)])
    }

    @Test func `a bind refused, nacked or unanswered closes with its reason`() {
        for (frame, reason): (PDUDecoder.Frame, CloseReason) in [
            (.pdu(PDU(.bindResponse(.transceiver, systemID: "", []), sequence: 1, status: .invalidPassword)), .bindRefused(.invalidPassword)),
            (.pdu(PDU(.genericNack, sequence: 1, status: .invalidCommand)), .bindRefused(.invalidCommand)),
        ] {
            var machine = SessionMachine(settings: SessionSettings())
            _ = machine.connected(now: 0)
            #expect(machine.received(frame, now: 1) == [.close(reason)])
        }
        var silent = SessionMachine(settings: SessionSettings())
        _ = silent.connected(now: 0)
        #expect(silent.tick(now: 10_000) == [.close(.bindTimeout)])
    }

    @Test func `answers to nothing are borne up to a limit`() {
        var machine = bound()
        for sequence in 0..<100 as Range<UInt32> { #expect(machine.received(answer(5_000 + sequence), now: 0) == []) }
        #expect(machine.received(answer(6_000), now: 0) == [.close(.tooManyFaults)])
    }

    /// Whatever comes, every submission gets one answer and the window is kept.
    @Test(arguments: 0..<50 as Range<UInt64>)
    func `any course of events answers every submission once`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var machine = bound { $0.window = 5 }
        var sent: [UInt32] = []
        var answers: [UInt64: Int] = [:]
        var token: UInt64 = 0
        var now: Int64 = 0
        func note(_ actions: [SessionMachine.Action]) {
            for case .answered(let token, _) in actions { answers[token, default: 0] += 1 }
        }
        for _ in 0..<500 {
            now += Int64.random(in: 0...400, using: &generator)
            switch Int.random(in: 0...9, using: &generator) {
            case 0...4 where machine.room(now: now) > 0:
                token += 1
                sent.append(machine.submit(ShortMessage(), token: token, now: now).sequence)
            case 5...7 where !sent.isEmpty:
                let status: [CommandStatus] = [.ok, .throttled, .systemError]
                note(machine.received(answer(sent.randomElement(using: &generator)!, "x", status.randomElement(using: &generator)!), now: now))
            case 8: note(machine.tick(now: now))
            case 9: note(machine.received(.pdu(PDU(.enquireLinkResponse, sequence: 1)), now: now))
            default: break
            }
            #expect(machine.pendingCount <= 5)
        }
        note(machine.disconnected("end"))
        #expect(answers.count == Int(token))
        #expect(answers.values.allSatisfy { $0 == 1 })
    }

    @Test func `the wait to connect again doubles to a minute, and starts anew after a good session`() {
        var generator = SeededGenerator(seed: 1)
        var backoff = Backoff()
        for expected in [500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000] as [Int64] {
            let wait = backoff.next(lived: 0, using: &generator)
            #expect((expected / 2...expected * 3 / 2).contains(wait))
        }
        #expect(backoff.next(lived: 10_000, using: &generator) <= 750)
    }
}
