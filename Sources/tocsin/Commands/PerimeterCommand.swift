import AlertModel
import ArgumentParser
import Foundation
import GeoEngine
import GeoModel
import Reports
import Store
import Targeting

struct PerimeterCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "perimeter",
        abstract: "Keep perimeters under a name: flood zones, industrial risks, sectors of the town's plan.",
        discussion: "A zone takes any of them with --saved NAME; `coverage report` judges them all.",
        subcommands: [
            ListPerimetersCommand.self, SavePerimeterCommand.self, ShowPerimeterCommand.self,
            RenamePerimeterCommand.self, DeletePerimeterCommand.self,
        ], defaultSubcommand: ListPerimetersCommand.self)
}

/// The perimeter a command is about.
struct PerimeterArgument: ParsableArguments {
    @Argument(help: "The perimeter's name.")
    var name: String
}

struct ListPerimetersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List them: name, vertices, hectares, when and by whom saved, organisation.")

    @OptionGroup var database: DatabaseOption
    @OptionGroup var scope: ScopeOption

    func run() throws {
        let store = try database.open()
        for perimeter in try store.perimeters(scope: try scope.scope(in: store)) {
            let hectares = SurfaceArea.squareMetres(of: perimeter.area) / 10_000
            let line = [
                perimeter.name, String(perimeter.area.vertexCount), String(format: "%.1f", hectares),
                ISO8601.text(perimeter.createdAt), perimeter.createdBy, perimeter.organisationName,
            ]
            Terminal.out(line.joined(separator: "\t") + "\n")
        }
    }
}

struct SavePerimeterCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "save", abstract: "Save a perimeter: files, or the ground of communes, united.",
        discussion: """
            Takes --perimeter, --saved, --communes, --department, --epci and zone documents of these. What is drawn is kept \
            as it was given. Circles, margins and combinations are exact only as zones: keep their document, and give it \
            with --zone.
            """)

    @OptionGroup var database: DatabaseOption
    @OptionGroup var owner: OwnerOption
    @OptionGroup var perimeter: PerimeterArgument
    @OptionGroup(title: "Ground") var zone: ZoneArguments

    func run() throws {
        let store = try database.open(for: .prepare)
        let organisation = try owner.organisation(in: store)
        let zone = try zone.zone(in: store, scope: .organisation(organisation))
        guard let ground = zone.savedGround else {
            throw ValidationError(
                "only --perimeter, --saved, --communes, --department and --epci, united, can be saved as a perimeter: keep "
                    + "anything else as a zone document, and give it with --zone")
        }
        let area: Area<WGS84>? =
            switch ground {
            case .drawn(let area): area
            case .communes: try store.surface(of: zone, scope: .organisation(organisation))
            }
        guard let area, !area.isEmpty else {
            throw ValidationError("the boundaries of these communes are not loaded: import them with `tocsin import communes`")
        }
        _ = try store.savePerimeter(
            named: perimeter.name, area: area, organisation: organisation, actor: database.actor)
        if case .communes = ground {
            Terminal.say("note: a perimeter is a place: recipients are judged by where they are, not by their commune's code")
        }
        Terminal.say("perimeter “\(perimeter.name)” saved: \(area.vertexCount) vertices")
    }
}

struct ShowPerimeterCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Print a perimeter as GeoJSON, which --perimeter reads back.")

    @OptionGroup var database: DatabaseOption
    @OptionGroup var scope: ScopeOption
    @OptionGroup var perimeter: PerimeterArgument

    func run() throws {
        let store = try database.open()
        let saved = try store.perimeter(named: perimeter.name, scope: try scope.scope(in: store))
        var writer = JSONWriter()
        writer.raw(#"{"type":"Feature","properties":{"name":"#)
        writer.string(saved.name)
        writer.raw(#"},"geometry":"#)
        writer.raw(ZoneDocument.encode(saved.area))
        writer.raw("}\n")
        Terminal.out(writer.text)
    }
}

struct RenamePerimeterCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "rename", abstract: "Give a perimeter another name.")

    @OptionGroup var database: DatabaseOption
    @OptionGroup var scope: ScopeOption
    @OptionGroup var perimeter: PerimeterArgument
    @Argument(help: "The new name.") var newName: String

    func run() throws {
        let store = try database.open(for: .prepare)
        try store.renamePerimeter(
            named: perimeter.name, to: newName, scope: try scope.scope(in: store), actor: database.actor)
    }
}

struct DeletePerimeterCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Remove a perimeter; campaigns and reports made with it stay as they are.")

    @OptionGroup var database: DatabaseOption
    @OptionGroup var scope: ScopeOption
    @OptionGroup var perimeter: PerimeterArgument

    func run() throws {
        let store = try database.open(for: .prepare)
        try store.deletePerimeter(
            named: perimeter.name, scope: try scope.scope(in: store), actor: database.actor)
    }
}

/// What a zone that can be saved is made of.
private enum SavedGround {
    /// Drawn polygons, as they were given.
    case drawn(Area<WGS84>)
    /// Communes are among its parts.
    case communes
}

extension Zone {
    /// Nil for a zone that is anything but perimeters and communes united.
    fileprivate var savedGround: SavedGround? {
        switch self {
        case .perimeter(_, let area): return .drawn(area)
        case .communes, .department, .epci: return .communes
        case .union(let zones):
            var polygons: [Polygon<WGS84>] = []
            var hasCommunes = false
            for zone in zones {
                switch zone.savedGround {
                case .drawn(let area): polygons += area.polygons
                case .communes: hasCommunes = true
                case nil: return nil
                }
            }
            return hasCommunes ? .communes : .drawn(Area(polygons))
        default: return nil
        }
    }
}
