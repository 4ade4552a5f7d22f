import GeoModel
import TestSupport
import Testing

@testable import Geocoding

/// The real addresses of a town, asked for as people write them.
@Suite(.enabled(if: TestGeodata.isExpected, TestGeodata.skipReason))
struct BondyRecallTests {
    private static let kinds = [
        "clean", "typo", "abbreviated", "typeless", "capitals", "town first", "structured", "misspelt town", "CEDEX",
        "no postcode",
    ]

    @Test func `at least 97 in 100 noisy queries find the right door, and none another town`() throws {
        let addresses = try Bondy.addresses()
        #expect(addresses.count == 1_900)
        let town = try Town(communes: Bondy.communes(), addresses: addresses)
        var generator = SeededGenerator(seed: 2024)
        var right = 0, asked = 0
        var failures: [String: Int] = [:]
        for index in 0..<1_000 {
            let kind = Self.kinds[index % Self.kinds.count]
            let address = try #require(addresses.randomElement(using: &generator))
            let place = try ask(town, address, kind, &generator)
            asked += 1
            #expect(place?.communeCode == address.communeCode || place == nil, "seed 2024, query \(index)")
            if let place, place.precision == .houseNumber, GroundDistance.metres(place.position, address.position) < 30 {
                right += 1
            } else {
                failures[kind, default: 0] += 1
            }
        }
        print("right \(right) of \(asked), not right by kind: \(failures)")
        #expect(Double(right) / Double(asked) >= 0.97)
    }

    private func ask(
        _ town: Town, _ address: BANAddress, _ kind: String, _ generator: inout SeededGenerator
    ) throws -> GeocodedPlace? {
        let number = "\(address.number ?? 0)" + (address.suffix.isEmpty ? "" : " \(address.suffix)")
        var name = address.street
        var tail = "93140 Bondy"
        switch kind {
        case "typo": name = misspelt(name, &generator)
        case "abbreviated":
            for (long, short) in [("Avenue", "av."), ("Allée", "all"), ("Allee", "all"), ("Rue", "r."), ("Place", "pl"),
                                  ("Impasse", "imp"), ("Chemin", "ch"), ("Sainte", "Ste"), ("Mal", "Maréchal")] {
                name = name.split(separator: " ").map { $0 == long ? short : String($0) }.joined(separator: " ")
            }
        case "typeless": name = name.split(separator: " ").dropFirst().joined(separator: " ")
        case "capitals":
            let words = PlaceNormalizer.tokens("\(number) \(name) 93140 Bondy")
            return try town.locate(words.joined(separator: " ").uppercased())
        case "town first": return try town.locate("93140 Bondy \(number) \(name)")
        case "structured": return try town.locate("\(number), \(name.lowercased())", postcode: "93140", commune: "BONDY")
        case "misspelt town": tail = "93140 Bondi"
        case "CEDEX": tail = "93141 BONDY CEDEX"
        case "no postcode": tail = "Bondy"
        default: break
        }
        return try town.locate("\(number) \(name) \(tail)")
    }

    /// One letter left out, doubled, changed or swapped, in a word of five letters or more, not its first.
    private func misspelt(_ name: String, _ generator: inout SeededGenerator) -> String {
        var words = name.split(separator: " ").map(Array.init)
        guard let word = words.indices.filter({ words[$0].count >= 5 && $0 > 0 }).randomElement(using: &generator) else {
            return name
        }
        let letter = Int.random(in: 1..<(words[word].count - 1), using: &generator)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: words[word].remove(at: letter)
        case 1: words[word].insert(words[word][letter], at: letter)
        case 2: words[word][letter] = "e"
        default: words[word].swapAt(letter, letter + 1)
        }
        return words.map { String($0) }.joined(separator: " ")
    }

    @Test(arguments: 0..<7) func `a number left out of the index falls inside the disc answered for it`(offset: Int) throws {
        let addresses = try Bondy.addresses()
        let missing = addresses.enumerated().filter { $0.offset % 7 == offset }.map(\.element)
        let town = try Town(
            communes: Bondy.communes(), addresses: addresses.enumerated().filter { $0.offset % 7 != offset }.map(\.element))
        var inside = 0
        for address in missing {
            let place = try #require(
                try town.locate("\(HouseNumber(address.number ?? 0, suffix: address.suffix)) \(address.street)", code: "93010"))
            let isInside = place.uncertaintyMetres.map { GroundDistance.metres(place.position, address.position) <= $0 } ?? true
            if isInside { inside += 1 }
        }
        print("inside the disc: \(inside) of \(missing.count)")
        #expect(Double(inside) / Double(missing.count) >= 0.985)
    }

    @Test func `every street's disc holds every one of its numbers`() throws {
        let addresses = try Bondy.addresses()
        let town = try Town(communes: Bondy.communes(), addresses: addresses)
        for address in addresses {
            let place = try #require(try town.locate(address.street, code: "93010"), "\(address.street)")
            let radius = try #require(place.uncertaintyMetres, "\(address.street)")
            #expect(GroundDistance.metres(place.position, address.position) <= radius, "\(address.id)")
        }
    }

    @Test func `every commune of the Somme is found by its name and postcode`() throws {
        let communes = try Bondy.communes()
        let town = try Town(communes: communes, addresses: [])
        #expect(communes.count == 773)
        for commune in communes {
            guard let postcode = commune.postcodes.first else { continue }
            let place = try town.locate("", postcode: postcode, commune: commune.name.uppercased())
            #expect(place?.communeCode == commune.code, "\(commune.code)")
            #expect(try town.locate("\(postcode) \(commune.name)")?.communeCode == commune.code, "\(commune.code)")
        }
    }
}
