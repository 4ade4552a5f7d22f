import GeoModel
import Testing

@testable import Geocoding

@Suite struct TownHallTests {
    private func town() throws -> Town {
        let hall = Position<WGS84>(longitude: 2.2958, latitude: 49.8942)
        let amiens = CommuneEntry(
            code: try #require(CommuneCode("80021")), name: "Amiens", postcodes: ["80000"], position: hall, townHall: hall)
        let roye = try commune("80685", "Roye", ["80700"])
        return try Town(
            communes: [amiens, roye],
            addresses: street("Rue de la Mairie", in: amiens, key: "0001") + street("Place de la Mairie", in: roye, key: "0001"))
    }

    @Test(arguments: [
        "Mairie d'Amiens", "mairie de amiens", "Hôtel de Ville, 80000 Amiens", "MAIRIE 80000 AMIENS", "La mairie, Amiens",
    ])
    func `a town hall stands where the directory of administrations says`(text: String) throws {
        let place = try #require(try town().locate(text))
        #expect(place.label.hasPrefix("Mairie"))
        #expect(place.position.longitude == 2.2958)
        #expect(place.precision == .locality)
        #expect(place.uncertaintyMetres == 250)
    }

    @Test func `a street of the town hall is a street, and an address beside it wins`() throws {
        #expect(try town().locate("12 rue de la Mairie 80000 Amiens")?.label == "12 Rue de la Mairie 80000 Amiens")
        #expect(try town().locate("Mairie, 12 rue de la Mairie, 80000 Amiens")?.label == "12 Rue de la Mairie 80000 Amiens")
        #expect(try town().locate("Mairie de Roye, 3 place de la Mairie, 80700 Roye")?.label == "3 Place de la Mairie 80700 Roye")
    }

    @Test func `a town hall that nobody has placed is the whole commune`() throws {
        let place = try #require(try town().locate("Mairie de Roye"))
        #expect(place.precision == .commune)
        #expect(place.communeCode.rawValue == "80685")
        #expect(try town().locate("Mairie de Montdidier") == nil)
        #expect(try town().locate("", commune: "Roye")?.precision == .commune)
    }
}
