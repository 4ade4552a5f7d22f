import Testing

@testable import Geocoding

@Suite struct StreetLikenessTests {
    private func likeness(_ query: String, _ candidate: String) -> Double {
        StreetLikeness.between(
            StreetName(tokens: PlaceNormalizer.streetTokens(query)),
            StreetName(tokens: PlaceNormalizer.streetTokens(candidate)))
    }

    @Test(arguments: [
        ("Rue Fontaine", "Rue Fontaine"), ("R FONTAINE", "Rue Fontaine"), ("rue de Fontaine", "Rue Fontaine"),
        ("av du Maréchal Foch", "Avenue du Mal Foch"), ("rue de l'eglise", "Rue de l’Église"),
    ])
    func `the same street is certain`(query: String, candidate: String) {
        #expect(likeness(query, candidate) >= GeocodingWeights.certainStreetLikeness)
    }

    @Test(arguments: [
        ("rue Grangousier", "Rue Grandgousier"), ("rue Grand Gousier", "Rue Grandgousier"), ("rue du val", "Rue Duval"),
        ("Fontaine", "Rue Fontaine"), ("rue J Jaurès", "Rue Jean Jaurès"), ("rue Hugo", "Rue Victor Hugo"),
        ("rue Hugo Victor", "Rue Victor Hugo"), ("avenue Victor Hugo", "Rue Victor Hugo"),
        ("rue de Lattre de Tassigny", "Rue du Maréchal de Lattre de Tassigny"), ("av Carnto", "Avenue Carnot"),
        ("rue des Frères Dary", "Rue des Frères Darty"),
    ])
    func `a misspelt or shortened street is accepted`(query: String, candidate: String) {
        #expect(likeness(query, candidate) >= GeocodingWeights.acceptedStreetLikeness)
    }

    @Test(arguments: [
        ("rue Jean", "Rue Jean Jaurès"), ("rue de la Gare", "Rue de la Mare"), ("rue Saint Denis", "Rue Saint Louis"),
        ("rue du 8 mai", "Rue du 3 Mai"), ("rue Montaigne", "Rue Fontaine"), ("rue de l'église", "Rue de l'Égalité"),
        ("rue Louise Michel", "Allée Louise Weiss"), ("rue du Docteur Roux", "Rue du Docteur Calmette"),
        ("rue du Général Leclerc", "Avenue du Général de Gaulle"), ("rue", "Rue Fontaine"),
    ])
    func `another street is not`(query: String, candidate: String) {
        #expect(likeness(query, candidate) < GeocodingWeights.acceptedStreetLikeness)
    }

    @Test func `likeness stays within 0 and 1`() {
        let names = ["Rue Fontaine", "", "rue", "a a a a", "Grande Rue", "8 mai 1945", "Allée des 2 Communes", "l", "12"]
        for query in names {
            for candidate in names { #expect((0...1).contains(likeness(query, candidate)), "\(query) \(candidate)") }
        }
    }

    @Test func `edits are counted as typing errors`() {
        func distance(_ left: String, _ right: String, _ limit: Int = 5) -> Int? {
            EditDistance.between(Array(left.utf8), Array(right.utf8), limit: limit)
        }
        #expect(distance("carnot", "carnot") == 0)
        #expect(distance("carnto", "carnot") == 1)
        #expect(distance("canot", "carnot") == 1)
        #expect(distance("caarnot", "carnot") == 1)
        #expect(distance("kitten", "sitting") == 3)
        #expect(distance("kitten", "sitting", 2) == nil)
        #expect(distance("", "", 0) == 0)
        #expect(distance("", "a", 2) == nil)
    }
}
