import AlertModel
import NIOCore
import TestSupport
import Testing

@testable import SMPP

@Suite struct PDUCodecTests {
    /// One of every operation, every field filled.
    static let all: [PDU] = {
        var bind = Bind()
        bind.systemID = "tocsin"
        bind.password = Redacted("secret08")
        bind.systemType = "alert"
        bind.range = Address(typeOfNumber: 1, numberingPlan: 1, "^33")
        var message = ShortMessage()
        message.serviceType = "CMT"
        message.source = Address(typeOfNumber: 5, numberingPlan: 0, "MAIRIE")
        message.destination = .international("+33639980001")
        message.esmClass = 0x40
        message.protocolID = 1
        message.priority = 2
        message.scheduledAt = "000000001000000R"
        message.validity = "000001000000000R"
        message.registeredDelivery = 1
        message.replaceIfPresent = 1
        message.dataCoding = 8
        message.defaultMessageID = 3
        message.octets = Redacted([5, 0, 3, 7, 2, 1, 0, 65])
        message.parameters = [TLV(.sarReference, 7 as UInt16), TLV(.init(rawValue: 0x1401), [1, 2, 3])]
        var multi = message
        multi.destination = .none
        var data = DataMessage()
        data.source = .international("+33639980001")
        data.destination = Address(typeOfNumber: 3, numberingPlan: 0, "36180")
        data.esmClass = 4
        data.parameters = [TLV(.messagePayload, Array("id:1 stat:DELIVRD".utf8))]
        var name = MessageName()
        name.messageID = "42"
        name.source = .international("+33639980001")
        var cancel = name
        cancel.serviceType = "CMT"
        cancel.destination = .international("+33639980002")
        var answer = QueryAnswer()
        answer.messageID = "42"
        answer.state = 2
        answer.errorCode = 9
        var replacement = Replacement()
        replacement.messageID = "42"
        replacement.octets = Redacted(Array("Montez".utf8))
        let bodies: [PDU.Body] =
            BindKind.allCases.flatMap { [.bind($0, bind), .bindResponse($0, systemID: "SMSC", [TLV(.interfaceVersion, 0x34 as UInt8)])] }
            + [
                .outbind(systemID: "SMSC", password: Redacted("x")), .unbind, .unbindResponse, .genericNack, .submit(message),
                .submitResponse(messageID: "abc", []), .submitResponse(messageID: "", [TLV(.networkErrorCode, [3, 0, 1])]),
                .submitMulti(multi, [.address(.international("+331")), .list("voisins")]),
                .submitMultiResponse(messageID: "7", [MultiFailure(.international("+331"), .invalidDestination)]),
                .deliver(message), .deliverResponse, .data(data), .dataResponse(messageID: "9", []), .query(name),
                .queryResponse(answer), .cancel(cancel), .cancelResponse, .replace(replacement), .replaceResponse, .enquireLink,
                .enquireLinkResponse, .alertNotification(source: .international("+331"), esme: .none, []),
            ]
        return bodies.enumerated().map { PDU($0.element, sequence: UInt32($0.offset + 1)) }
    }()

    private func bytes(_ pdus: [PDU]) throws -> ByteBuffer {
        var buffer = ByteBuffer()
        for pdu in pdus { try pdu.encode(into: &buffer) }
        return buffer
    }

    private func decode(_ pieces: [ByteBuffer], limit: Int = PDUDecoder.standardLimit) throws -> [PDUDecoder.Frame] {
        var decoder = PDUDecoder(limit: limit)
        var frames: [PDUDecoder.Frame] = []
        for piece in pieces {
            decoder.feed(piece)
            while let frame = try decoder.next() { frames.append(frame) }
        }
        return frames
    }

    @Test func `every operation of the specification is among those tried`() {
        #expect(Set(Self.all.map(\.body.command)) == Set(Command.allCases))
    }

