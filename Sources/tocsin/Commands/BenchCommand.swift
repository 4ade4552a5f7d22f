import AlertModel
import ArgumentParser
import Foundation
import GeoModel
import Store
import Targeting

struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure the product on this machine and this register.",
        subcommands: [TargetingBenchCommand.self, DispatchBenchCommand.self, VoiceBenchCommand.self, AnswersBenchCommand.self, DoublesBenchCommand.self])
}

struct TargetingBenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "targeting",
        abstract: "Time selections: counts by channel, and lists of recipients.",
        discussion: """
            Each --perimeter, --circle and --communes is a zone of its own; without any, zones of several kinds are drawn around \
            one of the register's recipients. Milliseconds: the first count, which checks and prepares the zone; then \
            the median of the repeated counts, and of the repeated lists of everyone inside.
            """)

    @OptionGroup var database: DatabaseOption
    @OptionGroup var scope: ScopeOption

    @Option(name: .long, parsing: .singleValue, help: ArgumentHelp("A perimeter in GeoJSON.", valueName: "file"))
    var perimeter: [String] = []

    @Option(
        name: .long, parsing: .unconditionalSingleValue,
        help: ArgumentHelp("A circle: longitude, latitude, radius.", valueName: "lon,lat,metres"))
    var circle: [String] = []

    @Option(name: .long, parsing: .singleValue, help: ArgumentHelp("A set of communes.", valueName: "code,…|@file"))
    var communes: [String] = []

    @Option(help: "How often each question is asked.")
    var `repeat` = 9

    @Flag(help: "Also time the storing and loading of each zone's audience, in a transaction that is rolled back.")
    var audiences = false

    func validate() throws {
        guard (1...10_000).contains(`repeat`) else { throw ValidationError("--repeat takes 1 to 10000") }
    }

    func run() throws {
        let store = try database.open(for: .administer)
        let scope = try scope.scope(in: store)
        let reader = ZoneTerm(store: store, scope: scope, codesOf: nil)
        var zones: [Zone] = []
        for (kind, texts) in [(ZoneTerm.Kind.perimeter, perimeter), (.circle, circle), (.communes, communes)] {
            for text in texts { zones.append(try reader.zone(kind, text)) }
        }
        if zones.isEmpty {
            guard let centre = try store.benchmarkCentre(scope: scope) else {
                throw ValidationError("nobody of this register has a point: import recipients first")
            }
            zones = BenchZones.around(centre)
        }
        Terminal.out("zone\trecipients\tfirst_ms\tcounts_ms\tids_ms\n")
        for zone in zones {
            let first = try Self.milliseconds { _ = try store.counts(of: zone, scope: scope) }
            var recipients = 0
            let counts = try median { recipients = try store.counts(of: zone, scope: scope).recipients }
            let ids = try median { _ = try store.selectedRecipientIDs(in: zone, scope: scope) }
            let figures = [first, counts, ids].map { String(format: "%.3f", $0) }.joined(separator: "\t")
            Terminal.out("\(zone.label)\t\(recipients)\t\(figures)\n")
        }
        guard audiences else { return }
        Terminal.out("audience\trecipients\tstore_ms\tload_ms\n")
        for zone in zones {
            let audience = try store.benchmarkAudience(of: zone, scope: scope)
            let figures = [audience.store, audience.load].map { String(format: "%.3f", $0) }.joined(separator: "\t")
            Terminal.out("\(zone.label)\t\(audience.recipients)\t\(figures)\n")
        }
    }

    private func median(_ body: () throws -> Void) throws -> Double {
        let times = try (0..<`repeat`).map { _ in try Self.milliseconds(body) }.sorted()
        return times[times.count / 2]
    }

    private static func milliseconds(_ body: () throws -> Void) throws -> Double {
        let duration = try ContinuousClock().measure(body)
        return Double(duration.components.seconds) * 1e3 + Double(duration.components.attoseconds) / 1e15
    }
}

/// Zones of the kinds that are drawn, the same for the same place.
private enum BenchZones {
    static func around(_ centre: Position<WGS84>) -> [Zone] {
        let quad = [(-0.7, -0.5), (0.6, -0.4), (0.7, 0.5), (-0.5, 0.6), (-0.7, -0.5)].map { east, north in
            Position<WGS84>(longitude: centre.longitude + east, latitude: centre.latitude + north)
        }
        let parts = (0..<300).map { part in
            let (column, row) = (Double(part % 20), Double(part / 20))
            return star(
                Position(longitude: centre.longitude + (column - 10) * 0.06, latitude: centre.latitude + (row - 7) * 0.06),
                degrees: 0.02, vertices: 54)
        }
        return [
            .perimeter(name: "street, 18 vertices", area: Area([star(centre, degrees: 0.003, vertices: 18)])),
            .perimeter(name: "1,000 vertices", area: Area([star(centre, degrees: 0.4, vertices: 1000)])),
            .perimeter(name: "20,000 vertices", area: Area([star(centre, degrees: 0.4, vertices: 20_000)])),
            .perimeter(name: "100,000 vertices", area: Area([star(centre, degrees: 0.4, vertices: 100_000)])),
            .perimeter(name: "4 vertices", area: Area([Polygon(exterior: Ring(quad))])),
            .perimeter(name: "300 parts", area: Area(parts)),
            .circle(centre: centre, radiusMetres: 500),
            .circle(centre: centre, radiusMetres: 5000),
            .circle(centre: centre, radiusMetres: 50_000),
        ]
    }

    /// A bay and cape outline.
    private static func star(_ centre: Position<WGS84>, degrees: Double, vertices: Int) -> Polygon<WGS84> {
        let corners = (0..<vertices).map { index in
            let angle = 2 * Double.pi * Double(index) / Double(vertices)
            let radius = degrees * (0.8 + 0.1 * sin(5 * angle) + 0.05 * sin(37 * angle + 1) + 0.004 * sin(1013 * angle))
            return Position<WGS84>(
                longitude: centre.longitude + radius * 1.4 * cos(angle), latitude: centre.latitude + radius * sin(angle))
        }
        return Polygon(exterior: Ring(corners + corners.prefix(1)))
    }
}
