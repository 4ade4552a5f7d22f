import Testing

@testable import Geocoding

@Suite struct StreetReadingTests {
    private func first(_ text: String) -> (number: String?, end: Int?, name: String) {
        let reading = StreetReading.all(of: PlaceNormalizer.tokens(text)).first
        return (
            reading?.houseNumber?.description, reading?.rangeEnd,
            reading?.name.text ?? ""
        )
    }

    @Test(arguments: [
        ("12 rue Fontaine", "12", "rue fontaine"), ("12 bis rue Fontaine", "12bis", "rue fontaine"),
        ("12, bis, rue Fontaine", "12bis", "rue fontaine"), ("12B rue Fontaine", "12b", "rue fontaine"),
        ("12 B rue Fontaine", "12b", "rue fontaine"), ("12ter r. Fontaine", "12ter", "rue fontaine"),
        ("n° 12 rue Fontaine", "12", "rue fontaine"), ("12 d'Artagnan", "12", "d artagnan"),
        ("12 a r Fontaine", "12a", "rue fontaine"), ("10250 route de Paris", "10250", "route de paris"),
        ("3 rue du 8 mai 1945", "3", "rue du 8 mai 1945"), ("12e rue Fontaine", "12e", "rue fontaine"),
        ("12 rue Fontaine appt 3 bat B", "12", "rue fontaine"), ("Bat B 12 rue Fontaine", "12", "rue fontaine"),
        ("Résidence les Lilas 12 rue Fontaine", "12", "rue fontaine"),
        ("12 rue Fontaine résidence les Lilas", "12", "rue fontaine"), ("12 rue Fontaine chez Durand", "12", "rue fontaine"),
        ("12 rue de la Résidence", "12", "rue de la residence"),
    ])
    func `the number and the name are parted`(text: String, number: String, name: String) {
        let reading = first(text)
        #expect(reading.number == number)
        #expect(reading.name == name)
    }

    @Test(arguments: ["12-14 rue Fontaine", "12/14 rue Fontaine", "12 à 14 rue Fontaine", "12 et 14, rue Fontaine"])
    func `a range keeps both ends`(text: String) {
        let reading = first(text)
        #expect(reading.number == "12")
        #expect(reading.end == 14)
        #expect(reading.name == "rue fontaine")
    }

    @Test func `a date is no house number`() {
        #expect(first("8 mai 1945").number == nil)
        #expect(first("rue du 8 mai 1945").number == nil)
        #expect(first("4 rue du 4 septembre").number == "4")
    }

    @Test func `a number after the name is tried second`() {
        let readings = StreetReading.all(of: PlaceNormalizer.tokens("rue Fontaine 12 bis"))
        #expect(readings.contains { $0.houseNumber?.description == "12bis" && $0.name.words.count == 2 })
    }

    @Test(arguments: ["", "12", "bis", "n°", "12-14", "-", "chez", "appt"])
    func `what holds no street is read without harm`(text: String) {
        #expect(StreetReading.all(of: PlaceNormalizer.tokens(text)).count <= 4)
    }
}