    @Test func `what is written is read back, whole, one octet at a time, and in sevens`() throws {
        let whole = try bytes(Self.all)
        for size in [whole.readableBytes, 1, 7, 64] {
            var rest = whole
            var pieces: [ByteBuffer] = []
            while rest.readableBytes > 0 { pieces.append(rest.readSlice(length: min(size, rest.readableBytes))!) }
            let frames = try decode(pieces)
            #expect(frames.count == Self.all.count, "in pieces of \(size)")
            for (frame, pdu) in zip(frames, Self.all) { #expect(frame == .pdu(pdu), "\(pdu.body.command) in pieces of \(size)") }
        }
    }

    /// §4.4.1's fields in their order, by hand.
    @Test func `a submit_sm's octets are the specification's`() throws {
        var message = ShortMessage()
        message.source = Address(typeOfNumber: 5, numberingPlan: 0, "AB")
        message.destination = .international("+331")
        message.registeredDelivery = 1
        message.octets = Redacted([0x45])
        let expected: [UInt8] = [
            0, 0, 0, 42, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 9,
            0, 5, 0, 0x41, 0x42, 0, 1, 1, 0x33, 0x33, 0x31, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0x45,
        ]
        var buffer = try bytes([PDU(.submit(message), sequence: 9)])
        #expect(buffer.readBytes(length: buffer.readableBytes)?.dropFirst(4) == expected.dropFirst(4))
    }

    @Test func `a body cut anywhere is named as broken, and the next PDU is still read`() throws {
        for pdu in Self.all {
            let whole = try bytes([pdu])
            for length in PDU.headerLength..<whole.readableBytes {
                var cut = whole.getSlice(at: 0, length: length)!
                cut.setInteger(UInt32(length), at: 0)
                let frames = try decode([cut, try bytes([PDU(.enquireLink, sequence: 77)])])
                #expect(frames.count == 2)
                #expect(frames.last == .pdu(PDU(.enquireLink, sequence: 77)))
            }
        }
    }

    @Test(arguments: [0, 3, 15, 0x7FFF_FFFF, 0xFFFF_FFFF] as [UInt32])
    func `a length no PDU has ends the stream at once`(length: UInt32) {
        var bytes = ByteBuffer()
        bytes.writeMultipleIntegers(length, 5 as UInt32, 0 as UInt32, 1 as UInt32)
        #expect(throws: PDUError.badLength(length, limit: PDUDecoder.standardLimit)) { try decode([bytes]) }
    }

    @Test func `an operation unknown here is a broken frame, whoever it answers`() throws {
        var bytes = ByteBuffer()
        bytes.writeMultipleIntegers(16 as UInt32, 0x7777 as UInt32, 0 as UInt32, 5 as UInt32)
        let header = PDUHeader(command: 0x7777, status: .ok, sequence: 5)
        #expect(try decode([bytes]) == [.broken(header, .unknownCommand(0x7777))])
    }

    @Test func `a refusal without a body is read, as several SMSCs send it`() throws {
        for command: Command in [.submitSMResponse, .bindTransceiverResponse, .dataSMResponse, .querySMResponse] {
            var bytes = ByteBuffer()
            bytes.writeMultipleIntegers(16 as UInt32, command.rawValue, 0x58 as UInt32, 5 as UInt32)
            guard case .pdu(let pdu)? = try decode([bytes]).first else { Issue.record("\(command) was not read"); continue }
            #expect(pdu.status == .throttled)
        }
    }

    @Test func `fields too long to write are refused, and leave nothing behind`() {
        var message = ShortMessage()
        message.destination = .international(String(repeating: "1", count: 30))
        var buffer = ByteBuffer(string: "before")
        #expect(throws: PDUError.fieldTooLong(field: "destination_addr", limit: 21)) {
            try PDU(.submit(message), sequence: 1).encode(into: &buffer)
        }
        #expect(buffer == ByteBuffer(string: "before"))
        message.destination = .none
        message.octets = Redacted([UInt8](repeating: 65, count: 255))
        #expect(throws: PDUError.fieldTooLong(field: "short_message", limit: 254)) {
            try PDU(.submit(message), sequence: 1).encode(into: &buffer)
        }
    }

    @Test func `a PDU prints no number, no text and no password`() {
        let said = Self.all.map { "\($0)" + String(reflecting: $0) }.joined()
        for secret in ["33639980001", "secret08", "Montez"] { #expect(!said.contains(secret)) }
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `garbage gives frames or an error, never a crash, and memory stays bounded`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var base = try bytes(Self.all)
        let octets = base.readBytes(length: base.readableBytes)!
        for round in 0..<200 {
            var tried = octets
            if round.isMultiple(of: 4) { tried = (0..<400).map { _ in UInt8.random(in: 0...255, using: &generator) } }
            for _ in 0..<Int.random(in: 1...12, using: &generator) {
                tried[Int.random(in: tried.indices, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            _ = try? decode([ByteBuffer(bytes: tried)], limit: 4_096)
        }
    }
}
