import AlertModel
import DispatchSupport
import GeoModel
import Testing

@testable import Campaigns

@Suite struct AudienceDigestTests {
    private func entry(
        _ id: String, _ certainty: Certainty = .certain, _ contacts: [(Channel, String)] = [(.sms, "+33199000000")],
        language: String = ""
    ) -> AudienceEntry {
        AudienceEntry(
            recipient: RecipientID(rawValue: 1), externalID: id, name: nil, communeCode: nil, precision: .given,
            certainty: certainty, language: language, why: "", contactPoints: contacts.enumerated().map {
                ContactPoint(channel: $1.0, address: Redacted($1.1), rank: $0 + 1)
            })
    }

    private func hash(
        _ entries: [AudienceEntry], zone: String = "{}", text: String = "crue", retries: Int = 1,
        mode: CampaignMode = .exercise, variants: [MessageVariant] = []
    ) throws -> AudienceHash {
        var digest = AudienceDigest(
            zoneDocument: zone.utf8, message: Message(subject: "s", text: text, variants: variants),
            policy: Policy(
                channels: [.sms], maximumRetries: retries, retryPeriodSeconds: 1, validitySeconds: 60), mode: mode)
        for entry in entries { try digest.update(entry) }
        return digest.finalize()
    }

    @Test func `anything that changes changes the hash`() throws {
        let base = [entry("a"), entry("b")]
        let hashes = try [
            hash(base), hash([entry("a")]), hash([]), hash([entry("a"), entry("b", .possible)]),
            hash([entry("a"), entry("b", .certain, [(.sms, "+33199000001")])]),
            hash([entry("a"), entry("b", .certain, [(.voice, "+33199000000")])]),
            hash([entry("a"), entry("b", .certain, [])]), hash(base, zone: "[]"), hash(base, text: "crues"),
            hash([entry("a", language: "en"), entry("b")]), hash(base, variants: [variant("en", "flood")]),
            hash(base, variants: [variant("en", "floods")]), hash(base, variants: [variant("de", "flood")]),
            hash(base, retries: 2), hash(base, mode: .real), hash([entry("ab"), entry("b")]),
        ]
        #expect(Set(hashes).count == hashes.count)
    }

    private func variant(_ language: String, _ text: String) throws -> MessageVariant {
        MessageVariant(try #require(MessageVariant.Use(language: language, channel: nil)), text: text)
    }

    @Test func `the order of contact points does not matter`() throws {
        #expect(
            try hash([entry("a", .certain, [(.sms, "1"), (.voice, "2")])])
                == hash([entry("a", .certain, [(.voice, "2"), (.sms, "1")])]))
    }

    @Test func `the text is hashed as it leaves`() throws {
        #expect(try hash([entry("a")], text: "crue") == hash([entry("a")], text: "EXERCICE - crue"))
    }

    @Test func `recipients out of order are refused`() {
        #expect(throws: LaunchError.audienceNotSorted(position: 1)) { try hash([entry("b"), entry("a")]) }
    }

    @Test func `the hash of a known audience does not change with versions of the code`() throws {
        // Computed apart, in Python, from the documented encoding.
        #expect(try hash([entry("a")]).hexadecimal == "09f88ea2d3037841fe2d1a8550fd41087a5638404eae6220d3381110918a22b3")
        #expect(AudienceHash(hexadecimal: try hash([entry("a")]).hexadecimal) != nil)
        #expect(AudienceHash(hexadecimal: "") == nil)
    }
}
