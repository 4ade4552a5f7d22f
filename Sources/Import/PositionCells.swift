import AlertModel
import GeoEngine
import GeoModel
import Store

/// Reads the two cells of a position: degrees, or metres of a French projected system.
enum PositionCells {
    /// - Returns: the position, and the system it was converted from.
    static func read(
        _ row: inout RowReader, projections: Projections
    ) -> (position: Position<WGS84>, system: String?)? {
        let longitudeText = row.value(.longitude)
        let latitudeText = row.value(.latitude)
        if longitudeText == nil && latitudeText == nil { return nil }
        guard let longitudeText, let latitudeText else {
            row.refuse(longitudeText == nil ? .longitude : .latitude, "one coordinate without the other")
            return nil
        }
        guard let longitude = number(longitudeText) else {
            row.refuse(.longitude, "not a number of degrees, such as 2.2958")
            return nil
        }
        guard let latitude = number(latitudeText) else {
            row.refuse(.latitude, "not a number of degrees, such as 49.8942")
            return nil
        }
        switch PlausiblePosition(longitude: longitude, latitude: latitude) {
        case .plausible(let position):
            return (position, nil)
        case .elsewhere(let position):
            row.warn(.longitude, "the point lies outside every French territory: check it")
            return (position, nil)
        case .swapped:
            row.refuse(.longitude, "longitude and latitude look exchanged")
        case .projected:
            if let (position, system) = projections.position(eastMetres: longitude, northMetres: latitude) {
                return (position, system)
            }
            row.refuse(
                .longitude,
                "these look like metres, but not of Lambert-93 or an overseas system: give longitude and latitude in degrees")
        case .outOfRange:
            row.refuse(.longitude, "out of range: longitude is within ±180, latitude within ±90")
        case .null:
            row.refuse(.longitude, "0, 0 is in the ocean: leave both empty when the place is not known")
        }
        return nil
    }

    /// With a decimal point, or the comma French spreadsheets write; their spaces between thousands too.
    private static func number(_ text: String) -> Double? {
        let number: Double?
        if text.utf8.allSatisfy({ $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: " ") && $0 < 0x80 }) {
            number = Double(text)
        } else {
            number = Double(text.replacing(",", with: ".").filter { !$0.isWhitespace })
        }
        return number.flatMap { $0.isFinite ? $0 : nil }
    }
}

/// What costs too much to be made for each row: the projected systems of French files, and codes, as they are met. For
/// one thread.
final class Projections {
    /// Where eastings and northings of a system lie, in metres. The boxes do not meet, so that a pair tells its system.
    private struct System {
        let name: String
        let epsgCode: Int
        let east: ClosedRange<Double>
        let north: ClosedRange<Double>
    }

    private static let systems = [
        System(name: "Lambert-93", epsgCode: 2154, east: 50_000...1_320_000, north: 6_000_000...7_200_000),
        System(name: "RGR92 / UTM 40S", epsgCode: 2975, east: 280_000...420_000, north: 7_600_000...7_720_000),
        System(name: "RGAF09 / UTM 20N", epsgCode: 5490, east: 450_000...800_000, north: 1_550_000...2_050_000),
        System(name: "RGFG95 / UTM 22N", epsgCode: 2972, east: 60_000...480_000, north: 220_000...660_000),
        System(name: "RGM04 / UTM 38S", epsgCode: 4471, east: 480_000...560_000, north: 8_540_000...8_620_000),
    ]

    private var made: [Int: Reprojection] = [:]
    private var codes: [String: CommuneCode] = [:]

    /// There are 35,000 communes; a file with more codes than this has wrong ones.
    private static let codeLimit = 50_000

    func communeCode(_ text: String) -> CommuneCode? {
        if let code = codes[text] { return code }
        guard let code = CommuneCode(text) else { return nil }
        if codes.count < Self.codeLimit { codes[text] = code }
        return code
    }

    /// - Returns: nil when the pair is of no known system, or leads to no French territory.
    func position(eastMetres: Double, northMetres: Double) -> (Position<WGS84>, system: String)? {
        for system in Self.systems where system.east.contains(eastMetres) && system.north.contains(northMetres) {
            do {
                let reprojection = try made[system.epsgCode] ?? Reprojection(fromEPSG: system.epsgCode)
                made[system.epsgCode] = reprojection
                let position = try reprojection.position(
                    of: Position<ForeignCRS>(east: eastMetres, north: northMetres))
                if FrenchTerritories.contain(position) { return (position, system.name) }
            } catch {
                // The pair is refused in words by the caller, as no system's.
                continue
            }
        }
        return nil
    }
}
