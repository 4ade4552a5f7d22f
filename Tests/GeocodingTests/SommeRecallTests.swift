import Foundation
import GeoModel
import TestSupport
import Testing

@testable import Geocoding

/// The made-up addresses of the demonstration, in the real communes of the Somme: many small towns with the same
/// street names, where Bondy is one town.
@Suite struct SommeRecallTests {
    @Test func `at least 97 in 100 noisy queries over a département find the door, and none another town`() throws {
        let addresses = try Self.addresses()
        #expect(addresses.count > 20_000)
        var communes: [CommuneCode: CommuneEntry] = [:]
        for address in addresses where communes[address.communeCode] == nil {
            communes[address.communeCode] = CommuneEntry(
                code: address.communeCode, name: address.communeName, postcodes: [address.postcode],
                position: address.position)
        }
        // Every fourth town: the index is built anew for each test.
        let chosen = Set(communes.keys.sorted().enumerated().filter { $0.offset % 4 == 0 }.map(\.element))
        let kept = addresses.filter { chosen.contains($0.communeCode) }
        let town = try Town(communes: communes.values.sorted { $0.code < $1.code }, addresses: kept)
        var generator = SeededGenerator(seed: 80)
        var right = 0, asked = 0
        for index in 0..<600 {
            let address = try #require(kept.randomElement(using: &generator))
            let door = "\(address.number ?? 0)" + (address.suffix.isEmpty ? "" : " \(address.suffix)")
            let text = switch index % 6 {
            case 0: "\(door) \(address.street) \(address.postcode) \(address.communeName)"
            case 1: "\(door), \(address.street), \(address.communeName)".uppercased()
            case 2: "\(address.postcode) \(address.communeName) \(door) \(address.street)"
            case 3: "Appt 3 Bât B \(door) \(address.street) BP 40 \(address.postcode.prefix(3))99 \(address.communeName) CEDEX"
            case 4: "\(door) \(misspelt(address.street, &generator)) \(address.postcode) \(address.communeName)"
            default: "\(door) \(address.street) \(address.postcode) \(misspelt(address.communeName, &generator))"
            }
            let place = try town.locate(text)
            asked += 1
            if let place {
                #expect(place.communeCode == address.communeCode, "seed 80, query \(index)")
                if place.precision == .houseNumber, GroundDistance.metres(place.position, address.position) < 30 { right += 1 }
            }
        }
        print("Somme: right \(right) of \(asked)")
        #expect(Double(right) / Double(asked) >= 0.97)
    }

    private func misspelt(_ text: String, _ generator: inout SeededGenerator) -> String {
        var letters = Array(text)
        guard letters.count >= 8 else { return text }
        let place = Int.random(in: (letters.count - 4)..<(letters.count - 1), using: &generator)
        if Bool.random(using: &generator) { letters.swapAt(place, place + 1) } else { letters.remove(at: place) }
        return String(letters)
    }

    private static func addresses() throws -> [BANAddress] {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["gzip", "-dc", ShippedGeodata.file("demo/adresses-80.csv.gz").path]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline).dropFirst().compactMap { line in
            let fields = line.split(separator: ";", omittingEmptySubsequences: false).map(String.init)
            guard let code = CommuneCode(fields[6]), let longitude = Double(fields[12]), let latitude = Double(fields[13])
            else { return nil }
            return BANAddress(
                id: fields[0], number: Int(fields[2]), suffix: fields[3], street: fields[4], postcode: fields[5],
                communeCode: code, communeName: fields[7], position: Position(longitude: longitude, latitude: latitude))
        }
    }
}
