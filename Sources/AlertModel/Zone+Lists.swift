extension Zone {
    /// The lists it names, in its filters too, each once and in order.
    package var listNames: [String] { Set(allListNames).sorted() }

    private var allListNames: [String] {
        switch self {
        case .perimeter, .circle, .communes, .department, .epci: []
        case .members(.list(let name)): [name]
        case .members(.filter(let filter)): filter.listNames
        case .members(.tag), .members(.campaign): []
        case .widened(let zone, _), .certainly(let zone): zone.allListNames
        case .union(let zones), .intersection(let zones): zones.flatMap(\.allListNames)
        case .difference(let zone, let except): zone.allListNames + except.allListNames
        }
    }
}
