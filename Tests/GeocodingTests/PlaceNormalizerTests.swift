import Testing

@testable import Geocoding

@Suite struct PlaceNormalizerTests {
    @Test(arguments: [
        ("Rue de l'Épée", "rue de l epee"), ("Cœur-Lætitia", "coeur laetitia"), ("L’Haÿ-les-Roses", "l hay les roses"),
        ("E\u{301}glise", "eglise"), ("12bis", "12bis"), ("12B", "12b"), ("D934", "d 934"), ("n°12", "n 12"),
        ("улица Мира 5", "5"), ("  ", ""), ("a\"b* OR c", "a b or c"), ("Straße", "strasse"),
    ])
    func `accents, ligatures and punctuation are folded`(text: String, expected: String) {
        #expect(PlaceNormalizer.tokens(text).joined(separator: " ") == expected)
    }

    @Test func `no more than the first two hundred characters and twenty-four words are read`() {
        #expect(PlaceNormalizer.tokens(String(repeating: "a ", count: 10_000)).count == 24)
        #expect(PlaceNormalizer.tokens(String(repeating: "a", count: 10_000)) == [String(repeating: "a", count: 200)])
    }

    @Test(arguments: [
        ("Bd du Mal Foch", "boulevard du marechal foch"), ("av. J. Jaurès", "avenue j jaures"),
        ("R. de la Paix", "rue de la paix"), ("Rte d'Amiens", "route d amiens"), ("Ch. des Dames", "chemin des dames"),
        ("Imp St-Pierre", "impasse saint pierre"), ("Pl. Ste Anne", "place sainte anne"), ("Fbg de Hem", "faubourg de hem"),
        ("Rés. les Tilleuls", "residence les tilleuls"), ("Crs Gal de Gaulle", "cours general de gaulle"),
        ("All. du Dr Roux", "allee du docteur roux"), ("Sq Notre-Dame", "square notre dame"),
        ("Qu. de la Fosse", "quai de la fosse"), ("Lot. du Bois", "lotissement du bois"),
        ("Rond-Point du Verger", "rondpoint du verger"), ("Lieu-dit le Bourg", "le bourg"),
        ("Rue du Huit Mai 45", "rue du 8 mai 1945"), ("Rue du 8 Mai 1945", "rue du 8 mai 1945"),
        ("rue du 1er mai", "rue du 1 mai"), ("rue du premier mai", "rue du 1 mai"), ("rue du 1 er mai", "rue du 1 mai"),
        ("Rue du Dix-neuf Mars 1962", "rue du 19 mars 1962"), ("Allée des Deux Communes", "allee des 2 communes"),
        ("Rue de la Gare CEDEX 2", "rue de la gare"), ("BP 123 Rue de la Gare", "rue de la gare"),
        // An abbreviation of a type is one at the beginning only.
        ("Rue du Lot", "rue du lot"), ("Allée All", "allee all"),
    ])
    func `abbreviations are written out and numbers in figures`(text: String, expected: String) {
        #expect(PlaceNormalizer.streetTokens(text).joined(separator: " ") == expected)
    }

    @Test(arguments: [
        "Rue du Mal de Lattre de Tassigny", "Bd St Michel", "Rue du Onze Novembre 18", "R des 3 Frères", "Gde Rue",
        "Allée All", "Ch Ch Ch",
    ])
    func `normalising twice changes nothing`(text: String) {
        let once = PlaceNormalizer.streetTokens(text)
        #expect(PlaceNormalizer.streetTokens(once.joined(separator: " ")) == once)
    }

    @Test(arguments: [
        ("ST-VALERY S/ SOMME CEDEX 2", "saint valery sur somme"), ("Saint-Valery-sur-Somme", "saint valery sur somme"),
        ("L ABERGEMENT CLEMENCIAT", "abergement clemenciat"), ("La Chaussée-Tirancourt", "chaussee tirancourt"),
        ("HAVRE (LE)", "havre"), ("Paris 12e Arrondissement", "paris 12"),
        ("PARIS 12", "paris 12"), ("Villers-lez-Roye", "villers les roye"),
    ])
    func `a commune has one key however it is written`(text: String, expected: String) {
        #expect(PlaceNormalizer.communeKey(text) == expected)
    }
}
