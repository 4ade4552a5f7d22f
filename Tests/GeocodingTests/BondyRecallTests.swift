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

    /// Each number in turn is asked for in a town that lacks exactly it: its street's extent is without it, too.
    @Test func `a number left out of the index falls inside the disc answered for it, in 99 of 100`() throws {
        let addresses = try Bondy.addresses()
        let bondy = try #require(try Bondy.communes().last)
        var streets: [String: [BANAddress]] = [:]
        for address in addresses { streets[address.streetKey, default: []].append(address) }
        var inside = 0, asked = 0
        for numbers in streets.values {
            for missing in numbers {
                let others = numbers.filter { $0.id != missing.id }
                guard !others.isEmpty else { continue }
                let place = try #require(try Geocoder(index: index(of: others, in: bondy)).locate(
                    structured: AddressQuery(
                        text: "\(HouseNumber(missing.number ?? 0, suffix: missing.suffix)) \(missing.street)",
                        communeCode: bondy.code)), "\(missing.id)")
                asked += 1
                let radius = try #require(place.uncertaintyMetres)
                if GroundDistance.metres(place.position, missing.position) <= radius { inside += 1 }
            }
        }
        print("inside the disc: \(inside) of \(asked)")
        #expect(asked >= 1_880)
        #expect(Double(inside) / Double(asked) >= 0.99)
    }

    /// One street in memory, with its middle and extent as the store computes them.
    private func index(of addresses: [BANAddress], in commune: CommuneEntry) throws -> GeocoderIndex {
        let box = try #require(BoundingBox(enclosing: addresses.map(\.position)))
        let middle = Position<WGS84>(longitude: (box.west + box.east) / 2, latitude: (box.south + box.north) / 2)
        let name = addresses[0].street
        let key = PlaceNormalizer.streetTokens(name).joined(separator: " ")
        let street = StreetCandidate(
            id: StreetID(rawValue: 1), name: name, key: key,
            kind: IndexTerms.kind(ofKey: key), communeCode: commune.code, communeName: commune.name,
            formerCommuneName: nil, postcode: "93140", position: middle,
            spreadMetres: addresses.map { GroundDistance.metres(middle, $0.position) }.max() ?? 0)
        let numbers = addresses.map {
            LocatedHouseNumber(houseNumber: HouseNumber($0.number ?? 0, suffix: $0.suffix), position: $0.position)
        }
        let streets = CommuneStreets([street])
        return GeocoderIndex(
            streets: { _ in streets }, streetsAnywhere: { _ in [] },
            houseNumbers: { _, number in numbers.filter { $0.houseNumber.number == number } },
            houseNumbersNear: { _, number, limit in
                Array(numbers.sorted { abs($0.houseNumber.number - number) < abs($1.houseNumber.number - number) }.prefix(limit))
            }, communes: { _ in [commune] })
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
