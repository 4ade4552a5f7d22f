/// The numbers that decide what the geocoder answers, and why they are what they are.
///
/// A score is the confidence that the answered disc holds the place that was meant:
/// likeness of the street × agreement on the commune × factor of the house number.
package enum GeocodingWeights {
    /// `Geocoder.locate` answers nothing below this score: the recipient is listed as not located. Everything that
    /// leaves the commune in doubt is capped under it (`doubtfulCommune…`), everything else can only fall under it
    /// by two weaknesses at once. Raising it lists more people for an operator to place; lowering it under the
    /// caps would put people in the wrong town.
    package static let acceptedScore = 0.5

    /// A street less alike than this is another street. 0.70 lets a missing first name ("rue Hugo" for "Rue Victor
    /// Hugo", 0.77) or a wrong type through, and stops "rue Jean" for "Rue Jean Jaurès" (0.69).
    static let acceptedStreetLikeness = 0.70
    /// From this likeness on, nothing better is looked for: only accents, abbreviations or small words differ.
    static let certainStreetLikeness = 0.96
    /// Streets this close to the best one answer as well as it does.
    static let tieMargin = 0.025

    // MARK: Agreement on the commune

    /// The code names it, or name and postcode both do.
    static let agreementFull = 1.0
    /// One piece of evidence without a second to check it: a name borne by a single known commune.
    static let agreementNameOnly = 0.9
    /// Two readings of one text that put it in two communes with scores this close contradict each other.
    static let rivalMargin = 0.1
    /// A misspelt name that resembles one commune of the postcode given.
    static let agreementMisspeltNameWithPostcode = 0.9
    /// A postcode without a name: up to fifty rural communes share one.
    static let agreementPostcodeOnly = 0.85
    /// Two agree and the third does not, such as a right name with the postcode of the town next to it. Times the
    /// factor of a commune-only answer it is under the accepted score: with such doubt only a street counts.
    static let agreementContradicted = 0.75
    /// Cap where several communes could be meant (there are twenty Saint-Aubin): never accepted.
    static let doubtfulCommuneAmbiguous = 0.45
    /// Cap where a misspelt name was guessed without postcode or code: never accepted, as "Amions" (Loire) must not
    /// become Amiens because only the Somme is loaded.
    static let doubtfulCommuneGuessed = 0.4
    /// Cap where the query names no commune at all: never accepted, and after the namesakes of a commune that is named.
    static let doubtfulCommuneUnnamed = 0.42
    /// Cap where the name is cut short or misspelt and only the street, which few of the towns meant have, speaks for
    /// one: never accepted.
    static let doubtfulCommuneByStreet = 0.44
    /// How like a town's name is to the first words of it.
    static let beginningForCommune = 0.9

    /// A commune's name this like another is read as a misspelling of it (one edit in five letters at most).
    static let acceptedCommuneLikeness = 0.8
    /// A street was named and the commune is all that was found.
    static let communeInsteadOfStreet = 0.62
    /// A street's other postcode or former commune than the one asked: decides between namesakes of one commune.
    static let namesakeElsewhere = 0.93

    // MARK: Streets among other words

    /// Words before a street that are none of its name, "Madame Theil, rue Fontaine": only a search takes this for granted.
    static let wordsBeforeStreet = 0.85
    /// Words after it, "rue Fontaine tabac presse", the whole name before them: better than the commune alone, no more.
    static let wordsAfterStreet = 0.75
    /// A search shows a street in place of the commune from this likeness on, "rue Sartre" for "Rue Jean-Paul Sartre".
    static let shownStreetLikeness = 0.62
    /// A street that is looked for all over the country must be this like.
    static let anywhereStreetLikeness = 0.85
    /// A street's type with a letter wrong.
    static let misspeltType = 0.98

    // MARK: House numbers

    /// The number is not in the index; its place comes from its neighbours.
    static let numberBetweenNeighbours = 0.95
    /// The number is not in the index, nor are neighbours on both sides.
    static let numberNotFound = 0.88
    /// Several streets of the commune answer as well: their common disc is the answer.
    static let commonDiscOfNamesakes = 0.9
    /// At most this many namesakes share a disc; with more, the commune is the honest answer.
    static let namesakesInOneDisc = 6

    // MARK: Radii, in metres

    /// An address point on an entrance or a building: within this of where people are. What is known less exactly
    /// (a parcel's middle, a point on the road) has a wider disc of its own: see `AddressPointKind`.
    package static let houseNumberRadiusMetres = 15.0
    /// Two points of one number this close are one door, entered twice under two spellings of a street.
    static let sameDoorReachMetres = 30.0
    /// Around a town hall's point, which the directory of administrations places by its address, or by its square.
    static let townHallRadiusMetres = 250.0
    /// Added around a street's or locality's known numbers: half a plot, and the points' own error.
    static let streetMarginMetres = 50.0
    /// A street or locality known by a single point: no extent was seen, so a village street's usual half length.
    static let extentUnknownMetres = 250.0
    /// The disc of a number placed between two others: so many times the distance to the farther one, and this margin.
    /// Leaving out each of Bondy's real numbers in turn, 99.2 % of 1,895 fall inside it; with a margin of 40 and no factor
    /// 98 % did. Numbers do not follow each other exactly: corners, yards and rebuilt blocks.
    static let interpolationReachFactor = 1.25
    static let interpolationMarginMetres = 90.0
    /// Ground a missing number may take, where the street's own numbers do not tell: a wide plot's frontage
    /// shared by the two sides of the street.
    static let metresPerNumber = 10.0
    /// A number beyond the last known one widens the disc by at most this.
    static let longestExtrapolationMetres = 2_000.0
}
