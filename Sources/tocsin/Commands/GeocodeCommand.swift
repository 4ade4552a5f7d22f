import AlertModel
import ArgumentParser
import Foundation
import GeoModel
import Geocoding
import Import
import Reports
import Store

struct GeocodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "geocode",
        abstract: "Find where an address is, with the imported addresses and communes only.",
        discussion: """
            A query prints one JSON object a line, best first: label, lon, lat, score, precision, commune_code. With \
            --csv the file is printed again, as CSV, with columns geocoded_label, lon, lat, score, precision and \
            commune_code; its address, postcode, commune and commune code columns are recognised as for recipients.
            """)

    @OptionGroup var database: DatabaseOption

    @Argument(help: "The address.")
    var query: String?

    @Option(help: ArgumentHelp("A file of addresses: CSV, TSV, XLSX, XLS or ODS.", valueName: "file"))
    var csv: String?

    @Option(help: ArgumentHelp("The sheet of a workbook, when several hold something.", valueName: "name"))
    var sheet: String?

    @Option(help: "Most answers to a query, up to 50.")
    var limit = 5

    func validate() throws {
        if (query == nil) == (csv == nil) { throw ValidationError("give an address, or --csv FILE") }
        if sheet != nil, csv == nil { throw ValidationError("--sheet goes with --csv") }
        if !(1...50).contains(limit) { throw ValidationError("--limit goes from 1 to 50") }
    }

    func run() throws {
        let store = try database.open()
        if let csv { return try AddressBook(store: store).geocode(file: csv, sheet: sheet) { Terminal.out($0) } }
        let places = try store.geocode(query ?? "", limit: limit)
        if places.isEmpty { Terminal.warn("no such place among the imported addresses and communes") }
        for place in places { Terminal.out(Self.json(place) + "\n") }
    }

    private static func json(_ place: GeocodedPlace) -> String {
        var object = JSONObject()
        object.append("label", .string(place.label))
        object.append("lon", .number(place.position.longitude))
        object.append("lat", .number(place.position.latitude))
        object.append("score", .number((place.score * 1000).rounded() / 1000))
        object.append("precision", .string(place.precision.rawValue))
        object.append("commune_code", .string(place.communeCode.rawValue))
        object.append("commune", .string(place.communeName))
        object.append("postcode", place.postcode.map { .string($0) } ?? .null)
        object.append("uncertainty_metres", place.uncertaintyMetres.map { .number($0.rounded(.up)) } ?? .null)
        object.append("ambiguous", .bool(place.isAmbiguous))
        var writer = JSONWriter()
        writer.value(.object(object))
        return writer.text
    }
}
