import AlertModel
import Foundation
import GeoModel

/// `GET /api/campaigns/{id}/people`.
package struct CampaignPeoplePage: Codable, Sendable {
    package let people: [CampaignPersonDocument]
    /// Of the whole list; with its first page alone.
    @Nullable package var total: Int?
    /// Where the next page begins; null after the last one.
    @Nullable package var next: Int64?
    package let at: Date

    package init(people: [CampaignPersonDocument], total: Int?, next: Int64?, at: Date) {
        self.people = people
        self.at = at
        self.total = total
        self.next = next
    }
}

/// One person of a campaign's list.
package struct CampaignPersonDocument: Codable, Sendable {
    package struct Way: Codable, Sendable {
        let channel: Channel
        let address: String
        let state: LegState
        @Nullable var cause: FailureCause?
    }

    let number: Int64
    let id: String
    /// Null once they have left the register.
    @Nullable var name: String?
    @Nullable var address: String?
    @Nullable var building: String?
    @Nullable var postcode: String?
    @Nullable var communeCode: String?
    @Nullable var commune: String?
    /// Null for who is in no campaign.
    @Nullable var state: DeliveryState?
    @Nullable var certainty: Certainty?
    @Nullable var changedAt: Date?
    let ways: [Way]

    package init(_ person: CampaignPerson) {
        number = person.number
        id = person.externalID
        ways = person.ways.map { Way(channel: $0.channel, address: $0.address.value, state: $0.state, cause: $0.cause) }
        name = person.name?.value
        address = person.address?.value
        building = person.building
        postcode = person.postcode
        communeCode = person.communeCode?.rawValue
        commune = person.communeName
        state = person.state
        certainty = person.certainty
        changedAt = person.changedAt.map { Date(timeIntervalSince1970: Double($0.millisecondsSince1970) / 1000) }
    }
}

/// `GET /api/campaigns/{id}/people/failures`.
package struct FailureFigures: Codable, Hashable, Sendable {
    package struct Figure: Codable, Hashable, Sendable {
        let channel: Channel
        let cause: FailureCause
        let people: Int

        package init(channel: Channel, cause: FailureCause, people: Int) {
            self.channel = channel
            self.cause = cause
            self.people = people
        }
    }

    package let failures: [Figure]

    package init(failures: [Figure]) {
        self.failures = failures
    }
}

/// `GET /api/campaigns/{id}/cells`.
package struct StateCells: Codable, Hashable, Sendable {
    /// Recipients of one square of a grid the server makes, by what became of the campaign for them.
    package struct Cell: Codable, Hashable, Sendable {
        /// Centre of the square.
        package let position: LonLat
        package let recipients: Int
        /// Only states that somebody is in.
        package let states: [String: Int]

        package init(position: LonLat, states: [DeliveryState: Int]) {
            self.position = position
            self.states = Dictionary(uniqueKeysWithValues: states.filter { $0.value > 0 }.map { ($0.key.rawValue, $0.value) })
            recipients = states.values.reduce(0, +)
        }
    }

    package let cells: [Cell]
    /// Recipients that no cell holds: their commune alone is known, or they have left the register.
    package let withoutPlace: Int
    /// When the states were read.
    package let at: Date

    package init(cells: [Cell], withoutPlace: Int, at: Date) {
        self.cells = cells
        self.withoutPlace = withoutPlace
        self.at = at
    }
}
