import AlertModel

/// The last step before a gateway: what leaves is what was frozen, and to no one else.
package enum VerdictCheck {
    /// Why a claimed leg does not leave. The raw value is written with the attempt and audited.
    package enum Refusal: String, Error, CaseIterable, Sendable {
        case audienceNotFrozen = "audience_not_frozen"
        case outsideZone = "outside_zone"
        case sealBroken = "seal_broken"
        /// What would fill the text's places is not what was frozen, or is missing.
        case valuesBroken = "values_broken"
        case wrongMode = "wrong_mode"
        case exerciseNotMarked = "exercise_not_marked"
        case channelNotAsked = "channel_not_asked"
        case wrongGateway = "wrong_gateway"
        case foreignGateway = "foreign_gateway"
        case textUnreadable = "text_unreadable"
    }

    /// Checks one leg against its campaign and the gateway it was claimed for.
    /// - Returns: the hash of the audience the leg belongs to.
    package static func check(
        _ leg: ClaimedLeg, of campaign: DispatchedCampaign?, through gateway: Gateway?, mode: CampaignMode
    ) throws(Refusal) -> AudienceHash {
        guard let campaign, let audience = leg.addendum == 0 ? campaign.audience : campaign.addenda[leg.addendum] else {
            throw .audienceNotFrozen
        }
        guard campaign.mode == mode else { throw .wrongMode }
        guard let certainty = leg.certainty else { throw .outsideZone }
        let seal = LegSeal(
            audience: audience, externalID: leg.externalID, certainty: certainty, channel: leg.channel,
            address: leg.address)
        guard seal == leg.seal else { throw .sealBroken }
        if campaign.message.isPersonal {
            guard let sealed = leg.values, sealed.seal == ValuesSeal(sealed.values, of: seal) else { throw .valuesBroken }
        }
        guard campaign.policy.channels.contains(leg.channel) else { throw .channelNotAsked }
        guard mode != .exercise || campaign.message.isMarkedAsExercise else { throw .exerciseNotMarked }
        guard let gateway, gateway.channel == leg.channel, gateway.isSimulator == (mode == .exercise) else {
            throw .wrongGateway
        }
        // Another's contract, and another's sender. A simulator is nobody's.
        guard mode == .exercise || campaign.access.allows(gateway.name, on: leg.channel) else { throw .foreignGateway }
        return audience
    }
}
