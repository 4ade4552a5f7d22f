import GeoModel

/// What a recipient stands for.
package enum RecipientKind: String, CaseIterable, Codable, Hashable, Sendable {
    case person, household, office
}

/// One way to reach a recipient.
package struct ContactPoint: Hashable, Sendable {
    package let channel: Channel
    /// E.164 number or e-mail address.
    package let address: Redacted<String>
    /// Order of preference within the recipient's contact points, from 1.
    package let rank: Int

    package init(channel: Channel, address: Redacted<String>, rank: Int) {
        self.channel = channel
        self.address = address
        self.rank = rank
    }
}

/// A person, household or office of the register, as an import or an operator gives it.
package struct Recipient: Hashable, Sendable {
    /// The register's own key, unique within an organisation. Imports are idempotent by it.
    package let externalID: String
    package let name: Redacted<String>
    package let kind: RecipientKind
    package let addressText: Redacted<String>?
    package let postcode: String?
    package var communeCode: CommuneCode?
    package let communeName: String?
    /// BCP 47 tag of the language to write and speak in.
    package let language: String
    /// Nil when the recipient could not be located, or when only the commune is known.
    package var location: Location?
    package let contactPoints: [ContactPoint]
    /// Channels the source speaks of: contact points of the others stay as they are.
    package let coveredChannels: Set<Channel>
    /// Whether `communeCode` was found by the geocoder and not given by the source.
    package var isCommuneFound = false
    /// Lists the recipient belongs to; nil when the source says nothing of lists, which then stay as they are.
    package let lists: [String]?

    package init(
        externalID: String, name: Redacted<String>, kind: RecipientKind, addressText: Redacted<String>?,
        postcode: String?, communeCode: CommuneCode?, communeName: String?, language: String,
        location: Location?, contactPoints: [ContactPoint], coveredChannels: Set<Channel> = Set(Channel.allCases),
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
