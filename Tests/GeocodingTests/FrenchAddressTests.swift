import GeoModel
import Testing

@testable import Geocoding

/// Addresses as people write them, each with a neighbour that looks like it and is something else.
@Suite struct FrenchAddressTests {
    /// Two towns with like streets, cities in arrondissements, a merged commune, and namesakes in two départements.
    private static func world() throws -> Town {
        let amiens = try commune("80021", "Amiens", ["80000", "80080", "80090"], longitude: 2.3, latitude: 49.9)
        let roye = try commune("80685", "Roye", ["80700"], longitude: 2.79, latitude: 49.7)
        let terres = try commune("80442", "Terres-Neuves", ["80300"], other: ["Vieux-Bourg"], longitude: 2.6, latitude: 50)
        let saintOuenA = try commune("80711", "Saint-Ouen", ["80610"], longitude: 2.1, latitude: 50.04)
        let saintOuenB = try commune("41226", "Saint-Ouen", ["41100"], longitude: 1.1, latitude: 47.8)
        let paris = try commune("75056", "Paris", ["75001", "75012", "75013"], longitude: 2.35, latitude: 48.85)
        let twelfth = try commune("75112", "Paris 12e Arrondissement", ["75012"], longitude: 2.4, latitude: 48.84)
        let thirteenth = try commune("75113", "Paris 13e Arrondissement", ["75013"], longitude: 2.36, latitude: 48.83)
        let lyon = try commune("69123", "Lyon", ["69003", "69001"], longitude: 4.85, latitude: 45.75)
        let third = try commune("69383", "Lyon 3e Arrondissement", ["69003"], longitude: 4.86, latitude: 45.75)
        func streets(_ names: [String], in commune: CommuneEntry, at longitude: Double, _ latitude: Double) -> [BANAddress] {
            names.enumerated().flatMap { offset, name in
                street(
                    name, in: commune, key: "0\(offset)", numbers: ["1", "2", "12", "12bis", "14"],
                    longitude: longitude + 0.01 * Double(offset), latitude: latitude)
            }
        }
        let common = ["Rue de la Paix", "Rue du 11 Novembre 1918", "Avenue Jean Jaurès", "Place du Général de Gaulle"]
        return try Town(
            communes: [amiens, roye, terres, saintOuenA, saintOuenB, paris, twelfth, thirteenth, lyon, third],
            addresses: streets(
                common + [
                    "Boulevard du Maréchal Foch", "Chemin de Halage", "Impasse Sainte-Anne", "Route de Rouen",
                    "Zone Artisanale des Peupliers", "Le Petit Saint-Jean", "Résidence Les Érables", "Rue du Docteur Roux",
                    "Rue du Président Kennedy", "Rue de la Tour", "Rue de Roye", "Rue du 1er Mai", "Rue Saint-Honoré",
                    "Square des Quatre Saisons", "Lotissement du Parc", "Avenue du 8 Mai 1945",
                ], in: amiens, at: 2.3, 49.9)
                + streets(common, in: roye, at: 2.79, 49.7)
                + streets(common, in: terres, at: 2.6, 50)
                + streets(common, in: saintOuenA, at: 2.1, 50.04)
                + streets(common, in: saintOuenB, at: 1.1, 47.8)
                + streets(["Rue de Reuilly", "Rue de la Paix"], in: twelfth, at: 2.4, 48.84)
                + streets(["Rue de Tolbiac", "Rue de la Paix"], in: thirteenth, at: 2.36, 48.83)
                + streets(["Rue de Bonnel"], in: third, at: 4.86, 45.75))
    }

    private static let shared = Result { try world() }

    private func label(_ text: String) throws -> String? {
        try Self.shared.get().locate(text)?.label
    }

