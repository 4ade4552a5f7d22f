import AlertModel
import GeoModel
import Testing

@testable import Campaigns

@Suite struct LaunchRulesTests {
    private let zone = Zone.department("80")
    private let message = Message(subject: "Crue", text: "Montez à l'étage")

    private func codes(
        zone: Zone? = nil, recipients: Int = 10, message: Message? = nil, channels: [Channel] = [.sms],
        mode: CampaignMode = .exercise, available: Set<Channel> = [], confirmation: Int? = nil,
        policy: Policy? = nil
    ) -> [String] {
        LaunchRules(mode: mode, available: available).refusals(
            zone: zone ?? self.zone, recipients: recipients, message: message ?? self.message,
            policy: policy ?? PolicyRules.standard(channels: channels), confirmation: confirmation
        ).map(\.code)
    }

    @Test func `a sound plan has no reason to be refused`() {
        #expect(codes(confirmation: 10).isEmpty)
        #expect(codes(channels: [.email], mode: .real, available: [.email]).isEmpty)
    }

    @Test(arguments: [
        Zone.union([]), .communes([]), .intersection([]), .circle(centre: Position(longitude: 2, latitude: 50), radiusMetres: 0),
        .difference(.union([]), except: .department("80")), .union([.communes([]), .list("")]),
        .intersection([.department("80"), .communes([])]),
    ])
    func `a zone that names nothing is refused, never taken for everyone`(zone: Zone) {
        #expect(codes(zone: zone).contains("empty_zone"))
    }

    @Test func `nobody inside is refused`() { #expect(codes(recipients: 0) == ["empty_audience"]) }

    @Test func `the number typed must be the number alerted`() {
        #expect(codes(confirmation: 9) == ["confirmation_mismatch"])
    }

    @Test func `outside an exercise a channel needs its gateway`() {
        #expect(codes(channels: [.sms, .email], mode: .real, available: [.email]) == ["channel_unavailable"])
        #expect(codes(channels: Channel.allCases, mode: .exercise).isEmpty)
    }

    @Test func `texts are neither empty nor endless`() {
        #expect(codes(message: Message(subject: "", text: " \n")) == ["text_empty"])
        #expect(codes(message: Message(subject: " ", text: "a"), channels: [.email]) == ["subject_empty"])
        #expect(codes(message: Message(subject: "a\nb", text: "a")) == ["subject_unprintable"])
        #expect(codes(message: Message(subject: "s", text: String(repeating: "ê", count: 671))) == ["text_too_long"])
        #expect(codes(message: Message(subject: "s", text: String(repeating: "ê", count: 660))) == ["text_too_long"],
                "the word EXERCICE counts too")
        #expect(codes(message: Message(subject: "s", text: String(repeating: "a", count: 1_500))).isEmpty)
        #expect(codes(message: Message(subject: String(repeating: "a", count: 201), text: "a")) == ["subject_too_long"])
    }

    @Test func `a policy stays within its bounds`() {
        let policy = Policy(channels: [.sms, .sms], maximumRetries: 11, retryPeriodSeconds: 0, validitySeconds: 59)
        #expect(codes(policy: policy) == [
            "retries_out_of_bounds", "retry_period_out_of_bounds", "validity_out_of_bounds", "repeated_channel",
        ])
        #expect(codes(channels: []) == ["no_channel"])
    }
}
