import GeoEngine
import GeoModel
import Synchronization

/// Metres on the map of each territory: Lambert-93 in metropolitan France, the legal projection overseas (decree
/// 2000-1276 as amended, with PROJ's EPSG codes).
final class LocalProjections: Sendable {
    /// PROJ's transformations take milliseconds to make, and one thread at a time to use.
    private let made = Mutex<[Int: Reprojection]>([:])

    /// The projection of a department; nil where there is none.
    static func epsgCode(ofDepartment code: String) -> Int? {
        switch code {
        case "971", "972", "977", "978": 5490
        case "973": 2972
        case "974": 2975
        case "975": 4467
        case "976": 4471
        case "986": 8903
        case "987": 3297
        case "988": 3163
        default: code.utf8.count == 2 ? 2154 : nil
        }
    }

    /// Easting and northing in metres, to the centimetre; nil where the territory's projection does not reach.
    func metres(_ position: Position<WGS84>, department: String) -> (easting: Double, northing: Double)? {
        guard let code = Self.epsgCode(ofDepartment: department) else { return nil }
        return made.withLock { made in
            if made[code] == nil { made[code] = try? Reprojection(fromEPSG: code) }
            guard let point = try? made[code]?.source(of: position, as: Lambert93.self) else { return nil }
            return ((point.eastingMetres * 100).rounded() / 100, (point.northingMetres * 100).rounded() / 100)
        }
    }
}
