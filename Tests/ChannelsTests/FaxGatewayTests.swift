import AlertModel
import Dispatching
import Fax
import Telephony
import Testing

@testable import Channels

@Suite struct FaxGatewayTests {
    private func outcome(_ code: Int, hasMet: Bool = true, pages: Int = 0, of document: Int = 2) -> SubmissionResult {
        FaxOutcome.of(FaxResult(
            end: CallEnd(.ours, wasAnswered: true, milliseconds: 41_000),
            session: FaxResult.Session(code: code, hasMet: hasMet, pages: pages, pagesOfDocument: document, rate: 14_400, isErrorCorrected: true)))
    }

    @Test func `a fax has arrived once its last page is confirmed, and what it took is told`() {
        #expect(outcome(0, pages: 2) == SubmissionResult(.known(.delivered), detail: "pages 2/2 14400 bit/s ECM 41s"))
        #expect(outcome(0, pages: 1).verdict == .known(.failed(.network)))
    }

    @Test func `what failed says why, and whether pages have left`() {
        #expect(outcome(48, hasMet: false) == .failed(.noAnswer, detail: "no_fax 41s"))
        #expect(outcome(8).verdict == .known(.failed(.refused)))
        let torn = outcome(48, pages: 1)
        #expect(torn.verdict == .known(.failed(.network)) && torn.isPartial && !torn.isGatewayFailure)
        #expect(!outcome(48).isPartial)
        #expect(outcome(42).isGatewayFailure, "the document is our own")
    }

    @Test func `nobody's answer is what it is for a call, and a modem that died is the gateway's fault`() {
        let busy = FaxResult(end: CallEnd(.theirs(status: 486), wasAnswered: false), session: nil)
        #expect(FaxOutcome.of(busy).verdict == .known(.failed(.busy)))
        #expect(FaxOutcome.of(FaxResult(end: CallEnd(.ours, wasAnswered: true), session: nil)).isGatewayFailure)
    }

    @Test func `one message is made into pages once, and another try is made where that failed`() async throws {
        actor Count {
            var value = 0
            func next() -> Int {
                value += 1
                return value
            }
        }
        let count = Count()
        let documents = FaxDocuments { _ in
            _ = await count.next()
            throw FaxError(.missing, program: "sheets")
        }
        for _ in 0..<2 { await #expect(throws: FaxError.self) { try await documents.document(of: Message(subject: "a", text: "b")) } }
        #expect(await count.value == 2)
    }

    @Test(arguments: [#""station": "mairie""#, #""station": """#, #""station": "123456789012345678901""#])
    func `what no machine can show is refused`(station: String) throws {
        let settings = #"{"host": "sip.example.org", "caller": "+33145000000", \#(station)}"#
        let file = #"{"version": 1, "gateways": [{"name": "a", "kind": "sip", "channel": "fax", "settings": \#(settings)}]}"#
        let error = #expect(throws: (any Error).self) { try GatewayFile.decode(Array(file.utf8)) }
        #expect("\(try #require(error))".contains("station"))
    }
}
