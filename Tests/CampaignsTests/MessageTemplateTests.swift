import AlertModel
import GeoModel
import Testing

@testable import Campaigns

@Suite struct MessageTemplateTests {
    private static let document = #"""
        {"version": 1,
         "message": {"subject": "Crue", "text": "Allez {lieu}.", "variants": [{"language": "en", "text": "Go {lieu|there}."}]},
         "correction": {"subject": "Erreur", "text": "Restez chez vous."},
         "allClear": {"subject": "Fin", "text": "Fin d’alerte {heure|}."}}
        """#

    private func fault(_ document: String) -> String? {
        do throws(JSONMemberError) {
            _ = try MessageTemplate(Array(document.utf8))
            return nil
        } catch { return error.path }
    }

    @Test func `a template has its three messages, and one text`() throws {
        let template = try MessageTemplate(Array(Self.document.utf8))
        #expect(template[.correction].subject == "Erreur")
        #expect(try MessageTemplate(Array(template.document.utf8)) == template)
        #expect(try template[.message].placeholders.map(\.name) == ["lieu"])
        #expect(try template[.message].placeholders.first?.fallback == nil, "a wording needs it")
    }

    @Test func `every wording is filled, or none`() throws {
        let template = try MessageTemplate(Array(Self.document.utf8))
        let filled = try template[.message].filled { $0 == "lieu" ? "au gymnase" : nil }
        #expect(filled.text == "Allez au gymnase." && filled.variants[0].text == "Go au gymnase.")
        #expect(throws: PlaceholderError.self) { try template[.message].filled { _ in nil } }
        #expect(try template[.allClear].filled { _ in nil }.text == "Fin d’alerte .")
    }

    @Test func `what is missing, empty or malformed is named`() {
        #expect(fault(Self.document) == nil)
        #expect(fault(Self.document.replacing(#""version": 1"#, with: #""version": 2"#)) == "version")
        #expect(fault(Self.document.replacing("allClear", with: "all_clear")) == "allClear")
        #expect(fault(Self.document.replacing("Restez chez vous.", with: " ")) == "correction.text")
        #expect(fault(Self.document.replacing("{lieu}", with: "{lieu")) == "message")
        #expect(fault(Self.document.replacing("\n}", with: "}").dropLast() + #", "x": 1}"#) == "x")
    }
}
