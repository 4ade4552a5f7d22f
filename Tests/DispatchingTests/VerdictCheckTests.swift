import AlertModel
import DispatchSupport
import Testing

@testable import Dispatching

@Suite struct VerdictCheckTests {
    private static let audience = AudienceHash(hexadecimal: String(repeating: "ab", count: 32))!
    private static let gateway = Peers.gateway(.sms, window: 1)

    private static func leg(
        externalID: String = "A", certainty: Certainty? = .certain, sealed: Certainty = .certain,
        address: String = "+33199000000", channel: Channel = .sms
    ) -> ClaimedLeg {
        ClaimedLeg(
            attempt: AttemptID(rawValue: 1), leg: LegID(rawValue: 1), campaign: CampaignID(rawValue: 1),
            gateway: gateway.name, channel: channel, address: Redacted(address), externalID: externalID,
            certainty: certainty,
            seal: LegSeal(
                audience: audience, externalID: "A", certainty: sealed, channel: .sms,
                address: Redacted("+33199000000")),
            countedAttempts: 0, throttles: 0, possibleDuplicate: false)
    }

    private static func campaign(
        audience: AudienceHash? = audience, mode: CampaignMode = .exercise, text: String = "EXERCICE - crue",
        subject: String = "EXERCICE", channels: [Channel] = [.sms]
    ) -> DispatchedCampaign {
        DispatchedCampaign(
            id: CampaignID(rawValue: 1), mode: mode, audience: audience,
            message: Message(subject: subject, text: text),
            policy: Policy(channels: channels, maximumRetries: 0, retryPeriodSeconds: 1, validitySeconds: 60),
            expiresAt: UTCTime(millisecondsSince1970: 0))
    }

    @Test func `what was frozen leaves`() throws {
        #expect(
            try VerdictCheck.check(Self.leg(), of: Self.campaign(), through: Self.gateway, mode: .exercise)
                == Self.audience)
    }

    @Test(arguments: [
        (leg(certainty: nil), campaign(), VerdictCheck.Refusal.outsideZone),
        (leg(certainty: .possible), campaign(), .sealBroken),
        (leg(externalID: "B"), campaign(), .sealBroken),
        (leg(address: "+33199000001"), campaign(), .sealBroken),
        (leg(), campaign(audience: nil), .audienceNotFrozen),
        (leg(), campaign(audience: AudienceHash(hexadecimal: String(repeating: "cd", count: 32))), .sealBroken),
        (leg(), campaign(mode: .real), .wrongMode),
        (leg(), campaign(text: "crue"), .exerciseNotMarked),
        (leg(), campaign(subject: "crue"), .exerciseNotMarked),
        (leg(), campaign(channels: [.email]), .channelNotAsked),
    ])
    func `anything else is withheld`(leg: ClaimedLeg, campaign: DispatchedCampaign, reason: VerdictCheck.Refusal) {
        #expect(throws: reason) {
            try VerdictCheck.check(leg, of: campaign, through: Self.gateway, mode: .exercise)
        }
    }

    @Test func `an exercise's leg does not leave through a gateway that reaches people`() {
        let real = Peers.gateway(.sms, window: 1, isSimulator: false)
        #expect(throws: VerdictCheck.Refusal.wrongGateway) {
            try VerdictCheck.check(Self.leg(), of: Self.campaign(), through: real, mode: .exercise)
        }
    }

    @Test func `an exercise's set refuses real gateways, a real set simulators`() {
        #expect(throws: DispatchError.self) {
            try GatewaySet.exercise([Peers.gateway(.sms, window: 1), Peers.gateway(.email, window: 1, isSimulator: false)])
        }
        #expect(throws: DispatchError.self) { try GatewaySet.real([Peers.gateway(.sms, window: 1)]) }
        #expect(throws: DispatchError.self) {
            try GatewaySet.exercise([Peers.gateway(.sms, window: 1), Peers.gateway(.sms, window: 1)])
        }
    }
}
