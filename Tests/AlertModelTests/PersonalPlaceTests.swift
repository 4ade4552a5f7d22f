import TestSupport
import Testing

@testable import AlertModel

@Suite struct PersonalPlaceTests {
    private func message(_ text: String, subject: String = "Crue") throws -> Message {
        try Message(subject: subject, text: text).filled { $0 == "lieu" ? "au {gymnase}" : nil }
    }

    @Test func `a message with a place of each recipient's keeps it, and fills the rest`() throws {
        let personal = try message("Bonjour {Nom|Madame, Monsieur}, venez {lieu}. {{7}}")
        #expect(personal.isPersonal)
        #expect(try personal.personal(PersonalValues([.name: "Durand"])).text == "Bonjour Durand, venez au {gymnase}. {7}")
        #expect(try personal.personal(PersonalValues()).text == "Bonjour Madame, Monsieur, venez au {gymnase}. {7}")
        #expect(try !personal.personal(PersonalValues()).isPersonal)
        let again = try personal.filled { _ in nil }
        #expect(again == personal, "filled again it is the same")
        let plain = try message("Venez {lieu}. {{7}}")
        #expect(!plain.isPersonal && plain.text == "Venez au {gymnase}. {7}")
        #expect(try plain.personal(PersonalValues([.name: "Durand"])) == plain)
    }

    @Test func `a value given for a place is everybody's`() throws {
        let message = try Message(subject: "", text: "À {commune}").filled { $0 == "commune" ? "Bois" : nil }
        #expect(!message.isPersonal && message.text == "À Bois")
    }

    @Test func `places that need a value are told from those that do not`() throws {
        let places = try message("{nom|x} {commune}", subject: "{nom}").personalPlaces
        #expect(places.needed == [.name, .commune] && places.optional.isEmpty)
        #expect(try message("{nom|x}").personalPlaces.optional == [.name])
    }

    @Test func `what is not there is left out with its blank, and nothing else is lost`() throws {
        let personal = try message("Bonjour {nom}, venez.")
        #expect(try personal.personal(PersonalValues()).text == "Bonjour, venez.")
    }

    @Test(arguments: ["{adresse}", "{{", "}", "Durand {nom|x}", "A|B"])
    func `a value is never read as a place`(value: String) throws {
        #expect(try message("<{nom}>").personal(PersonalValues([.name: value])).text == "<\(value)>")
    }

    @Test func `a value stays on one line, within bounds`() {
        let values = PersonalValues([.name: " Jean\r\nBcc: x@example.org\u{0}\u{202E}  Durand ", .address: "  ", .commune: nil])
        #expect(values[.name] == "Jean Bcc: x@example.org Durand")
        #expect(values[.address] == nil && values[.commune] == nil)
        #expect(PersonalValues([.name: String(repeating: "é", count: 500)])[.name]?.count == PersonalValues.longest)
    }

    @Test func `nothing of it prints itself`() {
        let values = PersonalValues([.name: "Durand"])
        for text in ["\(values)", String(reflecting: values), "\([values])", "\(Optional(values) as Any)"] {
            #expect(!text.contains("Durand"))
        }
    }

    @Test func `a document reads back as it was, and what is none is none`() {
        let values = PersonalValues([.name: "L'Hôte \"Jean\" {x} 😀", .commune: "Abbeville"])
        #expect(PersonalValues(document: values.document) == values)
        #expect(values.document == #"{"commune":"Abbeville","nom":"L'Hôte \"Jean\" {x} 😀"}"#)
        for text in ["", "[]", #"{"x":"y"}"#, #"{"nom":1}"#] { #expect(PersonalValues(document: text) == nil) }
        #expect(PersonalValues([.name: "a", .commune: "b"]).common(with: PersonalValues([.name: "c", .commune: "b"])) == PersonalValues([.commune: "b"]))
    }

    @Test(arguments: 1...200)
    func `masked values take the same segments, in the same alphabet, and say nothing`(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let letters = Array("abcdeéèçêœ€{}^’ïÀÊ😀👨‍👩‍👧 -'AZ0€ñΩ").map { $0 }
        func value() -> String { String((0..<Int.random(in: 1...60, using: &random)).map { _ in letters.randomElement(using: &random)! }) }
        let values = PersonalValues([.name: value(), .address: value()])
        let text = String(repeating: "Montez a l'etage. ", count: Int.random(in: 0...20, using: &random)) + "{nom|x} {adresse|y}"
        let personal = try Message(subject: "", text: text).filled { _ in nil }
        let (own, masked) = (try personal.personal(values).text, try personal.personal(values.masked).text)
        #expect(SMSText(own).encoding == SMSText(masked).encoding)
        #expect(SMSText(own).units == SMSText(masked).units)
        #expect(SMSText(own).segments == SMSText(masked).segments)
        #expect(values.masked.masked == values.masked)
    }
}
