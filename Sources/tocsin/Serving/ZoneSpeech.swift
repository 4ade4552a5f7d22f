import AlertModel

extension Zone {
    /// The zone as it is said in French, for an ear: names, not coordinates or codes.
    var spoken: String {
        switch self {
        case .perimeter(let name, _): "périmètre \(name)"
        case .circle(_, let radius): "cercle de \(Self.metres(radius))"
        case .communes(let codes, _): codes.count == 1 ? "une commune" : "\(codes.count) communes"
        case .department(let code): "département \(code)"
        case .epci: "une intercommunalité"
        case .members(.list(let name)): "liste \(name)"
        case .members(.tag(let name)): "étiquette \(name)"
        case .members(.filter): "un filtre du fichier"
        case .members(.campaign): "des personnes d'une alerte passée"
        case .widened(let place, let metres): "\(place.spoken), avec une marge de \(Self.metres(metres))"
        case .certainly(let zone): "\(zone.spoken), avec certitude"
        case .union(let zones): zones.map(\.spoken).joined(separator: ", ou ")
        case .intersection(let zones): zones.map(\.spoken).joined(separator: ", et aussi ")
        case .difference(let zone, let except): "\(zone.spoken), sauf \(except.spoken)"
        }
    }

    /// The zone, and the communes where most of its people are.
    func spoken(communes: [String]) -> String {
        guard !communes.isEmpty else { return spoken }
        let named = communes.prefix(3).joined(separator: ", ")
        let more = communes.count - 3
        return "\(spoken) ; \(named)" + (more > 0 ? " et \(more) autre\(more > 1 ? "s" : "") commune\(more > 1 ? "s" : "")" : "")
    }

    private static func metres(_ length: Double) -> String {
        length >= 10_000 ? "\(Int((length / 1_000).rounded())) kilomètres" : "\(Int(length.rounded())) mètres"
    }
}
