import AlertModel
import GeoModel
import Testing

@testable import Reports

@Suite struct RegisterTableTests {
    private func entry() -> RegisterEntry {
        var recipient = Recipient(
            externalID: "=1", name: Redacted("Éloïse"), kind: .household, addressText: Redacted("1 rue"), postcode: "80000",
            communeCode: CommuneCode("80021"), communeName: "Amiens", language: "pt-br",
            location: Location(
                position: Position(longitude: -0.5, latitude: 49.25), uncertaintyMetres: 0, precision: .given, score: 1),
            contactPoints: [
                ContactPoint(channel: .sms, address: Redacted("+33639980001"), rank: 1, isEmergency: true, consent: .given),
                ContactPoint(channel: .voice, address: Redacted("+33639980001"), rank: 1, isEmergency: true, consent: .given),
                ContactPoint(channel: .voice, address: Redacted("+33199000001"), rank: 2, consent: .given),
            ], lists: ["L", "M"])
        recipient.tags = ["a", "b"]
        recipient.household = "F"
        recipient.vulnerability = Vulnerability(
            kind: Redacted("k"), detail: Redacted("d"), recordedOn: CalendarDate("2026-01-31"))
        return RegisterEntry(recipient: recipient, organisation: "A", precision: .given, source: "s.csv")
    }

    private func row(_ entry: RegisterEntry, withProtected: Bool = false) -> [String: String] {
        let table = RegisterTable(contactCounts: [.voice: 2], emergencyCount: 1, withProtected: withProtected)
        let cells = table.cells(of: entry)
        #expect(cells.count == table.columns.count)
        return Dictionary(uniqueKeysWithValues: zip(table.columns, cells))
    }

    @Test func `every fact is in its column`() {
        let row = row(entry(), withProtected: true)
        for (column, cell) in [
            "id": "=1", "name": "Éloïse", "kind": "household", "address": "1 rue", "postcode": "80000",
            "commune_code": "80021", "commune": "Amiens", "longitude": "-0.5", "latitude": "49.25", "language": "pt-br",
            "household": "F", "tags": "a|b", "lists": "L|M", "sms_1": "+33639980001", "voice_1": "+33639980001",
            "voice_2": "+33199000001", "email_1": "", "emergency_1": "+33639980001", "consent": "given",
            "tocsin_details": "", "vulnerability": "k", "vulnerability_detail": "d", "vulnerability_on": "2026-01-31",
        ] { #expect(row[column] == cell, "\(column)") }
        #expect(self.row(entry())["vulnerability"] == nil)
    }

    @Test func `what the geocoder found is not told as given`() {
        var recipient = entry().recipient
        recipient.isCommuneFound = true
        recipient.location = Location(
            position: Position(longitude: 2, latitude: 49), uncertaintyMetres: 15, precision: .houseNumber, score: 0.9)
        let entry = RegisterEntry(recipient: recipient, organisation: "A", precision: .houseNumber, source: nil)
        let row = row(entry)
        #expect((row["longitude"], row["latitude"], row["commune_code"]) == ("", "", ""))
        // A map gets it, and its precision.
        let feature = String(decoding: RegisterGeoJSON.feature(entry, withProtected: false), as: UTF8.self)
        #expect(feature.contains(#""geometry":{"type":"Point","coordinates":[2,49]}"#))
        #expect(feature.contains(#""precision":"house_number""#) && feature.contains(#""uncertainty_metres":15"#))
        #expect(!feature.contains("vulnerability"))
    }
}
