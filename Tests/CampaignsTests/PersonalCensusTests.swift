import AlertModel
import DispatchSupport
import GeoModel
import Testing

@testable import Campaigns

@Suite struct PersonalCensusTests {
    private func entry(_ id: String, _ name: String?, number: String? = "1", language: String = "fr") -> AudienceEntry {
        AudienceEntry(
            recipient: RecipientID(rawValue: 1), externalID: id, name: nil, communeCode: nil, precision: .given,
            certainty: .certain, language: language, why: "",
            contactPoints: number.map { [ContactPoint(channel: .sms, address: Redacted("+3363998000\($0)"), rank: 1)] } ?? [],
            values: PersonalValues([.name: name]))
    }

    private func refusal(_ text: String, _ entries: [AudienceEntry]) throws -> LaunchError? {
        let message = try Message(subject: "", text: text).filled { _ in nil }
        var census = try PersonalCensus(message, policy: PolicyRules.standard(channels: [.sms]), mode: .real)
        for entry in entries { try census.take(entry) }
        return census.refusal
    }

    @Test func `who has no value is counted, unless something is said instead or nothing is sent`() throws {
        let people = [entry("a", "Durand", number: "1"), entry("b", nil, number: "2"), entry("c", " ", number: "3"), entry("d", nil, number: nil)]
        #expect(try refusal("Bonjour {nom}", people) == .placeWithoutValue(.name, recipients: 2, sharing: 0))
        #expect(try refusal("Bonjour {nom|à vous}", people) == nil)
        #expect(try refusal("Bonjour", people) == nil)
    }

    @Test func `who shares a number with somebody of another name is not called by either`() throws {
        let family = [entry("a", "Durand"), entry("b", "Durand"), entry("c", "Petit")]
        #expect(try refusal("Bonjour {nom}", Array(family.prefix(2))) == nil)
        #expect(try refusal("Bonjour {nom}", family) == .placeWithoutValue(.name, recipients: 0, sharing: 1))
        #expect(try refusal("Bonjour {nom|à vous}", family) == nil)
    }

    @Test func `one long name can make the text too long`() throws {
        let text = String(repeating: "Montez a l'etage. ", count: 84) + "{nom|x}"
        #expect(try refusal(text, [entry("a", "Petit")]) == nil)
        // A letter outside the SMS alphabet halves what fits.
        guard case .textTooLong? = try refusal(text, [entry("a", "Petit"), entry("b", "Forêt", number: "2")]) else {
            Issue.record("a text of too many segments passed")
            return
        }
    }

    @Test func `a value that changes changes a personal audience's hash, and no other's`() throws {
        func hash(_ names: [String?], text: String) throws -> AudienceHash {
            let message = try Message(subject: "s", text: text).filled { _ in nil }
            var digest = AudienceDigest(
                zoneDocument: "{}".utf8, message: message, policy: PolicyRules.standard(channels: [.sms]), mode: .real)
            for (index, name) in names.enumerated() { try digest.update(entry("\(index)", name)) }
            return digest.finalize()
        }
        #expect(try hash(["Durand", nil], text: "{nom|x}") != hash(["Durant", nil], text: "{nom|x}"))
        #expect(try hash(["Durand", nil], text: "{nom|x}") != hash(["Durand", nil], text: "{nom|y}"))
        #expect(try hash(["Durand", nil], text: "x") == hash(["Durant", "z"], text: "x"))
    }
}
