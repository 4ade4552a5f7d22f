import TestSupport
import Testing

@testable import AlertModel

@Suite struct RecipientDetailsTests {
    private func recipient(_ points: [ContactPoint], confirmedOn: CalendarDate? = nil) -> Recipient {
        var recipient = Recipient(
            externalID: "1", name: Redacted("N"), kind: .person, addressText: nil, postcode: nil, communeCode: nil,
            communeName: nil, language: "fr", location: nil, contactPoints: points, lists: nil)
        recipient.confirmedOn = confirmedOn
        return recipient
    }

    private func point(_ channel: Channel, _ address: String, _ rank: Int = 1) -> ContactPoint {
        ContactPoint(channel: channel, address: Redacted(address), rank: rank)
    }

    @Test func `what the columns say needs no details`() {
        var one = point(.email, "a@example.org"), two = point(.voice, "+33199000001")
        for consent in [nil, Consent.given] {
            one.consent = consent
            two.consent = consent
            one.provenance = "mairie"
            two.provenance = "mairie"
            let recipient = recipient([one, two])
            let row = RowFacts(of: recipient)
            #expect(row.sayEverything && row.consent == consent && row.provenance == "mairie")
            #expect(RecipientDetails(of: recipient, beside: row).text == "")
        }
    }

    @Test func `emergency numbers are told by their column where an import marks the same contact points`() {
        func says(_ points: [(Channel, String, Bool)]) -> [String]? {
            let points = points.enumerated().map { index, entry in
                ContactPoint(channel: entry.0, address: Redacted(entry.1), rank: index + 1, isEmergency: entry.2)
            }
            let row = RowFacts(of: recipient(points))
            return row.sayEverything ? row.emergencyNumbers : nil
        }
        #expect(says([(.sms, "+33639980001", true), (.voice, "+33639980001", true)]) == ["+33639980001"])
        #expect(says([(.voice, "+33199000001", true), (.fax, "+33199000001", false)]) == ["+33199000001"])
        // An import would add the SMS, or mark both.
        #expect(says([(.voice, "+33639980001", true)]) == nil)
        #expect(says([(.sms, "+33639980001", false), (.voice, "+33639980001", true)]) == nil)
        #expect(says([(.email, "a@example.org", true)]) == nil)
    }

    @Test func `what the columns cannot say comes back from the details, whatever it is`() throws {
        var generator = SeededGenerator(seed: 8)
        func maybe<Value>(_ values: [Value]) -> Value? {
            Bool.random(using: &generator) ? values.randomElement(using: &generator) : nil
        }
        let days = ["2024-02-29", "2026-01-01"].compactMap { CalendarDate($0) }
        for _ in 0..<500 {
            var ranks: [Channel: Int] = [:]
            let points = (0..<Int.random(in: 1...4, using: &generator)).map { index in
                let channel = Channel.allCases.randomElement(using: &generator)!
                ranks[channel, default: 0] += 1
                return ContactPoint(
                    channel: channel, address: Redacted("\(index)"), rank: ranks[channel]!,
                    isEmergency: Int.random(in: 0...3, using: &generator) == 0, consent: maybe(Consent.allCases),
                    consentOn: maybe(days), provenance: maybe(["=x", "a \"b\"\n"]), confirmedOn: maybe(days))
            }
            var whole = recipient(points, confirmedOn: maybe(days))
            whole.vulnerability = maybe([
                Vulnerability(kind: Redacted("k"), recordedOn: days[0], provenance: "p"), Vulnerability(kind: Redacted("k")),
            ])
            let row = RowFacts(of: whole)
            let text = RecipientDetails(of: whole, beside: row).text
            // As an import makes it of the plain columns.
            var read = whole
            for index in read.contactPoints.indices {
                read.contactPoints[index].consent = row.consent
                read.contactPoints[index].consentOn = row.consentOn
                read.contactPoints[index].provenance = row.provenance
                read.contactPoints[index].confirmedOn = row.confirmedOn
                read.contactPoints[index].isEmergency = row.emergencyNumbers.contains(read.contactPoints[index].address.value)
            }
            if let known = whole.vulnerability { read.vulnerability = Vulnerability(kind: known.kind, recordedOn: known.recordedOn, provenance: row.provenance) }
            if !text.isEmpty { try #require(RecipientDetails(text)).apply(to: &read) }
            #expect(read == whole, "\(text)")
        }
    }

    @Test(arguments: [
        "", "x", "[]", #"{"contacts":{}}"#, #"{"contact":[]}"#, #"{"contacts":[{"channel":"smoke","rank":1}]}"#,
        #"{"contacts":[{"channel":"sms","rank":1,"consent":"maybe"}]}"#,
        #"{"contacts":[{"channel":"sms","rank":1,"confirmed_on":"2023-02-30"}]}"#, #"{"vulnerability":"x"}"#,
        #"{"contacts":[{"channel":"sms","rank":1.5}]}"#,
    ])
    func `what no export wrote is refused`(text: String) {
        #expect(RecipientDetails(text) == nil)
    }
}
