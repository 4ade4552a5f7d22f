import GeoModel

/// What a recipient stands for.
package enum RecipientKind: String, CaseIterable, Codable, Hashable, Sendable {
    case person, household, office
}

/// Why somebody needs more than a message. Kept apart from the register's other facts, and shown to nobody who does
/// not ask for it by name.
package struct Vulnerability: Hashable, Sendable {
    /// In the register's own words: “mobilité réduite”, “oxygène à domicile”.
    package let kind: Redacted<String>
    package let detail: Redacted<String>?
    package let recordedOn: CalendarDate?
    package let provenance: String?

    package init(
        kind: Redacted<String>, detail: Redacted<String>? = nil, recordedOn: CalendarDate? = nil,
        provenance: String? = nil
    ) {
        self.kind = kind
        self.detail = detail
        self.recordedOn = recordedOn
        self.provenance = provenance
    }
}

/// A fact of a recipient that a source may or may not speak of.
package enum RecipientFact: String, CaseIterable, Hashable, Sendable {
    case name, kind, address, postcode, communeCode = "commune_code", communeName = "commune", language, household
    case building, confirmedOn = "confirmed_on", vulnerability
    /// Coordinates: where a source has none, those given before stay.
    case location
}

/// A person, household or office of the register, as an import or an operator gives it.
package struct Recipient: Hashable, Sendable {
    /// The register's own key, unique within an organisation. Imports are idempotent by it.
    package let externalID: String
    package var name: Redacted<String>
    package var kind: RecipientKind
    package var addressText: Redacted<String>?
    package var postcode: String?
    package var communeCode: CommuneCode?
    package var communeName: String?
    /// BCP 47 tag of the language to write and speak in.
    package var language: String
    /// Nil when the recipient could not be located, or when only the commune is known.
    package var location: Location?
    package var contactPoints: [ContactPoint]
    /// Channels the source speaks of: contact points of the others stay as they are.
    package let coveredChannels: Set<Channel>
    /// Facts the source speaks of: the others stay as they are.
    package var coveredFacts = Self.allFacts
    /// Whether `communeCode` was found by the geocoder and not given by the source.
    package var isCommuneFound = false
    /// Lists the recipient belongs to; nil when the source says nothing of lists, which then stay as they are.
    package let lists: [String]?
    /// Labels; nil when the source says nothing of them.
    package var tags: [String]?
    /// The household's own key or name: who shares it lives together.
    package var household: String?
    package var building: String?
    /// When somebody last made sure that all this is right.
    package var confirmedOn: CalendarDate?
    package var vulnerability: Vulnerability?

    /// Made once: an import makes millions of recipients.
    package static let allFacts = Set(RecipientFact.allCases)
    package static let allChannels = Set(Channel.allCases)

    package init(
        externalID: String, name: Redacted<String>, kind: RecipientKind, addressText: Redacted<String>?,
        postcode: String?, communeCode: CommuneCode?, communeName: String?, language: String,
        location: Location?, contactPoints: [ContactPoint], coveredChannels: Set<Channel> = Self.allChannels,
        lists: [String]?
    ) {
        self.externalID = externalID
        self.name = name
        self.kind = kind
        self.addressText = addressText
        self.postcode = postcode
        self.communeCode = communeCode
        self.communeName = communeName
        self.language = language
        self.location = location
        self.contactPoints = contactPoints
        self.coveredChannels = coveredChannels
        self.lists = lists
    }
}
