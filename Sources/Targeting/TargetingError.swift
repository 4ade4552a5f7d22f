/// Why a zone cannot be judged. A zone that cannot be judged never selects "nobody" in silence.
package enum TargetingError: Error, Equatable, CustomStringConvertible {
    /// The zone has no term at all.
    case emptyZone
    case emptyPerimeter
    /// A zone document nests deeper or holds more terms than `ZoneLimits` allows.
    case tooComplex

    package var description: String {
        switch self {
        case .emptyZone:
            "the zone is empty: give a perimeter, a circle, communes, a department or a list"
        case .emptyPerimeter:
            "the perimeter has no polygon: nobody can be inside it"
        case .tooComplex:
            "the zone has more than 1,000 terms: merge its perimeters into one file"
        }
    }
}
