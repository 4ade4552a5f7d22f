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
        abstract: "Find where an address is, or what is at a place, with the imported addresses and communes only.",
        discussion: """
            A query prints one JSON object a line, best first: label, lon, lat, score, precision, commune_code. With \
            --stdin each line read is an address, answered at once by one line: a JSON array of such objects, empty when \
            nothing is found. With --csv the file is printed again, as CSV, with columns geocoded_label, lon, lat, score, precision and \
            commune_code; its address, postcode, commune and commune code columns are recognised as for recipients.

            --reverse prints the nearest house number, street and locality and the commune that holds the place, with \
            their distances in metres; --type keeps to some of them, and --limit then gives more of each. A query that \
            is a pair of coordinates ("49.89 2.30", "2,30 ; 49,89", 49°53'24"N 2°18'E) is read so too, in the order \
            that puts it in France, and the answer says in which ("read_as").
            """)

    @OptionGroup var database: DatabaseOption

    @Argument(help: "The address, or a pair of coordinates.")
    var query: String?

    @Option(help: ArgumentHelp("A file of addresses: CSV, TSV, XLSX, XLS or ODS.", valueName: "file"))
    var csv: String?

    @Option(help: ArgumentHelp("The sheet of a workbook, when several hold something.", valueName: "name"))
    var sheet: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("A place: what is there?", valueName: "lon,lat"))
    var reverse: String?

    @Option(help: ArgumentHelp(
        "With --reverse: housenumber, street, locality or municipality (repeatable).", valueName: "kind"))
    var type: [String] = []

    @Flag(name: .customLong("stdin"), help: "Read addresses from standard input, one a line.")
    var readsStandardInput = false

    @Option(help: "Most answers to a query, or of each kind with --reverse, up to 50 (default 5; 1 with --reverse).")
    var limit: Int?

    func validate() throws {
        let sources = [query != nil, csv != nil, reverse != nil, readsStandardInput]
        if sources.filter(\.self).count != 1 {
            throw ValidationError("give an address, --csv FILE, --stdin, or --reverse LON,LAT")
        }
        if sheet != nil, csv == nil { throw ValidationError("--sheet goes with --csv") }
        if let limit, !(1...50).contains(limit) { throw ValidationError("--limit goes from 1 to 50") }
        if !type.isEmpty, reverse == nil { throw ValidationError("--type goes with --reverse") }
        if let strange = type.first(where: { NearbyListing.kinds[$0] == nil }) {
            throw ValidationError("--type \(strange): one of housenumber, street, locality, municipality is due")
        }
        if let reverse { _ = try Self.place(reverse) }
    }

    func run() throws {
        let store = try database.open()
        if let csv { return try AddressBook(store: store).geocode(file: csv, sheet: sheet) { Terminal.out($0) } }
        if let reverse {
            return try NearbyListing(store: store, types: type, limit: limit ?? 1).print(try Self.place(reverse))
        }
        if readsStandardInput {
            try store.readyGeocoder()
            while let line = readLine() {
                let places = try store.geocode(line, limit: limit ?? 5)
                Terminal.out("[\(places.map(Self.json).joined(separator: ","))]\n")
            }
            return
        }
        let query = query ?? ""
        if let pair = CoordinateText(query) {
            return try NearbyListing(store: store, types: [], limit: 1).print(pair.position, readAs: pair.order)
        }
        let places = try store.geocode(query, limit: limit ?? 5)
        if places.isEmpty { Terminal.warn("no such place among the imported addresses and communes") }
        for place in places { Terminal.out(Self.json(place) + "\n") }
    }

    /// `LON,LAT`, in this order; the other order is refused by name where it would be in France.
    private static func place(_ text: String) throws -> Position<WGS84> {
        let numbers = text.split(separator: ",", omittingEmptySubsequences: false)
            .map { Double($0.trimmingCharacters(in: .whitespaces)) }
        guard numbers.count == 2, let longitude = numbers[0], let latitude = numbers[1] else {
            throw ValidationError("--reverse takes LON,LAT in degrees, such as 2.3,49.9")
        }
        let position = Position<WGS84>(longitude: longitude, latitude: latitude)
        let swapped = Position<WGS84>(longitude: latitude, latitude: longitude)
        if !FrenchTerritories.contain(position), FrenchTerritories.contain(swapped) {
            throw ValidationError("--reverse \(text): the longitude comes first; did you mean \(latitude),\(longitude)?")
        }
        guard position.isInRange else { throw ValidationError("--reverse \(text): not a place on Earth") }
        return position
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
