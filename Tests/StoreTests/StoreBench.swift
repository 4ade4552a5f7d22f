import AlertModel
import Campaigns
import Foundation
import GRDB
import GeoModel
import Geocoding
import TestSupport
import Testing

@testable import Store

/// A database file of its own, copied from a template that is built once per run.
final class StoreBench {
    let database: AlertDatabase
    private let folder: URL

    init() throws {
        let file = try Self.template.copy()
        folder = file.deletingLastPathComponent()
        database = try AlertDatabase.openExisting(at: file.path)
    }

    deinit {
        try? database.pool.close()
        try? FileManager.default.removeItem(at: folder)
    }

    /// Schema, and three communes side by side at 50° N, 0.1° wide: 80001, 80002 with its delegated commune 80102,
    /// and 80003, which has no boundary.
    private static let template = TemplateFile("store") { folder in
        let file = folder.appending(path: "tocsin.sqlite")
        let database = try AlertDatabase.create(at: file.path)
        _ = try database.importCommunes(vintage: 2024, from: StoreBench.file("communes"), actor: "test") { writer in
            for commune in towns { try writer.write(commune) }
        }
        // The copies are of this file alone, without its log.
        _ = try database.pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
        try database.pool.close()
        return file
    }

    static func newFolder() throws -> URL { try TemplateFile.newFolder("store") }

    static func file(_ name: String) -> ImportedFile {
        ImportedFile(name: name, sha256: String(repeating: "0", count: 64))
    }

    static let towns = [
        commune("80001", boundary: rectangle(2.0, 50.0, 2.1, 50.1)),
        commune("80002", boundary: rectangle(2.1, 50.0, 2.2, 50.1), population: 2000),
        commune("80003", boundary: nil, population: nil),
        commune("80102", kind: "COMD", parent: "80002", boundary: rectangle(2.15, 50.0, 2.2, 50.05), population: 300),
    ]

    // MARK: Writing

    @discardableResult
    func register(_ recipients: [Recipient], organisation: String = "Préfecture") throws -> RecipientImportCounts {
        try database.writeRecipients(
            recipients, unchanged: 0, organisationNamed: organisation, from: Self.file("recipients"), actor: "test")
    }

    @discardableResult
    func territory(_ communes: [Commune], vintage: Int = 2024) throws -> CommuneImportCounts {
        try database.importCommunes(vintage: vintage, from: Self.file("communes"), actor: "test") { writer in
            for commune in communes { try writer.write(commune) }
        }
    }

    @discardableResult
    func addresses(_ rows: [BANAddress]) throws -> (counts: AddressImportCounts, relocated: Int) {
        try database.importAddresses(from: Self.file("addresses"), actor: "test") { try $0.write(rows) }
    }

    // MARK: Reading

    /// “id certainty” of everyone selected, in order.
    func select(_ zone: Zone, scope: RegisterScope = .all) throws -> [String] {
        try database.selectedRecipients(in: zone, scope: scope).map { "\($0.externalID) \($0.certainty.rawValue)" }
    }

    func count(_ sql: String) throws -> Int { try database.pool.read { try Int.fetchOne($0, sql: sql) ?? 0 } }

    func fetch<Value: DatabaseValueConvertible>(_ sql: String, as type: Value.Type = Value.self) throws -> [Value] {
        try database.pool.read { try Value.fetchAll($0, sql: sql) }
    }
}

// MARK: Made-up places and people

func place(_ longitude: Double, _ latitude: Double) -> Position<WGS84> {
    Position(longitude: longitude, latitude: latitude)
}

func codes(_ texts: String...) -> [CommuneCode] { texts.compactMap { CommuneCode($0) } }

func rectangle(_ west: Double, _ south: Double, _ east: Double, _ north: Double) -> Area<WGS84> {
    Area([
        Polygon(
            exterior: Ring([
                place(west, south), place(east, south), place(east, north), place(west, north), place(west, south),
            ]))
    ])
}

func perimeter(_ west: Double, _ south: Double, _ east: Double, _ north: Double) -> Zone {
    .perimeter(name: "P", area: rectangle(west, south, east, north))
}

func commune(
    _ code: String, kind: String = "COM", name: String? = nil, parent: String? = nil, boundary: Area<WGS84>?,
    population: Int? = 1000, postcodes: [String] = []
) -> Commune {
    let box = boundary?.boundingBox
    return Commune(
        code: CommuneCode(code)!, kind: kind, name: name ?? "Ville \(code)", department: CommuneCode(code)!.department,
        region: "32", epci: nil, epciName: nil, parentCode: parent, postcodes: postcodes, population: population,
        populationYear: population == nil ? nil : 2021,
        townhall: box.map { place(($0.west + $0.east) / 2, ($0.south + $0.north) / 2) }, boundary: boundary)
}

/// Contact points are written `sms:+33639980001`.
func person(
    _ id: String, commune: String? = nil, at position: Position<WGS84>? = nil, within metres: Double = 0,
    address: String? = nil, postcode: String? = nil, town: String? = nil, contacts: [String] = [],
    lists: [String]? = nil, name: String = "Personne"
) -> Recipient {
    Recipient(
        externalID: id, name: Redacted(name), kind: .person, addressText: address.map { Redacted($0) },
        postcode: postcode, communeCode: commune.flatMap { CommuneCode($0) }, communeName: town, language: "fr",
        location: position.map {
            Location(
                position: $0, uncertaintyMetres: metres, precision: metres == 0 ? .given : .street,
                score: metres == 0 ? 1 : 0.8)
        },
        contactPoints: contacts.enumerated().compactMap { index, text in
            let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
            return Channel(rawValue: parts[0]).map {
                ContactPoint(channel: $0, address: Redacted(parts[1]), rank: index + 1)
            }
        },
        lists: lists)
}

/// The numbers of a street laid out eastwards from a corner.
func street(
    _ name: String, commune code: String, town: String, postcode: String = "80000", numbers: ClosedRange<Int> = 1...12,
    from corner: Position<WGS84>
) -> [BANAddress] {
    numbers.map { number in
        BANAddress(
            id: "\(code)_\(name.count)_\(number)", number: number, suffix: "", street: name, postcode: postcode,
            communeCode: CommuneCode(code)!, communeName: town,
            position: place(corner.longitude + 0.0002 * Double(number), corner.latitude))
    }
}

func plan(
    zone: Zone, key: String = "key", text: String = "Évacuez à pied", channels: [Channel] = [.sms, .email],
    retries: Int = 2, approved: AudienceHash? = nil, organisation: OrganisationID = OrganisationID(rawValue: 1),
    mode: CampaignMode = .exercise
) -> CampaignPlan {
    CampaignPlan(
        organisation: organisation, requestKey: key, mode: mode,
        zoneDocument: String(decoding: ZoneDocument.encode(zone), as: UTF8.self),
        message: Message(subject: "Crue", text: text),
        policy: Policy(channels: channels, maximumRetries: retries, retryPeriodSeconds: 60, validitySeconds: 3600),
        notLocated: 0, approvedHash: approved, createdBy: "agent")
}
