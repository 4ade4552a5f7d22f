import GeoModel

/// What an organisation of the tree is.
package enum OrganisationKind: String, CaseIterable, Hashable, Sendable, Codable {
    case prefecture, epci, commune, service

    /// What its code has to be: of a department, of an intercommunalité (SIREN), of a commune (INSEE); a service has none.
    package var codeName: String? {
        switch self {
        case .prefecture: "department code"
        case .epci: "SIREN number"
        case .commune: "INSEE code"
        case .service: nil
        }
    }

    /// Whether a text has the form of this kind's code.
    package func admits(code: String) -> Bool {
        switch self {
        case .prefecture:
            (2...3).contains(code.utf8.count)
                && (code.utf8.allSatisfy { (0x30...0x39).contains($0) } || code == "2A" || code == "2B")
        case .epci: Zone.isSIREN(code)
        case .commune: CommuneCode(code)?.rawValue == code
        case .service: false
        }
    }
}
