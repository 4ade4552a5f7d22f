import AlertModel
import ArgumentParser
import Foundation
import GeoEngine
import GeoModel
import Store
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
            "A perimeter: GeoJSON, KML, KMZ, closed GPX track, WKT, Shapefile (.zip), GeoPackage, TopoJSON…",
            valueName: "file[::layer]"))
    var perimeter: [String] = []

    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp("A zone document in JSON (- reads standard input).", valueName: "file"))
    var zone: [String] = []

    @Option(
        name: .customLong("saved"), parsing: .singleValue,
        help: ArgumentHelp("A perimeter that is saved under a name.", valueName: "name"))
    var saved: [String] = []

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

    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp("An intercommunalité, by its SIREN number.", valueName: "siren"))
    var epci: [String] = []

    @Option(name: .long, parsing: .singleValue, help: ArgumentHelp("A list of the register, of any kind.", valueName: "name"))
    var list: [String] = []

    @Option(name: .long, parsing: .singleValue, help: ArgumentHelp("Whoever bears a tag.", valueName: "name"))
    var tag: [String] = []

    @Option(
        name: .long, parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Whoever a filter in JSON takes, or @FILE with one.", valueName: "json"))
    var filter: [String] = []

    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp(
            "Recipients of a former campaign: \(CampaignOutcome.allCases.map(\.rawValue).joined(separator: ", ")).",
            valueName: "id:outcome"))
    var campaign: [String] = []

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

    @Option(
        help: ArgumentHelp(
            "Widen every place of the zone by so many true metres; what is excluded stays as it is.", valueName: "metres"))
    var margin: Double?

    @Flag(help: "Only who is certainly inside.")
    var certain = false

    /// Whether nothing of a zone is given.
    var isEmpty: Bool { codesOf == nil && margin == nil && (base + [within, except]).allSatisfy(\.isEmpty) }

    /// The terms of the zone proper, in the order they are united: by kind, then as typed.
    private var base: [[String]] {
        [zone, perimeter, saved, circle, communes, department, epci, list, tag, filter, campaign]
    }

    /// - Throws: `ValidationError` for a term that cannot be read; geometry errors name the file, ring and vertex.
    func zone(in store: AlertDatabase, scope: RegisterScope) throws -> Zone {
        let reader = ZoneTerm(store: store, scope: scope, codesOf: codesOf)
        var terms: [Zone] = []
        for (kind, texts) in zip(ZoneTerm.Kind.allCases, base) {
            for text in texts { terms.append(try reader.zone(kind, text)) }
        }
        guard !terms.isEmpty else {
            throw ValidationError(
                "no zone: give at least one of \(ZoneTerm.Kind.allCases.map { "--\($0.rawValue)" }.joined(separator: ", ")) "
                    + "before any --within or --except")
        }
        var zone = terms.count == 1 ? terms[0] : Zone.union(terms)
        let narrowing = try ZoneGrammar.groups(within, reader)
        if !narrowing.isEmpty { zone = .intersection([zone] + narrowing) }
        let removed = try ZoneGrammar.groups(except, reader)
        if !removed.isEmpty { zone = .difference(zone, except: removed.count == 1 ? removed[0] : .union(removed)) }
        if let codesOf {
            guard CommuneHistory.vintages.contains(codesOf), zone.terms.contains(where: { $0.hasCodes(of: codesOf) }) else {
                throw ValidationError("--codes-of takes a year, such as 2016, and codes of that year in --communes")
            }
        }
        if let margin, margin != 0 { zone = try Self.widened(zone, by: margin) }
        if certain, !zone.isCertainOnly { zone = .certainly(zone) }
        let mended = try zone.mended()
        for repair in mended.repairs { Terminal.warn(repair.words) }
        return mended.zone
    }

    private static func widened(_ zone: Zone, by metres: Double) throws -> Zone {
        guard metres > 0, metres <= Zone.greatestMarginMetres else {
            throw ValidationError("--margin takes 0 to \(Int(Zone.greatestMarginMetres)) metres")
        }
        guard let widened = zone.widened(byMetres: metres) else {
            throw ValidationError("--margin: nothing of the zone is a place that it could widen")
        }
        return widened
    }
}

extension Zone {
    fileprivate var isCertainOnly: Bool { if case .certainly = self { true } else { false } }

    fileprivate func hasCodes(of year: Int) -> Bool { if case .communes(_, year) = self { true } else { false } }
}

/// A file that was given as input and cannot be used: its name, and what is wrong in it.
struct InputError: Error, CustomStringConvertible {
    let file: String
    let underlying: any Error

    var description: String { "\(file): \(underlying)" }
}

extension PerimeterWarning {
    var words: String {
        switch self {
        case .outsideFrenchTerritories: "part of the perimeter lies outside every French territory: check it"
        case .assumedSystem(let name): "names no reference system, and was read as \(name): check where it lies"
        case .cutAtAntimeridian(let count):
            "\(count) polygon\(count == 1 ? "" : "s") crossed the antimeridian (180°), the short way round, and "
                + "\(count == 1 ? "was" : "were") cut there: check where it lies"
        case .pointsLeftOut(let count): "\(count) points were left out: they have no inside"
        }
    }
}
