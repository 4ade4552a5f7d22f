import GeoModel

/// What a pair of coordinates looks like, before it is believed.
enum PlausiblePosition {
    case plausible(Position<WGS84>)
    case elsewhere(Position<WGS84>)
    case swapped
    case projected
    case outOfRange
    case null

    init(longitude: Double, latitude: Double) {
        let position = Position<WGS84>(longitude: longitude, latitude: latitude)
        if longitude == 0, latitude == 0 {
            self = .null
        } else if !position.isInRange {
            self = abs(longitude) > 1000 && abs(latitude) > 1000 ? .projected : .outOfRange
        } else if FrenchTerritories.contain(position) {
            self = .plausible(position)
        } else if FrenchTerritories.contain(Position(longitude: latitude, latitude: longitude)) {
            self = .swapped
        } else {
            self = .elsewhere(position)
        }
    }
}
