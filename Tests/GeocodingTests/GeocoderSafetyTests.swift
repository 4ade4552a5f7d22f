import GRDB
import GeoModel
import Store
import Testing

@testable import Geocoding

/// A wrong town is the second worst error of an alert.
@Suite struct GeocoderSafetyTests {
    private func towns() throws -> Town {
        let amiens = try commune("80021", "Amiens", ["80000", "80080", "80090"], longitude: 2.29, latitude: 49.89)
        let abbeville = try commune("80001", "Abbeville", ["80100"], longitude: 1.83, latitude: 50.1)
        let drucat = try commune("80260", "Drucat", ["80132"], longitude: 1.87, latitude: 50.15)
        let caours = try commune("80171", "Caours", ["80132"], longitude: 1.88, latitude: 50.13)
        let aubinA = try commune("80697", "Saint-Aubin", ["80540"])
        let aubinB = try commune("02671", "Saint-Aubin", ["02300"], longitude: 3.2, latitude: 49.5)
        return try Town(
            communes: [amiens, abbeville, drucat, caours, aubinA, aubinB],
            addresses: street("Rue de l'Église", in: amiens, key: "0001")
                + street("Rue Saint-Leu", in: amiens, key: "0002")
                + street("Rue d'Abbeville", in: amiens, key: "0003")
                + street("Rue de l'Église", in: abbeville, key: "0001", longitude: 1.83, latitude: 50.1)
                + street("Chaussée d'Hocquet", in: abbeville, key: "0002", longitude: 1.84, latitude: 50.1)
                + street("Rue des Plantis", in: caours, key: "0001", longitude: 1.88, latitude: 50.13)
                + street("Rue de l'Église", in: aubinA, key: "0001")
                + street("Rue du Moulin", in: aubinB, key: "0001", longitude: 3.2, latitude: 49.5))
    }

    @Test func `a street that the town lacks is answered by the town, never by the street next door`() throws {
        let place = try #require(try towns().locate("12 chaussée d'Hocquet", postcode: "80000", commune: "Amiens"))
        #expect(place.precision == .commune)
        #expect(place.communeCode.rawValue == "80021")
        #expect(place.uncertaintyMetres == nil)
        #expect(place.score >= GeocodingWeights.acceptedScore)
    }

    @Test(arguments: [
        "12 chaussée d'Hocquet 80000 Amiens", "12 chaussée d'Hocquet Amiens", "80000 Amiens 12 chaussée d'Hocquet",
        "Amiens, 12 chaussée d'Hocquet",
    ])
    func `nor in one text`(text: String) throws {
        let towns = try towns()
        #expect(try towns.locate(text).map(\.communeCode.rawValue) ?? "80021" == "80021")
        #expect(try towns.search(text).filter { $0.score >= 0.5 }.allSatisfy { $0.communeCode.rawValue == "80021" })
    }

    @Test func `the code wins over a street elsewhere`() throws {
        let place = try #require(try towns().locate("12 rue de l'Église", code: "80001"))
        #expect(place.communeCode.rawValue == "80001")
        #expect(place.precision == .houseNumber)
    }

    @Test func `a name borne by two communes is not located without more`() throws {
        let towns = try towns()
        #expect(try towns.locate("12 rue de l'Église", commune: "Saint-Aubin") == nil)
        #expect(try towns.locate("12 rue de l'Église, Saint-Aubin") == nil)
        #expect(try towns.locate("", commune: "St Aubin") == nil)
        let found = try towns.search("12 rue de l'Église, Saint-Aubin")
        #expect(found.contains { $0.isAmbiguous })
        #expect(found.allSatisfy { $0.score < GeocodingWeights.acceptedScore })
        #expect(try towns.locate("12 rue de l'Église", postcode: "80540", commune: "St-Aubin")?.precision == .houseNumber)
    }

    @Test(arguments: ["Amions", "Amien", "Amens", "Abbevile", "Abeville"])
    func `a misspelt town without a postcode is not located`(name: String) throws {
        let towns = try towns()
        #expect(try towns.locate("12 rue de l'Église", commune: name) == nil)
        #expect(try towns.locate("12 rue de l'Église, \(name)") == nil)
        #expect(try towns.search("12 rue de l'Église, \(name)").allSatisfy { $0.score < GeocodingWeights.acceptedScore })
        #expect(try towns.search("12 rue de l'Église, \(name)").contains { $0.isCommuneGuessed })
    }

    @Test func `a misspelt town is recognised among those of its postcode`() throws {
        let towns = try towns()
        let place = try #require(try towns.locate("12 rue de l'Eglise", postcode: "80000", commune: "Amien"))
        #expect(place.label == "12 Rue de l'Église 80000 Amiens")
        #expect(try towns.locate("12 rue de l'Eglise 80000 Amien")?.communeCode.rawValue == "80021")
        #expect(try towns.locate("3 rue des Plantis 80132 Caour")?.communeCode.rawValue == "80171")
    }

    @Test func `a code and a name of two towns contradict each other`() throws {
        let towns = try towns()
        #expect(try towns.locate("12 rue de l'Église", commune: "Abbeville", code: "80021") == nil)
        #expect(try towns.locate("12 rue de l'Église", postcode: "80100", commune: "Abbeville", code: "80021") == nil)
        let settled = try towns.locate("12 rue de l'Église", postcode: "80000", commune: "Abbeville", code: "80021")
        #expect(settled?.communeCode.rawValue == "80021")
    }

