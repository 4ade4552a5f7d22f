import Testing

@testable import AlertModel

@Suite struct PlaceholderTextTests {
    private func filled(_ text: String, _ values: [String: String] = [:]) throws -> String {
        try PlaceholderText(text).filled { values[$0] }
    }

    private func problem(_ text: String, _ values: [String: String] = [:]) -> PlaceholderError? {
        do throws(PlaceholderError) {
            _ = try PlaceholderText(text).filled { values[$0] }
            return nil
        } catch { return error }
    }

    @Test func `places are filled, by names without case`() throws {
        #expect(try filled("Rejoignez {Lieu} à {heure}.", ["lieu": "le gymnase", "heure": "3 h"]) == "Rejoignez le gymnase à 3 h.")
        #expect(try filled("{Point de rassemblement}", ["point_de_rassemblement": "Mairie"]) == "Mairie")
        #expect(try filled("Sans place") == "Sans place")
    }

    @Test func `a fallback stands for what is not known, or known to be empty`() throws {
        #expect(try filled("Bonjour {nom|Madame, Monsieur}") == "Bonjour Madame, Monsieur")
        #expect(try filled("Bonjour {nom|Madame, Monsieur}", ["nom": ""]) == "Bonjour Madame, Monsieur")
        #expect(try filled("Bonjour{nom|}") == "Bonjour")
        #expect(try filled("{nom|x}", ["nom": "Durand"]) == "Durand")
    }

    @Test func `a text never leaves with a place that nothing fills`() {
        #expect(problem("Bonjour {Prénom}")?.problem == .missing("Prénom"))
        #expect(problem("Bonjour {prénom}", ["prénom": ""])?.problem == .missing("prénom"))
    }

    @Test func `a value is never read as a place`() throws {
        #expect(try filled("{a}{b}", ["a": "{b}", "b": "}}{{"]) == "{b}}}{{")
    }

    @Test(arguments: [
        ("Rendez-vous {lieu", 13), ("lieu}", 5), ("{a{b}}", 1), ("ab { ", 4), ("{x}}", 4),
    ])
    func `a brace without its pair is named by its place`(text: String, position: Int) {
        let problem = problem(text, ["x": "1", "b": "2"])
        #expect(problem?.problem == .brace)
        #expect(problem?.position == position)
    }

    @Test(arguments: ["{}", "{ }", "{|x}", "{a.b}", "{\n}", "{" + String(repeating: "a", count: 41) + "}"])
    func `what is in braces and is no name is refused`(text: String) {
        #expect(problem(text)?.problem == .name)
    }

    @Test func `doubled braces are braces`() throws {
        #expect(try filled("{{lieu}} = {lieu}", ["lieu": "ici"]) == "{lieu} = ici")
    }

    @Test func `a brace that a sign combines with is text, and places count characters`() throws {
        #expect(try filled("a{\u{301}b} c".replacing("}", with: "}\u{308}")) == "a{\u{301}b}\u{308} c")
        #expect(try filled("é😀{\u{301}{lieu}", ["lieu": "ici"]) == "é😀{\u{301}ici")
        #expect(problem("é😀{\u{301}{lieu")?.position == 4)
    }

    @Test func `each place is listed once, and needs a value if it does anywhere`() throws {
        let places = try PlaceholderText("{a|x} {b} {A} {b|y}").placeholders
        #expect(places.map(\.name) == ["a", "b"])
        #expect(places.allSatisfy { $0.fallback == nil })
    }
}
