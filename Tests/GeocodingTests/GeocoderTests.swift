import GeoModel
import Testing

@testable import Geocoding

@Suite struct GeocoderTests {
    private func town() throws -> Town {
        let amiens = try commune("80021", "Amiens", ["80000", "80080"])
        let long = street("Route d'Albert", in: amiens, key: "0007", numbers: ["1", "4", "12", "98"], longitude: 2.4)
        let merged = try commune("80442", "Terres-Neuves", ["80300"], other: ["Vieux-Bourg", "Petit-Bourg"])
        return try Town(
            communes: [amiens, merged],
            addresses: long + street("Rue Victor Hugo", in: amiens, key: "0001")
                + street("Rue Pasteur", in: amiens, key: "0002") + street("Impasse Pasteur", in: amiens, key: "0003", numbers: ["1", "3"])
                + street("Grande Rue", in: merged, key: "0001", longitude: 2.6, former: "Vieux-Bourg")
                + street("Grande Rue", in: merged, key: "0002", longitude: 2.7, former: "Petit-Bourg")
                + street("Le Bourg", in: amiens, key: "0005", numbers: ["1", "2"])
                + street("Rue Neuve", in: amiens, key: "0006", numbers: ["1", "9"], longitude: 2.4, locality: "Hameau du Lac")
        )
    }

    @Test(arguments: [
        "12 rue Victor Hugo 80000 Amiens", "12, RUE VICTOR HUGO, 80000 AMIENS", "12 r. v. hugo amiens",
        "80000 Amiens 12 rue Victor Hugo", "Amiens 12 rue Victor Hugo", "12 rue victor hugo amiens 80000",
        "12 rue Victor-Hugo 80011 Amiens Cedex 1", "12 Victor Hugo Amiens", "rue Victor Hugo 12 Amiens",
        "12 rue Victro Hugo Amiens", "12 rue Hugo Victor 80000 Amiens FRANCE", "Appt 3, 12 rue Victor Hugo, Amiens",
    ])
    func `one address, many ways of writing it`(text: String) throws {
        let place = try #require(try town().locate(text))
        #expect(place.label == "12 Rue Victor Hugo 80000 Amiens")
        #expect(place.precision == .houseNumber)
        #expect(place.uncertaintyMetres == GeocodingWeights.houseNumberRadiusMetres)
        #expect(abs(place.position.longitude - 2.3024) < 1e-9)
    }

    @Test(arguments: ["12 bis rue Victor Hugo", "12bis rue Victor Hugo", "12B rue Victor Hugo", "12, bis, rue Victor Hugo"])
    func `a suffix finds its own door`(text: String) throws {
        #expect(try town().locate(text, commune: "Amiens")?.houseNumber == HouseNumber(12, suffix: "bis"))
    }

    @Test func `an unknown suffix stays with its number, less exactly`() throws {
        let place = try #require(try town().locate("12 ter rue Victor Hugo", commune: "Amiens"))
        #expect(place.precision == .street)
        #expect(place.uncertaintyMetres ?? 0 > 30)
        #expect(place.uncertaintyMetres ?? 1_000 < 150)
    }

    @Test func `a missing number is placed between its neighbours of the same side`() throws {
        let place = try #require(try town().locate("8 route d'Albert", commune: "Amiens"))
        #expect(place.precision == .street)
        // Between 4 and 12: halfway.
        #expect(abs(place.position.longitude - 2.4016) < 1e-6)
        #expect(abs(place.position.latitude - 49.9001) < 1e-6)
        let whole = try #require(try town().locate("route d'Albert", commune: "Amiens"))
        #expect(try #require(place.uncertaintyMetres) < (try #require(whole.uncertaintyMetres)))
    }

    @Test func `a number beyond the last one widens the street's disc`() throws {
        let town = try town()
        let whole = try #require(try town.locate("rue Victor Hugo", commune: "Amiens")?.uncertaintyMetres)
        let beyond = try #require(try town.locate("212 rue Victor Hugo", commune: "Amiens"))
        #expect(beyond.precision == .street)
        #expect(beyond.uncertaintyMetres == whole + 2_000)
    }

    @Test func `a range covers both its ends`() throws {
        let place = try #require(try town().locate("1-3 rue Victor Hugo", commune: "Amiens"))
        #expect(place.houseNumber == HouseNumber(1))
        let reach = GroundDistance.metres(place.position, Position(longitude: 2.3006, latitude: 49.9))
        #expect(try #require(place.uncertaintyMetres) >= reach)
    }

    @Test func `a street's disc holds all its numbers`() throws {
        let place = try #require(try town().locate("rue Victor Hugo", commune: "Amiens"))
        for number in [1, 12] {
            let door = Position<WGS84>(longitude: 2.3 + 0.0002 * Double(number), latitude: 49.9)
            #expect(GroundDistance.metres(place.position, door) < (try #require(place.uncertaintyMetres)))
        }
    }

    @Test func `a name without its type that two streets bear is decided by the number, else covered by one disc`() throws {
        let town = try town()
        #expect(try town.locate("12 Pasteur", commune: "Amiens")?.label == "12 Rue Pasteur 80000 Amiens")
        let both = try #require(try town.locate("Pasteur", commune: "Amiens"))
        #expect(both.isAmbiguous)
        #expect(both.precision == .street)
    }

    @Test func `namesakes of a merged commune are told apart by the old commune's name`() throws {
        let town = try town()
        let old = try #require(try town.locate("12 Grande Rue", postcode: "80300", commune: "Petit-Bourg"))
        #expect(abs(old.position.longitude - 2.7024) < 1e-9)
        #expect(old.communeName == "Terres-Neuves")
        #expect(try town.locate("12 Grande Rue, 80300 Vieux-Bourg")?.position.longitude == 2.6 + 0.0002 * 12)
        // Without it, one disc over both: seven kilometres apart here.
        let both = try #require(try town.locate("12 Grande Rue", postcode: "80300", commune: "Terres-Neuves"))
        #expect(both.isAmbiguous)
        #expect(try #require(both.uncertaintyMetres) > 3_500)
    }

    @Test func `a place without a street is a locality`() throws {
        let town = try town()
        #expect(try town.locate("Le Bourg", commune: "Amiens")?.precision == .locality)
        #expect(try town.locate("2 Le Bourg", commune: "Amiens")?.precision == .houseNumber)
        let hamlet = try #require(try town.locate("Hameau du Lac", commune: "Amiens"))
        #expect(hamlet.precision == .locality)
        #expect(abs(hamlet.position.longitude - 2.401) < 1e-6)
    }

    @Test func `a commune alone is a commune`() throws {
        for text in ["Amiens", "80000 Amiens", "AMIENS CEDEX 2"] {
            let place = try #require(try town().locate(text))
            #expect(place.precision == .commune)
            #expect(place.uncertaintyMetres == nil)
        }
        #expect(try town().locate("", code: "80021")?.score == 1)
    }

    @Test func `search ranks best first and keeps to its limit`() throws {
        let places = try town().search("1 Pasteur Amiens", limit: 2)
        #expect(places.count == 2)
        #expect(places[0].score >= places[1].score)
        #expect(try town().search("1 Pasteur Amiens", limit: 0).isEmpty)
        #expect(try town().search("1 Pasteur Amiens", limit: -5).isEmpty)
    }

    @Test func `what is in two fields is read once`() throws {
        let place = try town().locate("12 rue Victor Hugo 80000 Amiens", postcode: "80000", commune: "AMIENS")
        #expect(place?.precision == .houseNumber)
        #expect(place?.score == 1)
    }
}
