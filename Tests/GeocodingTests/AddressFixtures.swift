import Foundation
import GRDB
import GeoModel
import Geocoding
import Store
import TestSupport
import Testing

/// Small made-up towns, one index a test, in memory.
struct Town {
    let queue: DatabaseQueue

    init(communes: [CommuneEntry], addresses: [BANAddress]) throws {
        queue = try DatabaseQueue()
        try queue.write { db in
            try AddressIndexSchema.create(in: db)
            try AddressIndexSchema.addSources(in: db)
            try AddressIndex(db).upsert(communes: communes)
            _ = try AddressIndex(db).upsert(rows: addresses)
        }
    }

    func locate(
        _ text: String, postcode: String? = nil, commune: String? = nil, code: String? = nil
    ) throws -> GeocodedPlace? {
        let query = AddressQuery(
            text: text, postcode: postcode, communeName: commune, communeCode: code.flatMap { CommuneCode($0) })
        return try queue.read { try Geocoder(index: AddressIndex($0).port).locate(structured: query) }
    }

    func search(_ text: String, limit: Int = 5) throws -> [GeocodedPlace] {
        try queue.read { try Geocoder(index: AddressIndex($0).port).search(text: text, limit: limit) }
    }
}

func commune(
    _ code: String, _ name: String, _ postcodes: [String], other: [String] = [], longitude: Double = 2.3,
    latitude: Double = 49.9
) throws -> CommuneEntry {
    CommuneEntry(
        code: try #require(CommuneCode(code)), name: name, otherNames: other, postcodes: postcodes,
        position: Position(longitude: longitude, latitude: latitude))
}

/// The numbers of a street, laid out eastwards every 0.0002° from a corner.
func street(
    _ name: String, in commune: CommuneEntry, key: String,
    numbers: [String] = ["1", "2", "3", "4", "5", "7", "12", "12bis"],
    postcode: String? = nil, longitude: Double = 2.3, latitude: Double = 49.9, former: String? = nil,
    locality: String? = nil
) -> [BANAddress] {
    numbers.map { text in
        let figures = text.prefix { $0.isNumber }
        let number = Int(figures) ?? 0
        let suffix = String(text.dropFirst(figures.count))
        return BANAddress(
            id: "\(commune.code)_\(key)_\(number)" + (suffix.isEmpty ? "" : "_\(suffix)"), number: number, suffix: suffix,
            street: name, postcode: postcode ?? commune.postcodes.first ?? "", communeCode: commune.code,
            communeName: commune.name, formerCommuneName: former, locality: locality,
            position: Position(
                longitude: longitude + 0.0002 * Double(number),
                latitude: latitude + (number % 2 == 0 ? 0.0001 : 0) + (suffix.isEmpty ? 0 : 0.00001)))
    }
}

/// The real addresses of Bondy, among the real communes of the Somme.
enum Bondy {
    static func addresses() throws -> [BANAddress] {
        let text = try String(contentsOf: TestGeodata.file("addresses/ban-93010-extract.csv"), encoding: .utf8)
        return text.split(whereSeparator: \.isNewline).dropFirst().compactMap { line in
            let fields = line.split(separator: ";", omittingEmptySubsequences: false).map(String.init)
            guard let code = CommuneCode(fields[6]), let longitude = Double(fields[12]), let latitude = Double(fields[13])
            else { return nil }
            return BANAddress(
                id: fields[0], number: Int(fields[2]), suffix: fields[3], street: fields[4], postcode: fields[5],
                communeCode: code, communeName: fields[7], position: Position(longitude: longitude, latitude: latitude))
        }
    }

    /// The Somme's communes and Bondy.
    static func communes() throws -> [CommuneEntry] {
        let data = Data(try TestGeodata.gunzipped("communes/cog2024/80.geojson.gz"))
        let collection = try JSONDecoder().decode(Collection.self, from: data)
        return try collection.features.map(\.properties).filter { $0.type == "COM" }.map {
            try commune(
                $0.code, $0.nom, $0.codes_postaux ?? [], longitude: $0.mairie?.first ?? 2.3,
                latitude: $0.mairie?.last ?? 49.9)
        } + [try commune("93010", "Bondy", ["93140"], longitude: 2.48, latitude: 48.9)]
    }

    private struct Collection: Decodable {
        let features: [Feature]
        struct Feature: Decodable { let properties: Properties }
        struct Properties: Decodable {
            let code: String
            let nom: String
            let type: String
            let codes_postaux: [String]?
            let mairie: [Double]?
        }
    }
}
