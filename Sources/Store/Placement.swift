import AlertModel
import Foundation
import GRDB
import GeoModel
import Geocoding

/// Where the geocoder puts a recipient who came without coordinates.
package struct Placement: Sendable {
    /// The register's own code, or the one found.
    package let communeCode: CommuneCode?
    /// Nil when only the commune, or nothing, is known.
    package let location: Location?
    package let precision: Precision
}

/// Places recipients through one open transaction.
struct Placer {
    let database: Database
    let geocoder: Geocoder

    /// - Parameter cache: what to remember between transactions; none in one that writes addresses or communes.
    init(database: Database, cache: GeocoderCache?) {
        self.database = database
        geocoder = Geocoder(index: AddressIndex(database, cache: cache).port)
    }

    func place(
        address: String?, postcode: String?, communeName: String?, communeCode: CommuneCode?
    ) throws -> Placement {
        let query = AddressQuery(
            text: address ?? "", postcode: postcode, communeName: communeName, communeCode: communeCode)
        let found = try geocoder.locate(structured: query)
        let code = communeCode ?? found?.communeCode
        if let found, let uncertainty = found.uncertaintyMetres, let precision = Precision(found.precision) {
            let location = Location(
                position: found.position, uncertaintyMetres: uncertainty, precision: precision, score: found.score)
            return Placement(communeCode: code, location: location, precision: precision)
        }
        let isCommuneKnown = try code.map { try database.hasBoundary($0) } ?? false
        return Placement(communeCode: code, location: nil, precision: isCommuneKnown ? .commune : .notLocated)
    }

    func place(_ recipient: Recipient) throws -> Placement {
        try place(
            address: recipient.addressText?.value, postcode: recipient.postcode, communeName: recipient.communeName,
            communeCode: recipient.communeCode)
    }
}

extension Database {
    func hasBoundary(_ code: CommuneCode) throws -> Bool {
        try Int.fetchOne(
            cachedStatement(sql: "SELECT 1 FROM communes WHERE code = ? AND boundary IS NOT NULL LIMIT 1"),
            arguments: [code.rawValue]) != nil
    }
}

extension Precision {
    /// Nil at commune precision: the recipient then has no point, and the commune's boundary stands for it.
    fileprivate init?(_ precision: PlacePrecision) {
        switch precision {
        case .houseNumber: self = .houseNumber
        case .street: self = .street
        case .locality: self = .locality
        case .commune: return nil
        }
    }
}