    @Test(arguments: [
        ("12 bd du mal foch 80000 amiens", "12 Boulevard du Maréchal Foch 80000 Amiens"),
        ("12 Bld Foch, 80000 Amiens", "12 Boulevard du Maréchal Foch 80000 Amiens"),
        ("12 chem. de halage amiens", "12 Chemin de Halage 80000 Amiens"),
        ("12 imp Ste Anne 80000 Amiens", "12 Impasse Sainte-Anne 80000 Amiens"),
        ("12 rte de Rouen 80000 Amiens", "12 Route de Rouen 80000 Amiens"),
        ("12 Gal de Gaulle, 80000 Amiens", "12 Place du Général de Gaulle 80000 Amiens"),
        ("12 pl. du Gal De Gaulle 80000 Amiens", "12 Place du Général de Gaulle 80000 Amiens"),
        ("12 rue Dr Roux 80000 Amiens", "12 Rue du Docteur Roux 80000 Amiens"),
        ("12 r Pdt Kennedy 80000 Amiens", "12 Rue du Président Kennedy 80000 Amiens"),
        ("12 av J. Jaurès 80000 Amiens", "12 Avenue Jean Jaurès 80000 Amiens"),
        ("12 avenue jaures amiens", "12 Avenue Jean Jaurès 80000 Amiens"),
        ("12 rue St Honoré 80000 Amiens", "12 Rue Saint-Honoré 80000 Amiens"),
        ("12 sq des 4 saisons 80000 Amiens", "12 Square des Quatre Saisons 80000 Amiens"),
        ("12 Lot. du Parc 80000 Amiens", "12 Lotissement du Parc 80000 Amiens"),
        ("12 Rés. les Erables 80000 Amiens", "12 Résidence Les Érables 80000 Amiens"),
        ("12 ZA des Peupliers 80000 Amiens", "12 Zone Artisanale des Peupliers 80000 Amiens"),
        ("12 ZI les Peupliers 80000 Amiens", "12 Zone Artisanale des Peupliers 80000 Amiens"),
        ("12 lieu-dit le Petit Saint Jean 80000 Amiens", "12 Le Petit Saint-Jean 80000 Amiens"),
        ("ld le petit st jean 80000 Amiens", "Le Petit Saint-Jean 80000 Amiens"),
    ])
    func `abbreviations and short forms`(text: String, expected: String) throws {
        #expect(try label(text) == expected)
    }

    @Test(arguments: [
        ("12 rue du onze novembre 80000 Amiens", "12 Rue du 11 Novembre 1918 80000 Amiens"),
        ("12 r. du 11 nov. 1918 80000 Amiens", "12 Rue du 11 Novembre 1918 80000 Amiens"),
        ("12 rue du 11 novembre 18 80000 Amiens", "12 Rue du 11 Novembre 1918 80000 Amiens"),
        ("12 rue du premier mai 80000 Amiens", "12 Rue du 1er Mai 80000 Amiens"),
        ("12 rue du 1er mai 80000 Amiens", "12 Rue du 1er Mai 80000 Amiens"),
        ("12 av du huit mai 80000 Amiens", "12 Avenue du 8 Mai 1945 80000 Amiens"),
        ("14 rue du 11 Novembre 1918 80000 Amiens", "14 Rue du 11 Novembre 1918 80000 Amiens"),
        // No 12 November, no 8 November: another day is another street.
        ("12 rue du 12 novembre 1918 80000 Amiens", "80000 Amiens"),
        ("12 rue du huit novembre 80000 Amiens", "80000 Amiens"),
        ("12 rue du 2 mai 80000 Amiens", "80000 Amiens"),
    ])
    func `dates and ordinals`(text: String, expected: String) throws {
        #expect(try label(text) == expected)
    }

    @Test(arguments: [
        ("12 bis rue de la Paix 80000 Amiens", "12bis"), ("12B, rue de la Paix 80000 Amiens", "12bis"),
        ("12-14 rue de la Paix 80000 Amiens", "12"), ("12/14 rue de la Paix, 80000 AMIENS", "12"),
        ("n° 12 rue de la Paix 80000 Amiens", "12"), ("rue de la Paix 12 80000 Amiens", "12"),
        ("Appt 14, 12 rue de la Paix 80000 Amiens", "12"), ("12 rue de la Paix Bâtiment C 80000 Amiens", "12"),
        ("3e étage gauche, 12 rue de la Paix 80000 Amiens", "12"), ("12 rue de la Paix RDC droite 80000 Amiens", "12"),
        ("Rez de chaussée 12 rue de la Paix 80000 Amiens", "12"), ("Esc. B porte 14 12 rue de la Paix 80000 Amiens", "12"),
        ("12 rue de la Paix BP 14 80011 AMIENS CEDEX 1", "12"), ("12 rue de la Paix CS 70001 80000 Amiens", "12"),
        ("Résidence du Lac, 12 rue de la Paix, 80000 Amiens", "12"), ("80000 AMIENS 12 RUE DE LA PAIX", "12"),
        ("Amiens, 12 rue de la paix", "12"), ("12 rue de la paix amiens 80", "12"), ("12 RUE DE LA PAIX 80000 AMIENS FRANCE", "12"),
    ])
    func `numbers, and what is written around them`(text: String, number: String) throws {
        let place = try #require(try Self.shared.get().locate(text))
        #expect(place.street == "Rue de la Paix")
        #expect(place.houseNumber?.description == number)
        #expect(place.communeCode.rawValue == "80021")
    }

