import Foundation
import GRDB
import GeoModel
import TestSupport
import Testing

@testable import Import
@testable import Store

/// A database and files of its own in a temporary folder; the database is copied from a template built once per run.
final class ImportBench {
    let database: AlertDatabase
    let folder: URL

    init() throws {
        let file = try Self.template.copy()
        folder = file.deletingLastPathComponent()
        database = try AlertDatabase.openExisting(at: file.path)
    }

    deinit {
        try? database.pool.close()
        try? FileManager.default.removeItem(at: folder)
    }

    /// Schema, and two communes side by side: Amiens (80021) from 2.2° to 2.4° E, Longueau (80489) to 2.5°.
    private static let template = TemplateFile("import") { folder in
        let path = folder.appending(path: "tocsin.sqlite")
        let database = try AlertDatabase.create(at: path.path)
        let file = folder.appending(path: "communes.geojson")
        try Data(
            ImportBench.communes([
                #"{"code":"80021","nom":"Amiens","population":133755,"codes_postaux":["80000"]}"#: (2.2, 2.4),
                #"{"code":"80489","nom":"Longueau","population":5648,"codes_postaux":["80330"]}"#: (2.4, 2.5),
            ]).utf8
        ).write(to: file)
        _ = try CommuneImport(database: database, actor: "test").run(file: file.path, vintage: 2024)
        // The copies are of this file alone, without its log.
        _ = try database.pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
        try database.pool.close()
        return path
    }

    // MARK: Files

    func file(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
        let file = folder.appending(path: name)
        try Data(bytes).write(to: file)
        return file.path
    }

    func file(_ name: String, _ text: String) throws -> String { try file(name, text.utf8) }

    /// A FeatureCollection: properties, and the longitudes between which a square from 49.8° N to 50° lies.
    static func communes(_ features: KeyValuePairs<String, (west: Double, east: Double)>) -> String {
        let texts = features.map { #"{"type":"Feature","properties":\#($0.key),"geometry":\#(square($0.value))}"# }
        return #"{"type":"FeatureCollection","features":[\#(texts.joined(separator: ",\n"))]}"#
    }

    static func square(_ span: (west: Double, east: Double)) -> String {
        let (west, east) = span
        return #"{"type":"Polygon","coordinates":[[[\#(west),49.8],[\#(east),49.8],[\#(east),50],[\#(west),50],"#
            + "[\(west),49.8]]]}"
    }

    // MARK: Imports

    func recipients(
        _ csv: String, map: [String: String] = [:], dryRun: Bool = false, skipInvalid: Bool = false
    ) throws -> RecipientImportReport {
        try RecipientImport(database: database, actor: "test").run(
            file: try file("recipients.csv", csv),
            options: RecipientImport.Options(
                organisation: "Mairie", map: map, dryRun: dryRun, skipInvalid: skipInvalid))
    }

    @discardableResult
    func communes(_ text: String, vintage: Int? = 2024) throws -> CommuneImportReport {
        try CommuneImport(database: database, actor: "test").run(
            file: try file("communes.geojson", text), vintage: vintage)
    }

    @discardableResult
    func addresses(_ text: String) throws -> AddressImportReport {
        try AddressImport(database: database, actor: "test").run(file: try file("addresses.csv", text))
    }

    func fetch<Value: DatabaseValueConvertible>(_ sql: String, as type: Value.Type = Value.self) throws -> [Value] {
        try database.pool.read { try Value.fetchAll($0, sql: sql) }
    }

    func count(_ table: String) throws -> Int { try fetch("SELECT count(*) FROM \(table)", as: Int.self)[0] }
}

/// Gzip without compression (RFC 1952 around stored blocks of RFC 1951), to break in chosen places.
func gzipped(_ content: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
    var rest = content[...]
    repeat {
        let block = rest.prefix(65_535)
        rest = rest.dropFirst(block.count)
        let length = UInt16(block.count)
        bytes.append(rest.isEmpty ? 1 : 0)
        bytes += [UInt8(length & 0xFF), UInt8(length >> 8), UInt8(~length & 0xFF), UInt8(~length >> 8)]
        bytes += block
    } while !rest.isEmpty
    var crc = UInt32.max
    for byte in content {
        crc ^= UInt32(byte)
        for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    for number in [~crc, UInt32(truncatingIfNeeded: content.count)] {
        for shift in stride(from: 0, to: 32, by: 8) { bytes.append(UInt8(truncatingIfNeeded: number >> UInt32(shift))) }
    }
    return bytes
}
