import AlertModel
import GeoModel

/// A list of a campaign's people as a table: one row each, their ways by channel.
package enum PeopleTable {
    /// Several ways of one channel stand in one cell.
    private static let separator = " | "

    /// Column names for programs.
    package static let columns: [String] =
        ["id", "name", "address", "building", "postcode", "commune_code", "commune", "state", "certainty", "changed_at"]
        + Channel.allCases.flatMap { ["\($0.rawValue)", "\($0.rawValue)_state", "\($0.rawValue)_cause"] }

    /// Column names for people, in the same order.
    package static let frenchColumns: [String] =
        [
            "Identifiant", "Nom", "Adresse", "Bâtiment", "Code postal", "Code de la commune", "Commune", "État", "Certitude",
            "État depuis le",
        ]
        + Channel.allCases.flatMap { channel in
            let name = FrenchText.channel(channel)
            return [name, "\(name) : état", "\(name) : cause"]
        }

    /// The cells, one a column, as they are before any spreadsheet's rules.
    package static func cells(of person: CampaignPerson) -> [String] {
        [
            person.externalID, person.name?.value ?? "", person.address?.value ?? "", person.building ?? "",
            person.postcode ?? "", person.communeCode?.rawValue ?? "", person.communeName ?? "",
            person.state?.rawValue ?? OutcomeGroup.notLocated.rawValue, person.certainty?.rawValue ?? "",
            person.changedAt.map { ISO8601.text($0) } ?? "",
        ]
            + Channel.allCases.flatMap { channel in
                let ways = person.ways.filter { $0.channel == channel }
                return [
                    ways.map(\.address.value).joined(separator: separator),
                    ways.map(\.state.rawValue).joined(separator: separator),
                    ways.map { $0.cause?.rawValue ?? "" }.joined(separator: ways.contains { $0.cause != nil } ? separator : ""),
                ]
            }
    }
}
