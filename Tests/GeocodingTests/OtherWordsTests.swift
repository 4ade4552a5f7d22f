import GeoModel
import Testing

@testable import Geocoding

/// What people write around an address, and the towns' names they cut short: a search reads through it, and a register
/// is never led to another town by it.
@Suite struct OtherWordsTests {
    private func towns() throws -> Town {
        let toul = try commune("54528", "Toul", ["54200"], longitude: 5.9, latitude: 48.7)
        let dommartin = try commune("54167", "Dommartin-lès-Toul", ["54200"], longitude: 5.95, latitude: 48.68)
        let saintJean = try commune("31488", "Saint-Jean", ["31240"], longitude: 1.5, latitude: 43.66)
        let illac = try commune("33422", "Saint-Jean-d'Illac", ["33127"], longitude: -0.78, latitude: 44.8)
        let hede = try commune("35130", "Hédé-Bazouges", ["35630"], longitude: -1.8, latitude: 48.3)
        let tarbes = try commune("65440", "Tarbes", ["65000"], longitude: 0.07, latitude: 43.23)
        let sarlat = try commune("24520", "Sarlat-la-Canéda", ["24200"], longitude: 1.2, latitude: 44.9)
        return try Town(
            communes: [toul, dommartin, saintJean, illac, hede, tarbes, sarlat],
            addresses: street("Rue de la Pierre", in: illac, key: "0001", longitude: -0.78, latitude: 44.8)
                + street("Quai du Ruisseau", in: hede, key: "0001", longitude: -1.8, latitude: 48.3)
                + street("Rue Brauhauban", in: tarbes, key: "0001", longitude: 0.07, latitude: 43.23)
                + street("Avenue Honoré Serres", in: tarbes, key: "0002", longitude: 0.08, latitude: 43.23)
                + street("Rue du Craquet", in: tarbes, key: "0003", longitude: 0.06, latitude: 43.23)
                + street("Sentier Ar Mor", in: tarbes, key: "0004", longitude: 0.05, latitude: 43.23)
                + street("Place Ar Mor", in: tarbes, key: "0005", longitude: 0.04, latitude: 43.23)
                + street("Place des Cordeliers", in: sarlat, key: "0001", longitude: 1.2, latitude: 44.9)
                + street("Rue du Port", in: dommartin, key: "0001", longitude: 5.95, latitude: 48.68))
    }

    @Test(arguments: [
        ("madame theil 65000 tarbes rue du brahauban", "Rue Brauhauban"),
        ("65000 Tarbes 12 rue Brauhauban tabac presse", "Rue Brauhauban"),
        ("SARL Dupuis, 12 rue Brauhauban 65000 Tarbes", "Rue Brauhauban"),
        ("12 rue Brauhauban 2e étage porte gauche 65000 Tarbes", "Rue Brauhauban"),
        ("12 avenus honor2 serres tarbes", "Avenue Honoré Serres"),
        ("2 rue du cracké tarbes", "Rue du Craquet"),
        ("3 Seentier Ar Mor 65000 Tarbes", "Sentier Ar Mor"),
        ("121 rue de la pierre saint jean", "Rue de la Pierre"),
        ("place des cordeliers sarla", "Place des Cordeliers"),
        ("4 Quai du Ruisseau 35630 Hédé", "Quai du Ruisseau"),
    ])
    func `a search finds the street among other words`(text: String, street: String) throws {
        #expect(try towns().search(text).first?.street == street)
    }

    @Test(arguments: [
        // A part of a longer name, a name cut short, a longer one misspelt: each ends or begins with a town's name.
        "1 Rue Marie Curie Dommartin-lès-Toul", "5 rue des Lilas Saint-Jean", "21 sentier du Château Domartin-less-Toul",
    ])
    func `a register takes no town's name out of another's`(text: String) throws {
        #expect(try towns().locate(text) == nil)
    }

    @Test func `words that go on make another street in a register`() throws {
        let place = try #require(try towns().locate("12 rue Brauhauban tabac presse 65000 Tarbes"))
        #expect(place.precision == .commune)
    }

    @Test func `locked capitals write figures for accents, and a register reads them`() throws {
        let place = try #require(try towns().locate("12 AVENUE HONOR2 SERRES 65000 TARBES"))
        #expect(place.street == "Avenue Honoré Serres")
        #expect(place.precision == .houseNumber)
    }

    @Test(arguments: ["12 rue D934", "bat2 rue Fontaine", "12bis rue X", "lot2", "ZA2", "75002 Paris", "2eme etage", "A71B"])
    func `what is numbered is no slip`(text: String) {
        #expect(KeyboardSlip.corrected(text) == nil)
    }

    @Test(arguments: [
        ("Fr2d2ric", "frederic"), ("R2publique", "republique"), ("2cole", "ecole"), ("Fran9ois", "francois"), ("pr7s", "pres"),
    ])
    func `figures among letters are those on their keys`(text: String, corrected: String) {
        #expect(KeyboardSlip.corrected(text) == corrected)
    }

    @Test(arguments: [
        ("cracke", "craquet", true), ("filipe", "philippe", true), ("quenot", "kenaut", true), ("lorens", "laurent", false),
        ("moulin", "moulain", true), ("fontaine", "fontane", false), ("jaures", "gaures", false),
    ])
    func `words sound alike`(left: String, right: String, areAlike: Bool) {
        let isSame = FrenchSound.of(Array(left.utf8)) == FrenchSound.of(Array(right.utf8))
        #expect(isSame == areAlike)
    }
}
