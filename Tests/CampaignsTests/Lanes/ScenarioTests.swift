import AlertModel
import Testing

@testable import Campaigns

@Suite struct ScenarioTests {
    private func scenario(
        text: String = "Crue à {lieu} vers {quand}", zone: String = "z", retries: Int = 1,
        blanks: [String: BlankKind] = ["lieu": .place, "quand": .time], kind: CampaignKind = .alert
    ) -> Scenario {
        Scenario(
            zoneDocument: zone, message: Message(subject: "S", text: text),
            policy: Policy(channels: [.sms], maximumRetries: retries, retryPeriodSeconds: 60, validitySeconds: 3600),
            kind: kind, weight: 1, blanks: blanks)
    }

    @Test func `a blank takes what its kind is, and nothing that makes another message`() {
        for (kind, value) in [
            (BlankKind.time, "18:30"), (.time, "18 h"), (.time, "8h05"), (.time, "23 h 59"), (.place, "rue du Pont-d’Aval (RD 901)"),
            (.place, "Saint-Valéry"), (.text, "le pont est coupé"),
        ] { #expect(kind.fault(value) == nil, "\(value)") }
        for (kind, value) in [
            (BlankKind.time, "bientôt"), (.time, "24:00"), (.time, "18:60"), (.time, ""), (.place, "06 39 98 00 01"),
            (.place, "x; y"), (.text, "voir http://piege.example"), (.text, "www.piege.example"), (.text, "a\nb"), (.text, "{lieu}"),
            (.text, "a@example.org"), (.text, String(repeating: "a", count: 41)), (.text, "   "),
        ] { #expect(kind.fault(value) != nil, "\(value)") }
    }

    @Test func `any change is another hash, and the same scenario the same`() {
        let digest = scenario().digest
        #expect(scenario().digest == digest && digest.count == 64)
        for changed in [
            scenario(text: "Crue à {lieu} vers {quand}."), scenario(zone: "y"), scenario(retries: 2),
            scenario(blanks: ["lieu": .text, "quand": .time]), scenario(blanks: ["lieu": .place]), scenario(kind: .information),
        ] { #expect(changed.digest != digest) }
    }

    @Test func `its blanks are filled with values of their kind, and with no others`() throws {
        #expect(
            try scenario().filled(["lieu": "Gamaches", "quand": "18 h"], standard: [:]).text == "Crue à Gamaches vers 18 h")
        #expect(throws: ScenarioError.noBlank("autre")) { try scenario().filled(["autre": "x"], standard: [:]) }
        #expect(throws: ScenarioError.self) { try scenario().filled(["lieu": "Gamaches"], standard: [:]) }
        #expect(throws: ScenarioError.self) { try scenario().filled(["lieu": "Gamaches", "quand": "tard"], standard: [:]) }
    }

    @Test func `blanks are written and read the same`() {
        let blanks: [String: BlankKind] = ["lieu": .place, "quand": .time, "motif": .text]
        #expect(Scenario.readBlanks(Scenario.write(blanks)) == blanks)
        #expect(Scenario.readBlanks("lieu") == nil && Scenario.readBlanks("lieu=autre") == nil)
    }
}
