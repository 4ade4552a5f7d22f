import GeoModel

/// One person of a campaign, as a list of it shows them: what the ledger froze, and what the register knows now.
package struct CampaignPerson: Sendable {
    /// A contact point of theirs in the campaign, their own or one they share.
    package struct Way: Sendable {
        package let channel: Channel
        package let address: Redacted<String>
        package let state: LegState
        package let cause: FailureCause?

        package init(channel: Channel, address: Redacted<String>, state: LegState, cause: FailureCause?) {
            self.channel = channel
            self.address = address
            self.state = state
            self.cause = cause
        }
    }

    /// Lists go by it, and pages go on after it: in the ledger, or in the register for who is in no campaign.
    package let number: Int64
    package let externalID: String
    /// Nil once they have left the register, as all that is read there.
    package let name: Redacted<String>?
    package let address: Redacted<String>?
    package let building: String?
    package let postcode: String?
    /// At the launch.
    package let communeCode: CommuneCode?
    package let communeName: String?
    /// Nil for who is in no campaign.
    package let state: DeliveryState?
    package let certainty: Certainty?
    package let changedAt: UTCTime?
    package let ways: [Way]

    package init(
        number: Int64, externalID: String, name: Redacted<String>?, address: Redacted<String>?, building: String?,
        postcode: String?, communeCode: CommuneCode?, communeName: String?, state: DeliveryState?, certainty: Certainty?,
        changedAt: UTCTime?, ways: [Way]
    ) {
        self.number = number
        self.externalID = externalID
        self.name = name
        self.address = address
        self.building = building
        self.postcode = postcode
        self.communeCode = communeCode
        self.communeName = communeName
        self.state = state
        self.certainty = certainty
        self.changedAt = changedAt
        self.ways = ways
    }
}
