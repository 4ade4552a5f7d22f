import AlertModel
import GeoModel
import Targeting

/// A zone in French words, for a report's title.
enum FrenchZone {
    /// Codes named one by one; beyond, their number.
    private static let namedCodes = 3

    static func words(_ zone: Zone) -> String {
        switch zone {
        case .perimeter(let name, _): "périmètre « \(name) »"
        case .circle(let centre, let metres):
            "cercle de \(distance(metres)) autour de \(degrees(centre.latitude)), \(degrees(centre.longitude))"
        case .communes(let codes, let vintage):
            (codes.count > namedCodes
                ? "\(codes.count) communes"
                : (codes.count == 1 ? "commune " : "communes ") + codes.map(\.rawValue).joined(separator: ", "))
                + (vintage.map { " de \($0)" } ?? "")
        case .department(let code): "département \(code)"
        case .epci(let code): "intercommunalité \(code)"
        case .members(.list(let name)): "liste « \(name) »"
        case .members: zone.label
        case .widened(let place, let metres): "\(words(place)) et \(distance(metres)) alentour"
        case .certainly(let zone): "\(words(zone)) (certains seulement)"
        case .union(let zones): zones.map { part($0) }.joined(separator: " ou ")
        case .intersection(let zones): zones.map { part($0) }.joined(separator: " et aussi ")
        case .difference(let zone, let except): "\(part(zone)) sauf \(part(except))"
        }
    }

    private static func part(_ zone: Zone) -> String {
        switch zone {
        case .union, .intersection, .difference: "(\(words(zone)))"
        default: words(zone)
        }
    }

    private static func distance(_ metres: Double) -> String {
        metres >= 1000 && metres.truncatingRemainder(dividingBy: 100) == 0
            ? "\(decimal(metres / 1000)) km" : "\(decimal(metres)) m"
    }

    private static func degrees(_ value: Double) -> String { decimal((value * 1e4).rounded() / 1e4) }

    private static func decimal(_ value: Double) -> String {
        let text = JSONValue.number(value).text ?? ""
        return text.split(separator: ".", omittingEmptySubsequences: false).joined(separator: ",")
    }
}