    @Test func `a postcode of another department contradicts a name`() throws {
        #expect(try towns().locate("12 rue de l'Église", postcode: "33000", commune: "Amiens") == nil)
        #expect(try towns().locate("12 rue de l'Église", postcode: "33000", code: "80021") == nil)
    }

    @Test func `a neighbour's postcode leaves only the street of the named town`() throws {
        let towns = try towns()
        let place = try towns.locate("12 rue de l'Église", postcode: "80000", commune: "Abbeville")
        #expect(place?.communeCode.rawValue == "80001")
        #expect(try towns.locate("12 rue Saint-Leu", postcode: "80000", commune: "Abbeville") == nil)
    }

    @Test func `a text and fields that name two towns are no answer`() throws {
        let towns = try towns()
        #expect(try towns.locate("12 rue de l'Église 80100 Abbeville", postcode: "80000", commune: "Amiens") == nil)
        let sorted = try towns.locate("12 rue Saint-Leu 80011 Amiens CEDEX", postcode: "80000", commune: "Amiens")
        #expect(sorted?.precision == .houseNumber)
    }

    @Test func `a CEDEX postcode keeps to its department`() throws {
        let towns = try towns()
        #expect(try towns.locate("12 rue Saint-Leu", postcode: "80011", commune: "Amiens CEDEX 1")?.score ?? 0 > 0.8)
        #expect(try towns.locate("12 rue Saint-Leu 80011 AMIENS CEDEX 1")?.communeCode.rawValue == "80021")
    }

    @Test func `a postcode of two towns without a name answers only what one of them has`() throws {
        let towns = try towns()
        #expect(try towns.locate("3 rue des Plantis", postcode: "80132")?.communeCode.rawValue == "80171")
        #expect(try towns.locate("3 rue des Lilas", postcode: "80132") == nil)
        #expect(try towns.locate("", postcode: "80132") == nil)
    }

    @Test func `an unknown town of a shared postcode is not replaced by its neighbour`() throws {
        #expect(try towns().locate("3 rue des Plantis", postcode: "80132", commune: "Neufmoulin") == nil)
    }

    @Test func `an unknown code is not replaced by a guess`() throws {
        #expect(try towns().locate("12 rue de l'Église", code: "80999") == nil)
        #expect(try towns().locate("12 rue de l'Église", commune: "Amiens", code: "80999") == nil)
    }

    @Test func `a street named after a town is not that town`() throws {
        let towns = try towns()
        let place = try #require(try towns.locate("12 rue d'Abbeville", commune: "Amiens"))
        #expect(place.label == "12 Rue d'Abbeville 80000 Amiens")
        #expect(try towns.locate("12 rue d'Abbeville") == nil)
        #expect(try towns.locate("12 rue d'Abbeville Amiens")?.communeCode.rawValue == "80021")
        #expect(try towns.locate("12 rue d'Abbeville 80000 Amiens")?.communeCode.rawValue == "80021")
    }

    @Test func `an address without any town is not located`() throws {
        let towns = try towns()
        #expect(try towns.locate("12 rue Saint-Leu") == nil)
        #expect(try towns.search("12 rue Saint-Leu").first?.communeCode.rawValue == "80021")
    }

    @Test(arguments: [
        "", " ", "12", "80000", "?", "\"*", "' OR 1=1 --", "NEAR(a b)", "x\0y", "🏠 rue 🏠", "{rowid}: a", "a* OR b AND NOT c",
        "%_\\", "شارع الحرية ١٢", "\u{202E}eniluoM ud eur 21\u{202C}", "rue\u{0301}\u{0301}\u{0301}", "12 12 12 12 12",
        "8000080000", "99999999999999999999 rue", "mairie", "mairie de", "hotel de ville", "Amiens Amiens Amiens",
        "12 12 rue", "bis ter quater", "- , ; . /", "ld", "ZA", "Paris XII", "01 01 01 01",
    ])
    func `hostile and empty texts are answered quietly`(text: String) throws {
        let towns = try towns()
        _ = try towns.search(text)
        _ = try towns.locate(text, postcode: text, commune: text)
        _ = try towns.locate(text)
        // 64 KiB of it: what is past the first two hundred characters is not read.
        let long = String(repeating: text + " ", count: 65_536 / (text.utf8.count + 1))
        _ = try towns.locate(long, commune: "Amiens")
        _ = try towns.search(long)
        #expect(PlaceNormalizer.tokens(long).count <= PlaceNormalizer.tokenLimit)
    }

    @Test func `no reading of one text asks for more than it has words`() throws {
        let words = (0..<24).map { "mot\($0)x" }.joined(separator: " ")
        let towns = try towns()
        var searches = 0
        try towns.queue.read { db in
            var index = AddressIndex(db).port
            let streetsAnywhere = index.streetsAnywhere, communes = index.communes
            index.streetsAnywhere = { searches += 1; return try streetsAnywhere($0) }
            index.communes = { searches += 1; return try communes($0) }
            _ = try Geocoder(index: index).search(text: words)
            _ = try Geocoder(index: index).search(text: "80000 " + words)
            _ = try Geocoder(index: index).locate(structured: AddressQuery(text: words))
        }
        #expect(searches <= 60, "\(searches)")
    }
}
