import AlertModel
import Foundation

/// What somebody looks for in the register; what is nil narrows nothing.
package struct RegisterQuery: Hashable, Sendable {
    package var text = ""
    package var list: String?
    package var tag: String?
    package var communeCode: String?
    package var channel: Channel?
    package var precision: Precision?
    /// Months since anybody made sure of the card.
    package var staleMonths: Int?
    package var hasOptedOut = false
    package var isUnreachable = false

    package init() {}
}

/// Where a page of people ends.
package struct PeoplePlace: Codable, Hashable, Sendable {
    package let stage: Int
    package let id: Int64

    package init(stage: Int, id: Int64) {
        self.stage = stage
        self.id = id
    }
}

/// One page of the people found.
package struct FoundPeoplePage: Encodable, Hashable, Sendable {
    package struct Line: Codable, Hashable, Sendable {
        package let id: Int64
        package let identifier: String
        package let kind: RecipientKind
        package let name: String
        package let address: String?
        package let postcode: String?
        package let commune: String?
        package let precision: Precision
        package let channels: [Channel]
        package let hasOptedOut: Bool
        package let organisation: String
        package let isWritable: Bool

        package init(
            id: Int64, identifier: String, kind: RecipientKind, name: String, address: String?, postcode: String?,
            commune: String?, precision: Precision, channels: [Channel], hasOptedOut: Bool, organisation: String,
            isWritable: Bool
        ) {
            self.id = id
            self.identifier = identifier
            self.kind = kind
            self.name = name
            self.address = address
            self.postcode = postcode
            self.commune = commune
            self.precision = precision
            self.channels = channels
            self.hasOptedOut = hasOptedOut
            self.organisation = organisation
            self.isWritable = isWritable
        }
    }

    package let people: [Line]
    /// Nil at the end.
    package let next: PeoplePlace?
    /// Of the first page, when they are few enough to be counted.
    package let count: Int?

    package init(people: [Line], next: PeoplePlace?, count: Int?) {
        self.people = people
        self.next = next
        self.count = count
    }
}

/// One way to reach somebody, with what is known of it.
package struct ContactDocument: Codable, Hashable, Sendable {
    package let channel: Channel
    package let address: String
    package let rank: Int
    package let isEmergency: Bool
    package let isOfUnknownRange: Bool
    package let consent: Consent?
    package let consentOn: String?
    package let provenance: String?
    package let confirmedOn: String?
    /// How the last message to it went: a leg's state, and why it failed.
    package var outcome: String?
    package var cause: String?
    package var outcomeAt: Date?

    package init(
        channel: Channel, address: String, rank: Int, isEmergency: Bool, isOfUnknownRange: Bool, consent: Consent?,
        consentOn: String?, provenance: String?, confirmedOn: String?
    ) {
        self.channel = channel
        self.address = address
        self.rank = rank
        self.isEmergency = isEmergency
        self.isOfUnknownRange = isOfUnknownRange
        self.consent = consent
        self.consentOn = consentOn
        self.provenance = provenance
        self.confirmedOn = confirmedOn
    }
}

