import AlertModel
import GeoModel

/// One recipient of an audience, as frozen at launch: what the dispatcher and the reports need, copied, so that
/// neither changes when the register does.
package struct AudienceEntry: Sendable {
    package let recipient: RecipientID
    package let externalID: String
    package let name: Redacted<String>?
    package let communeCode: CommuneCode?
    package let precision: Precision
    package let certainty: Certainty
    /// A BCP 47 tag, or empty where it is not known: which wording the person gets.
    package let language: String
    /// The zone's terms that speak for the recipient, in words.
    package let why: String
    /// All of them, whichever channels the policy uses, in order of preference.
    package let contactPoints: [ContactPoint]
    /// What fills the text's places; nil where the message is the same for everybody.
    package let values: PersonalValues?

    package init(
        recipient: RecipientID, externalID: String, name: Redacted<String>?, communeCode: CommuneCode?,
        precision: Precision, certainty: Certainty, language: String, why: String, contactPoints: [ContactPoint],
        values: PersonalValues? = nil
    ) {
        self.values = values
        self.recipient = recipient
        self.externalID = externalID
        self.name = name
        self.communeCode = communeCode
        self.precision = precision
        self.certainty = certainty
        self.language = language
        self.why = why
        self.contactPoints = contactPoints
    }

    /// The same person with other contact points.
    package func with(contactPoints: [ContactPoint]) -> AudienceEntry {
        AudienceEntry(
            recipient: recipient, externalID: externalID, name: name, communeCode: communeCode, precision: precision,
            certainty: certainty, language: language, why: why, contactPoints: contactPoints, values: values)
    }

    /// The same person with other values for the text's places.
    package func with(values: PersonalValues) -> AudienceEntry {
        AudienceEntry(
            recipient: recipient, externalID: externalID, name: name, communeCode: communeCode, precision: precision,
            certainty: certainty, language: language, why: why, contactPoints: contactPoints, values: values)
    }
}
