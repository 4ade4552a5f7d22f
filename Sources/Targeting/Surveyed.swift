import AlertModel
import GeoModel

/// A commune as a coverage survey needs it.
package struct SurveyedCommune: Sendable {
    package let code: CommuneCode
    package let name: String
    package let population: Int?
    package let populationYear: Int?
    package let boundary: Area<WGS84>?
    /// The intercommunalité's number and name.
    package var epci: String?
    package var epciName: String?
    /// The arrondissements of Paris, Lyon or Marseille: INSEE counts each one's people.
    package var arrondissements: [SurveyedCommune] = []

    package init(
        code: CommuneCode, name: String, population: Int?, populationYear: Int?, boundary: Area<WGS84>?
    ) {
        self.code = code
        self.name = name
        self.population = population
        self.populationYear = populationYear
        self.boundary = boundary
    }
}

/// A selected recipient as a coverage survey needs it.
package struct SurveyedRecipient: Sendable {
    package enum Household: Sendable {
        /// An office: nobody's home.
        case none
        /// No household is named: the recipient stands for one.
        case own
        /// A key that all of a household share, and no other.
        case shared(String)
    }

    package enum Confirmation: Sendable {
        case recent, old, never
    }

    package let communeCode: CommuneCode?
    package let communeName: String?
    package let precision: Precision
    package let channels: [Channel]
    package var household = Household.own
    package var confirmation = Confirmation.recent
    /// Asked for only when cells are.
    package var position: Position<WGS84>?

    package init(communeCode: CommuneCode?, communeName: String?, precision: Precision, channels: [Channel]) {
        self.communeCode = communeCode
        self.communeName = communeName
        self.precision = precision
        self.channels = channels
    }
}
