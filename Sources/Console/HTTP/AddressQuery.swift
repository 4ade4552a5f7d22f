import GeoModel
import Hummingbird
import HummingbirdCore

/// The parameters of an address question, read as addok reads them.
struct AddressQuery {
    static let longestText = 200
    static let limits = 1...100
    /// Values of one filter; a longer value is nobody's.
    static let mostValues = 10
    static let longestValue = 100
    /// The order in which filters are written.
    static let filterNames = ["type", "postcode", "citycode", "city", "street"]

    let parameters: FlatDictionary<Substring, Substring>

    init(_ request: Request) {
        parameters = request.uri.queryParameters
    }

    /// The parameter's first value, blanks taken away; nil when it is absent or empty.
    func text(_ names: String...) -> String? {
        for name in names {
            guard let value = parameters[Substring(name)] else { continue }
            // A space is %20 or, in forms, a plus sign.
            let text = value.replacing("+", with: " ").trimmingSpaces()
            if !text.isEmpty { return text }
        }
        return nil
    }

    func question() throws -> String {
        guard let text = text("q") else { throw AddressProblem.missing("q") }
        let length = text.unicodeScalars.count
        guard length <= Self.longestText else {
            throw AddressProblem(
                .contentTooLarge, "Query too long, \(length) chars, limit is \(Self.longestText)")
        }
        return text
    }

    /// 0 is the standard too, as with addok.
    func limit(standard: Int) throws -> Int {
        guard let text = text("limit") else { return standard }
        guard let limit = Int(text) else { throw AddressProblem.invalid("limit", "The value must be an integer.") }
        if limit == 0 { return standard }
        guard Self.limits.contains(limit) else {
            throw AddressProblem.invalid("limit", "out of range (\(Self.limits.lowerBound)..\(Self.limits.upperBound))")
        }
        return limit
    }

    func flag(_ name: String, standard: Bool) throws -> Bool {
        switch text(name)?.lowercased() {
        case nil: standard
        case "true", "t", "yes", "y", "1", "on": true
        case "false", "f", "no", "n", "0", "off": false
        default:
            throw AddressProblem.invalid(name, "The value of the parameter must be \"true\" or \"false\".")
        }
    }

    func longitude() throws -> Double? { try degrees("lon", 180, "lon", "lng", "long", "longitude") }
    func latitude() throws -> Double? { try degrees("lat", 90, "lat", "latitude") }

    private func degrees(_ name: String, _ most: Double, _ names: String...) throws -> Double? {
        for other in names {
            guard let text = text(other) else { continue }
            guard let number = Double(text), number.isFinite else {
                throw AddressProblem.invalid(other, "invalid value")
            }
            guard number.magnitude <= most else { throw AddressProblem.invalid(name, "out of range") }
            return number
        }
        return nil
    }

    /// The values of each filter given, as they are written in the answer.
    func filterValues() -> [(name: String, values: [String])] {
        Self.filterNames.compactMap { name in
            let given = parameters[values: Substring(name)].map { $0.replacing("+", with: " ").trimmingSpaces() }
            // Codes may be several in one text; a name holds blanks of its own.
            let isName = name == "city" || name == "street"
            let values = isName ? given : given.flatMap { $0.split(separator: " ").map(String.init) }
            let kept = values.filter { !$0.isEmpty && $0.utf8.count <= Self.longestValue }.prefix(Self.mostValues)
            return kept.isEmpty ? nil : (name, Array(kept))
        }
    }
}

extension AddressFilters {
    /// - Parameter values: by the filters' names, as `AddressQuery.filterNames`.
    package init(_ values: [(name: String, values: [String])]) {
        for (name, values) in values {
            switch name {
            case "type": kinds = Set(values.compactMap { AddressKind(rawValue: $0) })
            case "postcode": postcodes = values
            case "citycode": cityCodes = values.map { $0.uppercased() }
            case "city": cities = values
            case "street": streets = values
            default: break
            }
        }
    }
}
