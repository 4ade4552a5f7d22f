import AlertModel
import TestSupport
import Testing

@testable import SMPP

@Suite struct ReceiptTests {
    private func message(_ text: String, esm: UInt8 = 4, _ parameters: [TLV] = []) -> ShortMessage {
        var message = ShortMessage()
        message.esmClass = esm
        message.source = .international("33639980001")
        message.octets = Redacted(Array(text.utf8))
        message.parameters = parameters
        return message
    }

    @Test(arguments: [
        "id:0123 sub:001 dlvrd:001 submit date:2611221000 done date:2611221001 stat:DELIVRD err:000 text:Montez",
        "ID:0123 SUB:001 DLVRD:001 STAT:DELIVRD ERR:000 TEXT:", "id: 0123 stat: delivered err: 000",
        "stat:DELIVRD err:000 id:0123", "id:0123 stat:Delivrd", "id=0123;stat=DELIVRD;err=000", "id:0123,stat:DELIVERED,err:000",
        "id:0123\nstat:DELIVRD\nerr:000", "err:000 status:DELIVRD id:0123", "id:0123 sub: dlvrd: stat:DELIVRD err:000",
        "id:0123 stat:DELIVRD err:000 text:stat:UNDELIV id:9",
    ])
    func `a receipt's text is read however its SMSC writes it`(text: String) throws {
        let receipt = try #require(DeliveryReceipt(message(text)))
        #expect(receipt.textID == "0123")
        #expect(receipt.state == .delivered)
        #expect(MessageIDs.same.reference(of: receipt) == "123")
        #expect(receipt.errorCode == nil || receipt.errorCode == "000")
    }

    @Test func `every state is known by its word and by its number`() throws {
        for (word, state): (String, DeliveryReceipt.State) in [
            ("ENROUTE", .enroute), ("DELIVRD", .delivered), ("EXPIRED", .expired), ("DELETED", .deleted), ("UNDELIV", .undeliverable),
            ("ACCEPTD", .accepted), ("UNKNOWN", .unknown), ("REJECTD", .rejected),
        ] {
            #expect(try #require(DeliveryReceipt(message("id:1 stat:\(word)"))).state == state)
            let byNumber = message("", [TLV(.receiptedMessageID, Array("1\0".utf8)), TLV(.messageState, state.rawValue)])
            #expect(try #require(DeliveryReceipt(byNumber)).state == state)
        }
    }

    @Test func `parameters alone are enough, and count before the text`() throws {
        let parameters = [
            TLV(.receiptedMessageID, Array("00AB\0".utf8)), TLV(.messageState, 5 as UInt8), TLV(.networkErrorCode, [3, 0, 1]),
        ]
        let receipt = try #require(DeliveryReceipt(message("id:171 stat:DELIVRD", parameters)))
        #expect(receipt.state == .undeliverable)
        #expect(receipt.networkError == .init(network: 3, code: 1))
        #expect(MessageIDs.same.reference(of: receipt) == "ab")
        #expect(MessageIDs.hexThenDecimal.reference(of: receipt) == MessageIDs.hexThenDecimal.reference(ofResponse: "AB"))
    }

    @Test func `an id in hexadecimal and its receipt in decimal are the same, and the reverse`() throws {
        let decimal = try #require(DeliveryReceipt(message("id:268435457 stat:DELIVRD")))
        let hexadecimal = try #require(DeliveryReceipt(message("id:10000001 stat:DELIVRD")))
        #expect(MessageIDs.hexThenDecimal.reference(ofResponse: "10000001") == MessageIDs.hexThenDecimal.reference(of: decimal))
        #expect(MessageIDs.hexThenDecimal.reference(ofResponse: "0x10000001") == MessageIDs.hexThenDecimal.reference(of: decimal))
        #expect(MessageIDs.decimalThenHex.reference(ofResponse: "268435457") == MessageIDs.decimalThenHex.reference(of: hexadecimal))
        #expect(MessageIDs.same.reference(ofResponse: "268435457") != MessageIDs.same.reference(of: hexadecimal))
        #expect(MessageIDs.same.reference(ofResponse: "000") == "0")
        #expect(MessageIDs.hexThenDecimal.reference(ofResponse: "msg-1") == "msg-1")
    }