/// A recipient's card.
package struct PersonCardDocument: Encodable, Hashable, Sendable {
    package let id: Int64
    /// What a change names.
    package let version: String
    package let identifier: String
    package let kind: RecipientKind
    package let name: String
    package let language: String
    package let address: String?
    package let postcode: String?
    package let commune: String?
    package let communeCode: String?
    package let household: String?
    package let building: String?
    package let confirmedOn: String?
    package let precision: Precision
    /// WGS 84; nil without a point.
    package let position: LonLat?
    package let uncertaintyMetres: Double?
    /// Where a map without a point begins: the commune's box, west, south, east, north.
    package let communeBounds: [Double]?
    package let contacts: [ContactDocument]
    package let lists: [String]
    package let tags: [String]
    package let organisation: String
    package let source: String?
    package let isWritable: Bool
    package let isKeptBySystem: Bool
    package let updatedAt: Date

    package init(
        id: Int64, version: String, identifier: String, kind: RecipientKind, name: String, language: String,
        address: String?, postcode: String?, commune: String?, communeCode: String?, household: String?, building: String?,
        confirmedOn: String?, precision: Precision, position: LonLat?, uncertaintyMetres: Double?, communeBounds: [Double]?,
        contacts: [ContactDocument], lists: [String], tags: [String], organisation: String, source: String?,
        isWritable: Bool, isKeptBySystem: Bool, updatedAt: Date
    ) {
        self.id = id
        self.version = version
        self.identifier = identifier
        self.kind = kind
        self.name = name
        self.language = language
        self.address = address
        self.postcode = postcode
        self.commune = commune
        self.communeCode = communeCode
        self.household = household
        self.building = building
        self.confirmedOn = confirmedOn
        self.precision = precision
        self.position = position
        self.uncertaintyMetres = uncertaintyMetres
        self.communeBounds = communeBounds
        self.contacts = contacts
        self.lists = lists
        self.tags = tags
        self.organisation = organisation
        self.source = source
        self.isWritable = isWritable
        self.isKeptBySystem = isKeptBySystem
        self.updatedAt = updatedAt
    }
}

/// What was done to a recipient, and what was sent to it; newest first.
package struct PersonHistoryDocument: Encodable, Hashable, Sendable {
    package struct Event: Codable, Hashable, Sendable {
        package let at: Date
        package let actor: String
        package let action: String
        package let detail: [String: String]

        package init(at: Date, actor: String, action: String, detail: [String: String]) {
            self.at = at
            self.actor = actor
            self.action = action
            self.detail = detail
        }
    }

    package struct Message: Codable, Hashable, Sendable {
        package let campaign: Int64
        package let at: Date
        package let subject: String
        package let mode: CampaignMode
        package let state: String

        package init(campaign: Int64, at: Date, subject: String, mode: CampaignMode, state: String) {
            self.campaign = campaign
            self.at = at
            self.subject = subject
            self.mode = mode
            self.state = state
        }
    }

    package let events: [Event]
    package let messages: [Message]

    package init(events: [Event], messages: [Message]) {
        self.events = events
        self.messages = messages
    }
}

/// A card as somebody writes it. What is nil stays as it is; a text that is empty is emptied.
package struct PersonDraft: Hashable, Sendable {
    package struct Contact: Hashable, Sendable {
        /// Nil for a number of either sort: a mobile gets SMS and voice, a fixed line voice.
        package let channel: Channel?
        package let address: String
        package let isEmergency: Bool
        package let consent: Consent?
    }

    package var identifier: String?
    package var kind: RecipientKind?
    package var name: String?
    package var language: String?
    package var address: String?
    package var postcode: String?
    package var commune: String?
    package var communeCode: String?
    package var household: String?
    package var building: String?
    package var confirmedOn: String?
    package var position: LonLat?
    /// No longer where somebody placed the point, but where the geocoder finds the address.
    package var isPlacedByAddress = false
    package var contacts: [Contact]?
    package var lists: [String]?
    package var tags: [String]?
    /// How somebody opted out or in.
    package var reason: OptReason?
}

/// How somebody said that they want no more information, or want it again.
package enum OptReason: String, CaseIterable, Codable, Hashable, Sendable {
    case telephone, letter, email, desk, other
}

/// A place that an address may mean.
package struct PlaceSuggestion: Codable, Hashable, Sendable {
    package let label: String
    /// Number and street, as a card has them.
    package let address: String
    package let postcode: String?
    package let commune: String
    package let communeCode: String
    package let kind: AddressKind
    package let position: LonLat

    package init(
        label: String, address: String, postcode: String?, commune: String, communeCode: String, kind: AddressKind,
        position: LonLat
    ) {
        self.label = label
        self.address = address
        self.postcode = postcode
        self.commune = commune
        self.communeCode = communeCode
        self.kind = kind
        self.position = position
    }
}
