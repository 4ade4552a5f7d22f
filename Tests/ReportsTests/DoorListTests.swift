import AlertModel
import GeoModel
import TestSupport
import Testing

@testable import Reports

@Suite struct DoorListTests {
    private static func address(_ text: String) -> [String] {
        let address = DoorAddress(text)
        return [address.street, address.numberText, address.beside]
    }

    @Test(arguments: [
        ("12 rue des Lilas", ["rue des Lilas", "12", ""]),
        ("12 bis rue des Lilas", ["rue des Lilas", "12 bis", ""]),
        ("12bis, rue des Lilas", ["rue des Lilas", "12 bis", ""]),
        ("12 B rue des Lilas", ["rue des Lilas", "12 B", ""]),
        ("12, rue des Lilas", ["rue des Lilas", "12", ""]),
        ("rue des Lilas, 12", ["rue des Lilas", "12", ""]),
        ("n° 4-6 avenue Foch", ["avenue Foch", "4-6", ""]),
        ("Résidence du Port, 3 quai Sud", ["quai Sud", "3", "Résidence du Port"]),
        ("3 quai Sud\nBâtiment B, 2e étage", ["quai Sud", "3", "Bâtiment B, 2e étage"]),
        ("rue du 8 mai 1945", ["rue du 8 mai 1945", "", ""]),
        ("5 rue du 8 mai 1945", ["rue du 8 mai 1945", "5", ""]),
        ("Le Hameau", ["Le Hameau", "", ""]),
        ("80100 Abbeville", ["80100 Abbeville", "", ""]),
        ("", ["", "", ""]),
    ]) func `a street and a number are read from free text`(text: String, parts: [String]) {
        #expect(Self.address(text) == parts)
    }

    @Test func `numbers follow each other as the doors of a street do`() {
        let walked = ["2 rue A", "2 bis rue A", "2 ter rue A", "3 rue A", "10 Rue a", "10 B rue A", "100 rue A", "1 rue Ébène", "1 rue Zola"]
        for seed in UInt64(0)..<20 {
            var dice = SeededGenerator(seed: seed)
            let mixed = walked.map { DoorAddress($0) }.shuffled(using: &dice)
            #expect(mixed.sorted().map { "\($0.numberText) \($0.street)" } == walked.map { "\(DoorAddress($0).numberText) \(DoorAddress($0).street)" })
        }
    }

    private static func person(_ id: String, _ address: String, commune: String, name: String? = nil) -> CampaignPerson {
        CampaignPerson(
            number: 1, externalID: id, name: Redacted(name ?? "Nom \(id)"), address: Redacted(address), building: nil, postcode: nil,
            communeCode: nil, communeName: commune, state: .failed, certainty: .certain, changedAt: nil,
            ways: [.init(channel: .sms, address: Redacted("+33639980001"), state: .failed, cause: .busy)])
    }

    private static let list = DoorList(
        [
            person("a", "10 rue B", commune: "Éauze"), person("b", "2 rue B", commune: "Éauze"), person("c", "1 rue C", commune: "Abbeville"),
            person("d", "1 rue A <script>", commune: "Éauze"),
        ], reference: "7", subject: "Crue", isExercise: false, choice: "de la liste « Fragiles »", at: "2026-11-22 03:05")

    @Test func `people come by commune, street and number, with a place to tick`() {
        #expect(Self.list.doors.map(\.person.externalID) == ["c", "d", "b", "a"])
        let html = Self.list.page.html()
        #expect(html.contains("22 novembre 2026 à 03:05") && html.contains("☐") && html.contains("de la liste « Fragiles »"))
        #expect(!html.contains("<script>"), "an address is never markup")
        #expect(Self.list.csv.split(separator: "\n").count == 5)
    }

    @Test func `a cell of the table never begins a formula`() {
        let list = DoorList([Self.person("=1", "=2 rue", commune: "+A", name: "@x")], reference: "1", subject: "S", isExercise: true, choice: "", at: "")
        for field in list.csv.split(separator: "\n")[1].split(separator: ",") { #expect(!["=", "+", "@"].contains(field.first)) }
    }
}
