import AlertModel
import ArgumentParser
import Foundation
import GeoModel
import Reports
import Store

struct TerritoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "territory",
        abstract: "Look at the communes the database holds, at what codes mean, and at how the register fits them.",
        subcommands: [TerritoryShowCommand.self, TerritoryResolveCommand.self, TerritoryCheckCommand.self])
}

/// What `territory` prints.
enum TerritoryFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json
}

struct TerritoryShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "List the vintages of the territory: how many communes of each kind, and which is current.",
        discussion: "Of each department the newest vintage is current; older ones explain the codes that registers still use.")

    @OptionGroup var database: DatabaseOption

    @Option(help: "What to print.")
    var format = TerritoryFormat.text

    func run() throws {
        let summary = try database.open().territorySummary()
        Terminal.out(format == .text ? TerritoryReport.text(summary) : TerritoryReport.json(summary))
        for warning in summary.warnings { Terminal.warn(warning) }
    }
}

struct TerritoryResolveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resolve",
        abstract: "Say what commune codes mean today.",
        discussion: """
            Without --vintage a code of today means itself, and any other what it last meant. One line a code: the code, \
            its communes of today (with the parts of them, from the innermost out, after a slash), and what became of it.
            """)

    @OptionGroup var database: DatabaseOption

    @Argument(help: "INSEE codes of communes, or @FILE with one code a line.")
    var codes: [String]

    @Option(help: "The year the codes are of.")
    var vintage: Int?

    @Option(help: "What to print.")
    var format = TerritoryFormat.text

    func validate() throws {
        if let vintage, !CommuneHistory.vintages.contains(vintage) {
            throw ValidationError("--vintage is a year, such as 2016")
        }
    }

    func run() throws {
        let codes = try codes.flatMap { try ZoneTerm.codes($0) }
        let store = try database.open()
        let found = try store.resolve(codes, at: vintage)
        var unknown: [CommuneCode] = []
        var items: [JSONValue] = []
        for (code, resolution) in zip(codes, found) {
            guard let resolution else {
                unknown.append(code)
                continue
            }
            let places = resolution.meaning.places.map { place in
                ([place.commune] + place.parts.reversed()).map(\.rawValue).joined(separator: "/")
            }
            if format == .text {
                Terminal.out("\(code)\t\(places.joined(separator: " "))\t\(resolution.mapping?.words ?? "stands today")\n")
            } else {
                var object = JSONObject()
                object.append("code", .string(code.rawValue))
                object.append("places", .array(places.map { .string($0) }))
                object.append("mapped", resolution.mapping?.json ?? .null)
                items.append(.object(object))
            }
        }
        if format == .json {
            var writer = JSONWriter()
            writer.value(.array(items))
            Terminal.out(writer.text + "\n")
        }
        guard unknown.isEmpty else {
            throw ValidationError(
                "known nowhere\(vintage.map { " in \($0)" } ?? ""): "
                    + unknown.prefix(10).map(\.rawValue).joined(separator: ", ")
                    + (unknown.count > 10 ? " and \(unknown.count - 10) more" : "")
                    + ": check the code, or import INSEE's communes and movements with `tocsin import cog`")
        }
    }
}
