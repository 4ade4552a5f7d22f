import GeoModel

/// A reading of which commune a query is about, and what of its text is left for the street.
struct CommuneClaim {
    /// The communes that may be meant; empty when the query names none.
    var communes: [CommuneEntry]
    /// A postcode that no commune has: only its first figures count, which name the department.
    var department: String?
    /// Tokens left for the street once postcode and commune are taken out.
    var streetTokens: [String]
    /// The tokens with the commune's name left in, for streets that bear it ("Rue de la Poste Cap Ferret"); empty when
    /// nothing was taken out.
    var wholeTokens: [String] = []
    /// Postcode written in the query, if any.
    var postcode: String?
    /// See `GeocodingWeights.agreement…`.
    var agreement: Double
    /// Upper bound of any answer's score.
    var cap = 1.0
    /// A street must be at least this like to be answered.
    var requiredLikeness = GeocodingWeights.acceptedStreetLikeness
    /// Whether the commune itself may be answered when the street is not found.
    var allowsCommuneOnly = true
    /// The commune's name, without postcode or code, is part of the street's text: that it lacks the street contradicts it.
    var isNameAlone = false
    /// Longer runs of words that end or begin with the name: a town's, misspelt, may be among them.
    var widerKeys: [String] = []
    var isGuessed = false
    /// The commune's town hall is asked for.
    var isTownHall = false
    /// A former commune's key, when that is the name written: decides between namesake streets of a merged commune.
    var formerKey: String?

    var isAmbiguous: Bool { communes.count > 1 && cap <= GeocodingWeights.doubtfulCommuneAmbiguous }
}
