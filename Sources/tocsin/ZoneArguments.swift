import AlertModel
import ArgumentParser
import Foundation
import GeoEngine
import GeoModel
import Targeting

/// The options that describe a zone, the same for every command.
///
/// Terms before any `--within` or `--except` are united; terms after `--within` narrow the zone to what is also
/// in one of them; terms after `--except` are taken away. `ZoneGrammar` rewrites the latter two before the
/// command line is parsed, since an order between options is not the parser's business.
struct ZoneArguments: ParsableArguments {
    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp(
            "A perimeter in GeoJSON: Polygon, MultiPolygon, Feature, FeatureCollection or GeometryCollection.",
            valueName: "file"))
    var perimeter: [String] = []

    @Option(
        name: .long, parsing: .unconditionalSingleValue,
        help: ArgumentHelp("A circle in true metres: longitude, latitude, radius.", valueName: "lon,lat,metres"))
    var circle: [String] = []

    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp("INSEE codes of communes, or @FILE with one code a line.", valueName: "code,code…"))
    var communes: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The year that the codes of --communes are of: each means the ground it had then.", valueName: "year"))
    var codesOf: Int?

    @Option(name: .long, parsing: .singleValue, help: ArgumentHelp("A department: 80, 2A, 974.", valueName: "code"))
    var department: [String] = []

    @Option(name: .long, parsing: .singleValue, help: ArgumentHelp("A list of the register, of any kind.", valueName: "name"))
    var list: [String] = []

    @Option(
        name: .long, parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Narrow the zone: only who is also in the terms that follow (--within --perimeter f.geojson).",
            valueName: "zone"))
    var within: [String] = []

    @Option(
        name: .long, parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Take away who is certainly in the terms that follow (--except --circle 2.3,49.9,500).",
            valueName: "zone"))
    var except: [String] = []

    /// Whether no term at all is given.
    var isEmpty: Bool {
        codesOf == nil && [perimeter, circle, communes, department, list, within, except].allSatisfy(\.isEmpty)
    }

    /// - Throws: `ValidationError` for a term that cannot be read; geometry errors name the file, ring and vertex.
    func zone() throws -> Zone {
        let base = try perimeter.map { try ZoneTerm.perimeter($0) } + circle.map { try ZoneTerm.circle($0) }
            + communes.map { try ZoneTerm.communes($0) } + department.map { .department($0) } + list.map { .list($0) }
        guard !base.isEmpty else {
            throw ValidationError(
                "no zone: give at least one of --perimeter, --circle, --communes, --department, --list "
                    + "before any --within or --except")
        }
        var zone = base.count == 1 ? base[0] : Zone.union(base)
        let narrowing = try ZoneGrammar.groups(within)
        if !narrowing.isEmpty { zone = .intersection([zone] + narrowing) }
        let removed = try ZoneGrammar.groups(except)
        if !removed.isEmpty { zone = .difference(zone, except: removed.count == 1 ? removed[0] : .union(removed)) }
        guard let codesOf else { return zone }
        let dated = zone.withCodes(of: codesOf)
        guard CommuneHistory.vintages.contains(codesOf), dated != zone else {
            throw ValidationError("--codes-of takes a year, such as 2016, and codes of that year in --communes")
        }
        return dated
    }
}

extension Zone {
    /// The same zone, the codes of its commune sets being those of a year.
    fileprivate func withCodes(of vintage: Int) -> Zone {
        switch self {
        case .communes(let codes, _): .communes(codes, vintage: vintage)
        case .union(let zones): .union(zones.map { $0.withCodes(of: vintage) })
        case .intersection(let zones): .intersection(zones.map { $0.withCodes(of: vintage) })
        case .difference(let zone, let except):
            .difference(zone.withCodes(of: vintage), except: except.withCodes(of: vintage))
        default: self
        }
    }
}

/// Reads one term of a zone from its text on the command line.
enum ZoneTerm {
    /// Largest perimeter file read, in bytes.
    private static let maximumPerimeterBytes = 64 << 20

    static func perimeter(_ path: String) throws -> Zone {
        let name = URL(filePath: path).lastPathComponent
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw ValidationError("--perimeter: \(path) can't be read: there is no such file, or it is not readable")
        }
        defer { try? handle.close() }
        let data: Data
        do {
            data = try handle.read(upToCount: maximumPerimeterBytes + 1) ?? Data()
        } catch {
            throw ValidationError("--perimeter: \(path) can't be read: it is not a file")
        }
        do {
            let reading = try PerimeterReader.read([UInt8](data))
            for warning in reading.warnings { Terminal.warn("\(name): \(warning.words)") }
            return .perimeter(name: reading.name ?? name, area: reading.area)
        } catch {
            throw InputError(file: name, underlying: error)
        }
    }

    static func circle(_ text: String) throws -> Zone {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
            .map { Double($0.trimmingCharacters(in: .whitespaces)) }
        guard parts.count == 3, let longitude = parts[0], let latitude = parts[1], let radius = parts[2] else {
            throw ValidationError("--circle takes LON,LAT,METRES with decimal points, such as 2.2958,49.8942,5000")
        }
        let centre = Position<WGS84>(longitude: longitude, latitude: latitude)
        _ = try GeodesicCircle(centre: centre, radiusMetres: radius)
        return .circle(centre: centre, radiusMetres: radius)
    }

    static func communes(_ text: String) throws -> Zone {
        var seen: Set<CommuneCode> = []
        return .communes(try codes(text).filter { seen.insert($0).inserted })
    }

    /// Codes as they are typed, or as `@FILE` holds them.
    static func codes(_ text: String) throws -> [CommuneCode] {
        var texts = [text]
        if text.hasPrefix("@") {
            let path = String(text.dropFirst())
            guard let content = try? String(contentsOfFile: path, encoding: .utf8) else {
                throw ValidationError("--communes: \(path) can't be read as text")
            }
            texts = content.split { $0.isNewline }.map { String($0.prefix { $0 != "#" }) }
        }
        let words = texts.flatMap { $0.split { $0 == "," || $0 == ";" || $0.isWhitespace } }
        let codes = try words.map { word in
            guard let code = CommuneCode(word) else {
                throw ValidationError("--communes: “\(word)” is not an INSEE commune code, such as 80021 or 2A004")
            }
            return code
        }
        guard !codes.isEmpty else { throw ValidationError("--communes: no code is given") }
        return codes
    }
}

/// A file that was given as input and cannot be used: its name, and what is wrong in it.
struct InputError: Error, CustomStringConvertible {
    let file: String
    let underlying: any Error

    var description: String { "\(file): \(underlying)" }
}

extension DecodedPerimeter.Warning {
    fileprivate var words: String {
        switch self {
        case .outsideFrenchTerritories: "part of the perimeter lies outside every French territory: check it"
        }
    }
}
