import AlertModel
import GeoModel

/// Cutting a zone to an organisation's territory.
extension Zone {
    /// The zone with every place of it limited to a territory. Lists, tags and filters name people of the register, not
    /// ground, and stay as they are: somebody on the list who moved over the border is still on the list.
    ///
    /// What is excluded stays too: taking away more ground than there is takes nobody away.
    package func cut(to territory: Zone) -> Zone {
        switch self {
        case .perimeter, .circle, .communes, .department, .epci, .widened: .intersection([self, territory])
        case .members: self
        case .certainly(let zone): .certainly(zone.cut(to: territory))
        case .union(let zones): .union(zones.map { $0.cut(to: territory) })
        case .intersection(let zones): hasPlace ? .intersection(zones + [territory]) : self
        case .difference(let zone, let except): .difference(zone.cut(to: territory), except: except)
        }
    }

    /// The part of the zone that is ground, without people named by the register; nil when there is none. Never less than the
    /// zone takes people from: what names people, too, limits no ground.
    package var ground: Zone? {
        switch self {
        case .perimeter, .circle, .communes, .department, .epci, .widened: self
        case .members: nil
        case .certainly(let zone): zone.ground
        case .union(let zones):
            zones.contains { $0.ground != nil } ? .union(zones.compactMap(\.ground)) : nil
        case .intersection(let zones):
            limiting(zones)
        case .difference(let zone, let except):
            // Excluded people leave the ground as it is.
            zone.ground.map { except.isGroundAlone ? .difference($0, except: except) : $0 }
        }
    }

    /// “In X and (in Y or on the list)” takes people of all of X: only what is ground alone makes it smaller.
    private func limiting(_ zones: [Zone]) -> Zone? {
        let limits = zones.filter(\.isGroundAlone)
        let grounds = zones.compactMap(\.ground)
        guard !grounds.isEmpty else { return nil }
        return limits.isEmpty ? .union(grounds) : .intersection(limits)
    }

    /// Whether it is made of places alone: nobody is named by the register.
    package var isGroundAlone: Bool {
        switch self {
        case .perimeter, .circle, .communes, .department, .epci: true
        case .members: false
        case .certainly(let zone), .widened(let zone, _): zone.isGroundAlone
        case .union(let zones), .intersection(let zones): zones.allSatisfy(\.isGroundAlone)
        case .difference(let zone, let except): zone.isGroundAlone && except.isGroundAlone
        }
    }

    private var hasPlace: Bool { ground != nil }
}

/// Ground beyond a territory that is none: outlines of one border drawn by two hands.
package enum Jurisdiction {
    /// A millionth of the zone, or a square metre: rounding of coordinates along a border.
    package static func isBeyond(_ outsideSquareMetres: Double, of zoneSquareMetres: Double) -> Bool {
        outsideSquareMetres > max(1, zoneSquareMetres * 1e-6)
    }
}

extension Zone {
    /// Whether every place of it is limited to a territory by what is written: no measuring, and no rounding.
    package func isCut(to territory: Zone) -> Bool {
        switch self {
        case .members: true
        case .communes, .department, .epci: self == territory
        case .perimeter, .circle, .widened: false
        case .certainly(let zone): zone.isCut(to: territory)
        case .union(let zones): zones.allSatisfy { $0.isCut(to: territory) }
        case .intersection(let zones):
            zones.contains(territory) || zones.allSatisfy { $0.ground == nil }
                || zones.contains { $0.isGroundAlone && $0.isCut(to: territory) }
        case .difference(let zone, _): zone.isCut(to: territory)
        }
    }
}
