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

    package var description: String {
        switch self {
        case .emptyZone:
            "the zone is empty: give a perimeter, a circle, communes, a department or a list"
        case .emptyPerimeter:
            "the perimeter has no polygon: nobody can be inside it"
        case .swappedCircle:
            "the circle's latitude seems to come before its longitude: write longitude, latitude, metres"
        case .suspiciouslyLarge(let name):
            "\(name) is suspiciously large: a perimeter spans \(Int(Zone.greatestSpanDegrees))° at most, a circle "
                + "\(Int(Zone.greatestRadiusMetres / 1000)) km of radius; draw a smaller zone, or name departments"
        case .tooComplex:
            "the zone has more than 1,000 terms: merge its perimeters into one file"
        }
    }
}