    @Test(arguments: ["", "id:1", "stat:DELIVRD", "id: stat:", "hello", "id:1 stat:WHATEVER"])
    func `what is no receipt is none`(text: String) {
        #expect(DeliveryReceipt(message(text)) == nil)
    }

    @Test func `a phone's text is a message, and a text that apes a receipt is no receipt`() {
        let inbox = Inbox()
        let (incoming, _) = inbox.take(message("OUI", esm: 0))
        guard case .text(let text)? = incoming else { Issue.record("no text"); return }
        #expect(text.text.value == "OUI")
        #expect(text.source.value == "33639980001")
        let forged = inbox.take(message("id:1 stat:DELIVRD", esm: 0))
        guard case .text? = forged.incoming else { Issue.record("a forged receipt was believed"); return }
        #expect(forged.discarded == .unmarkedReceipt)
        let trusting = Inbox(takesUnmarkedReceipts: true)
        guard case .receipt? = trusting.take(message("id:1 stat:DELIVRD", esm: 0)).incoming else {
            Issue.record("an unmarked receipt was not taken")
            return
        }
    }

    @Test func `receipts are told by class, by parameter, or as a notice on the way`() {
        let inbox = Inbox()
        for (esm, parameters): (UInt8, [TLV]) in [(4, []), (0x20, []), (0, [TLV(.receiptedMessageID, Array("1\0".utf8))])] {
            let (item, _) = inbox.take(message("id:1 stat:DELIVRD", esm: esm, parameters))
            guard case .receipt? = item else { Issue.record("esm \(esm) was not taken for a receipt"); continue }
        }
        #expect(inbox.take(message("not a receipt", esm: 4)).discarded == .receiptNotUnderstood)
    }

    @Test func `a part of a long reply says which it is, by header or by parameters`() {
        let inbox = Inbox()
        for number in [2, 1] as [UInt8] {
            var part = message("", esm: 0x40)
            part.octets = Redacted([5, 0, 3, 9, 2, number] + Array("OUI, je".utf8))
            var sar = message("OUI, je", esm: 0)
            sar.parameters = [TLV(.sarReference, 9 as UInt16), TLV(.sarTotal, 2 as UInt8), TLV(.sarNumber, number)]
            for one in [part, sar] {
                guard case .text(let text)? = inbox.take(one).incoming else { Issue.record("no text"); continue }
                #expect(text.text.value == "OUI, je" && text.part == .init(reference: 9, total: 2, number: number))
            }
        }
        var whole = message("", esm: 0x40)
        whole.octets = Redacted([5, 0, 3, 9, 1, 1] + Array("OUI".utf8))
        guard case .text(let text)? = inbox.take(whole).incoming else { Issue.record("no text"); return }
        #expect(text.part == nil, "one of one is whole")
    }

    @Test func `receipts of ASCII are read as those of any letters are`() {
        var random = SeededGenerator(seed: 5)
        let pieces = [
            "id", "ID", "stat", "Status", "state", "err", "ERROR", "sub", "text", "iid", ":", "=", ":", " ", ";", ",", "\n", "\r\n", "\t", "\u{B}",
            "0123", "DELIVRD", "a\u{1C}b", "\0", "::", "",
        ]
        for _ in 0..<4_000 {
            var text = (0..<Int.random(in: 0...14, using: &random)).map { _ in pieces.randomElement(using: &random)! }.joined()
            let slow = ReceiptText.fields(text)
            let fast = text.withUTF8 { ReceiptText.fields($0) }
            #expect(fast == slow, "\(text.debugDescription)")
            // A letter beyond ASCII, where nothing is read of it, takes the other way.
            #expect(ReceiptText(text) == ReceiptText("é " + text), "\(text.debugDescription)")
        }
    }

    @Test func `an id is compared without its case, blanks and leading zeros`() {
        for (id, plain) in [
            ("0012aB", "12ab"), (" 0 0\t", "0"), ("", ""), ("000", "0"), ("A-00", "a-00"), ("0é0", "é0"), ("É", "é"), ("\u{A0}07", "7"),
        ] { #expect(MessageIDs.same.reference(ofResponse: id) == plain) }
        #expect(MessageIDs.hexThenDecimal.reference(ofResponse: "0xFF") == "255")
    }
}
