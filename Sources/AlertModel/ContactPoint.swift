/// On what ground a contact point may be used.
package enum Consent: String, CaseIterable, Codable, Hashable, Sendable {
    /// The person agreed.
    case given
    /// A law allows or requires it, whatever the person said.
    case legalBasis = "legal_basis"
    case unknown
    /// The person said no, or took the consent back. What is sent on consent alone must leave the contact point out; an
    /// alert for the safeguard of life does not rest on consent and is sent all the same.
    case refused
}

/// What a check of an address leaves to be looked at. The address is used all the same.
package enum ContactCheck: String, CaseIterable, Codable, Hashable, Sendable {
    /// A possible number of a range that the library's metadata do not know: they may be older than the range.
    case unknownRange = "unknown_range"
}

/// One way to reach a recipient.
package struct ContactPoint: Hashable, Sendable {
    package let channel: Channel
    /// E.164 number or e-mail address.
    package let address: Redacted<String>
    /// Order of preference within the recipient's contact points, from 1.
    package var rank: Int
    /// A number kept for emergencies (a mayor's, a duty officer's); an office has few of them.
    package var isEmergency: Bool
    package var check: ContactCheck?
    /// Nil when nobody said.
    package var consent: Consent?
    package var consentOn: CalendarDate?
    /// Who or what gave the address.
    package var provenance: String?
    package var confirmedOn: CalendarDate?

    package init(
        channel: Channel, address: Redacted<String>, rank: Int, isEmergency: Bool = false, check: ContactCheck? = nil,
        consent: Consent? = nil, consentOn: CalendarDate? = nil, provenance: String? = nil,
        confirmedOn: CalendarDate? = nil
    ) {
        self.channel = channel
        self.address = address
        self.rank = rank
        self.isEmergency = isEmergency
        self.check = check
        self.consent = consent
        self.consentOn = consentOn
        self.provenance = provenance
        self.confirmedOn = confirmedOn
    }
}
