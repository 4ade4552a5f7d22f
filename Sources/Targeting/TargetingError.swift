import AlertModel

/// Why a zone cannot be judged. A zone that cannot be judged never selects "nobody" in silence.
package enum TargetingError: Error, Equatable, CustomStringConvertible {
    /// The zone has no term at all.
    case emptyZone
    case emptyPerimeter
    /// A zone document nests deeper or holds more terms than `ZoneLimits` allows.
    case tooComplex
    /// The circle's centre is nowhere in France, and is once its two numbers change places.
    case swappedCircle
    /// A perimeter larger than any French territory, or a circle no event fills: an alert for "everyone" is never drawn by mistake.
    case suspiciouslyLarge(name: String)
    /// A margin around what is taken away would leave people out who are not in it.
    case marginInExclusion(name: String)
    /// Zero, negative, too wide, or around what is no place.
    case badMargin
    /// A margin around communes of which one has no boundary: its surroundings are not known.
    case marginWithoutBoundary(name: String)
    /// Certain only is said of a whole zone.
    case precisionOfPart

    package var description: String {
        switch self {
        case .emptyZone:
            "the zone is empty: give a perimeter, a circle, communes, a department, an intercommunalité or a list"
        case .emptyPerimeter:
            "the perimeter has no polygon: nobody can be inside it"
        case .swappedCircle:
            "the circle's latitude seems to come before its longitude: write longitude, latitude, metres"
        case .suspiciouslyLarge(let name):
            "\(name) is suspiciously large: a perimeter spans \(Int(Zone.greatestSpanDegrees))° at most, a circle "
                + "\(Int(Zone.greatestRadiusMetres / 1000)) km of radius; draw a smaller zone, or name departments"
        case .marginInExclusion(let name):
            "\(name) is excluded and has a margin: it would leave out people who are not in it; take the margin away, or "
                + "draw the excluded part larger"
        case .badMargin:
            "a margin is up to \(Int(Zone.greatestMarginMetres)) metres around a perimeter, a circle, communes, a department or "
                + "an intercommunalité"
        case .marginWithoutBoundary(let name):
            "\(name) has no boundary, so its surroundings are not known: import boundaries with `tocsin import communes`, or "
                + "leave the margin out"
        case .precisionOfPart:
            "only a whole zone is narrowed to who is certainly inside: say so at its root"
        case .tooComplex:
            "the zone has more than 1,000 terms: merge its perimeters into one file"
        }
    }
}
