import GeoEngine
import GeoModel

/// What the exchange process says is wrong with a file: a word, and names or a number that belong to it.
struct ExchangeFault: Error {
    let word: String
    /// Sheets or layers of the file.
    let names: [String]
    /// The row or feature at fault, from 1.
    let number: Int?

    static let otherKind = ExchangeFault(.object(JSONObject([.init(key: "error", value: "other_kind")])))

    init(_ value: JSONValue) {
        word = value["error"]?.string ?? ""
        names = value["names"]?.texts ?? []
        number = value["number"]?.number.flatMap { Int(exactly: $0) }
    }

    /// The systems that a layer without one may be in: `EPSG:WEST,SOUTH,EAST,NORTH` for each.
    var readings: [FrenchSystems.Reading] {
        guard word == "ambiguous_system" else { return [] }
        return names.compactMap { name in
            let parts = name.split(separator: ":")
            guard parts.count == 2, let code = Int(parts[0]) else { return nil }
            let numbers = parts[1].split(separator: ",").compactMap { Double($0) }
            guard numbers.count == 4 else { return nil }
            return FrenchSystems.Reading(
                epsgCode: code,
                box: BoundingBox(west: numbers[0], south: numbers[1], east: numbers[2], north: numbers[3]))
        }
    }

    /// What is wrong and what to do, for a file called `file`.
    var reason: String {
        switch word {
        case "other_kind": "it is not of a format that can be read here"
        case "damaged":
            "it is damaged or cut short" + (number.map { " (after row or feature \($0))" } ?? "") + ": get it again"
        case "encrypted": "it is protected by a password: save it without one"
        case "empty": "there is nothing in it"
        case "memory": ExchangeProcess.Failure.tooMuchMemory.reason
        case "archive_bomb": "it would unpack to more than is sensible: split it, or save it as CSV"
        case "entities": "it declares XML entities, which no program that writes this format does: it is not opened"
        case "too_wide":
            "it has more than 2,000 columns, or rows far wider than those above: delete what stands far to the right"
        case "rich_inline_text":
            "it has cells in several formats of text, stored in a way that can't be read here: open it in a spreadsheet "
                + "program, and save it again"
        case "unknown_sheet": "it has no sheet of that name: its sheets are \(list)"
        case "several_sheets": "several sheets hold something: say which of \(list) is meant (--sheet)"
        case "unknown_layer": "it has no layer of that name: its layers are \(list)"
        case "several_layers": "it has several layers: say which of \(list) is meant (--layer)"
        case "several_shapefiles": "it holds several shapefiles, \(list): keep one"
        case "no_geometry": "it has no layer with geometry"
        case "missing_part":
            "its parts \(names.joined(separator: " and ")) are missing: a shapefile is a .shp, a .shx and a .dbf, and should "
                + "have a .prj and a .cpg, in one folder or one zip file"
        case "foreign_tables": "it has tables that run programs (virtual tables), and is not opened"
        case "no_system":
            "nothing says which reference system its coordinates are in, and they could be in several: add a .prj, or export "
                + "it in WGS 84 (EPSG:4326)"
        case "ambiguous_system":
            "nothing says which reference system its coordinates are in: they may be \(FrenchSystems.names(readings)). Add a "
                + ".prj, or export it in WGS 84 (EPSG:4326)"
        case "unknown_system": "its reference system (\(list)) can't be converted: export it in WGS 84 (EPSG:4326)"
        case "wrong_system": "coordinates of \(place) can't be in \(list), the system it names: correct the system"
        case "swapped_axes": "in \(place) latitude seems to come before longitude: export it again"
        case "bad_coordinate": "in \(place) a coordinate is not a number: export it again"
        case "too_many_vertices": "\(place) has more than 500,000 vertices: simplify it"
        case "too_many_rows": "it has more than 1,048,576 rows, or rows far below the others: use CSV, or delete what stands far below"
        case "cell_too_long": "row \(number ?? 0) has a cell with more text than a cell takes: use CSV, or shorten it"
        case "cut_short", "not_written": "it could not be written: is the disk full?"
        default: "it can't be read"
        }
    }

    private var place: String { number.map { "feature \($0)" } ?? "a feature" }

    private var list: String { names.prefix(20).map { "“\($0.prefix(80))”" }.joined(separator: ", ") }
}

extension ExchangeProcess.Failure {
    /// What is wrong and what to do.
    var reason: String {
        switch self {
        case .refused(let fault): fault.reason
        case .tooMuchMemory: "it needs too much memory: split it, or use CSV"
        case .tookTooLong: "it takes too long: split it, or use a simpler format"
        case .tooMuchOutput: "it holds too much: split it"
        case .crashed: "it can't be read: it is damaged, or no program wrote it"
        case .notInstalled(let path):
            "the program for this format, \(path), is missing or does not start: install it beside tocsin"
        }
    }
}