    @Test(arguments: [
        // A number of the building, the landing or the mail is no house number; "rue de la Tour 12" has one.
        ("Appt 12, rue de la Paix 80000 Amiens", nil), ("rue de la Paix bât 12 80000 Amiens", nil),
        ("rue de la Paix BP 12 80011 Amiens CEDEX", nil), ("rue de la Tour 12 80000 Amiens", "12"),
        ("12 rue de la Tour 80000 Amiens", "12"), ("12e rue de la Tour 80000 Amiens", nil),
    ] as [(String, String?)])
    func `what is no house number`(text: String, number: String?) throws {
        let place = try #require(try Self.shared.get().locate(text))
        #expect(place.communeCode.rawValue == "80021")
        #expect(place.houseNumber?.description == number, "\(place.label)")
    }

    @Test(arguments: [
        ("12 rue de Reuilly Paris 12", "75112"), ("12 rue de Reuilly 75012", "75112"),
        ("12 rue de Reuilly, Paris 12e", "75112"), ("12 rue de Reuilly Paris XII", "75112"),
        ("12 rue de Reuilly 75012 PARIS 12", "75112"), ("12 rue de Reuilly, Paris", "75112"),
        ("12 rue de la Paix Paris 13ème", "75113"), ("12 rue de la Paix 75012 Paris", "75112"),
        ("12 rue de Bonnel Lyon 3e", "69383"), ("12 rue de Bonnel 69003 LYON 03", "69383"),
        ("12 rue de la Paix, Vieux-Bourg", "80442"), ("12 rue de la Paix 80300 Vieux Bourg", "80442"),
        ("12 rue de la Paix 80090 Amiens", "80021"), ("12 rue de la Paix 80100 Amiens", "80021"),
        ("12 rue de la Paix 80011 Amiens CEDEX 1", "80021"), ("12 rue de la Paix Saint-Ouen 41", "41226"),
        ("12 rue de la Paix, Saint-Ouen (80)", "80711"), ("12 rue de la Paix 80610 St Ouen", "80711"),
        ("12 rue de Roye 80000 Amiens", "80021"), ("12 rue de Roye, Amiens", "80021"), ("12 rue de Tolbiac 75012 Paris", "75113"),
    ])
    func `the town, however it is named`(text: String, code: String) throws {
        let place = try #require(try Self.shared.get().locate(text))
        #expect(place.communeCode.rawValue == code, "\(place.label)")
        #expect(place.precision == .houseNumber)
    }

    /// Nobody, or the commune: never another town's street.
    @Test(arguments: [
        ("12 rue de la Paix, Saint-Ouen", nil), ("12 rue de la Paix, Saint-Ouen (93)", nil),
        ("12 rue de la Paix", nil), ("12 rue de la Paix 33000 Amiens", nil), ("12 rue de la Paix 41100 Amiens", nil),
        ("12 rue de la Paix, Amien", nil), ("12 boulevard Foch 80700 Roye", "80685"), ("12 rue de Reuilly Paris 13", "75113"),
        ("12 rue de Reuilly 80000 Amiens", "80021"),
        ("12 rue du Docteur Roux, Vieux-Bourg", "80442"), ("12 rue Saint-Ouen 80000 Amiens", "80021"),
    ] as [(String, String?)])
    func `never a wrong town`(text: String, code: String?) throws {
        let place = try Self.shared.get().locate(text)
        if let place { #expect(place.communeCode.rawValue == code, "\(place.label)") }
        #expect(place?.precision != .houseNumber)
    }
}
