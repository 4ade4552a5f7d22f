import AlertModel
import GeoModel
import Testing

@testable import Import

@Suite struct RecipientRowParserTests {
    private let header = [
        "id", "nom", "prenom", "type", "numero", "adresse", "cp", "commune", "insee", "lon", "lat", "tel", "sms",
        "voix",
        "fax", "email", "langue", "listes", "divers",
    ]

    /// The parsed row, refusals and warnings of a row given by its columns.
    private func parse(
        _ cells: [String: String], width: Int? = nil
    ) throws -> (row: ParsedRow?, refused: [RowProblem], warnings: [RowProblem]) {
        let parser = RecipientRowParser(columns: try RecipientColumns(header: header, map: [:], file: "f.csv"))
        var fields = header.map { cells[$0] ?? "" }
        if let width { fields = Array(repeating: "x", count: width) }
        let reading = parser.parse(CSVRecord(line: 7, fields: fields), projections: Projections())
        #expect((reading.row == nil) == !reading.problems.isEmpty)
        return (reading.row, reading.problems + reading.contactProblems, reading.warnings)
    }

    private func contacts(_ cells: [String: String]) throws -> [String] {
        let row = try parse(cells.merging(["id": "1"]) { mine, _ in mine }).row
        return try #require(row).recipient.contactPoints.map { "\($0.channel.rawValue) \($0.rank) \($0.address.value)" }
    }

    @Test func `a whole row becomes a recipient`() throws {
        let parsed = try parse([
            "id": " hab-1 ", "nom": "Curie", "prenom": "Marie", "type": "Foyer", "numero": "12 bis",
            "adresse": "rue des Tilleuls", "cp": "80000", "commune": "Amiens", "insee": "80021", "lon": "2,2958",
            "lat": "49.8942", "tel": "06 39 98 00 01", "email": "M.Curie@Example.ORG", "langue": "EN",
            "listes": "rive | écoles|", "divers": "ignoré",
        ])
        let recipient = try #require(parsed.row).recipient
        #expect((recipient.externalID, recipient.name.value, recipient.kind) == ("hab-1", "Marie Curie", .household))
        #expect(recipient.addressText?.value == "12 bis rue des Tilleuls")
        #expect((recipient.postcode, recipient.communeName) == ("80000", "Amiens"))
        #expect((recipient.communeCode?.rawValue, recipient.language) == ("80021", "en"))
        #expect(
            recipient.location
                == Location(
                    position: Position(longitude: 2.2958, latitude: 49.8942), uncertaintyMetres: 0, precision: .given,
                    score: 1))
        #expect(recipient.lists == ["rive", "écoles"])
        #expect(parsed.warnings.isEmpty)
    }

    @Test func `an identifier is enough`() throws {
        let recipient = try #require(try parse(["id": "1"]).row).recipient
        #expect((recipient.kind, recipient.language, recipient.location) == (.person, "fr", nil))
        #expect((recipient.addressText, recipient.communeCode, recipient.contactPoints) == (nil, nil, []))
        // The file has a column of lists, and this recipient is in none.
        #expect(recipient.lists == [])
    }

    @Test func `numbers go to the channels they can carry, in order, once`() throws {
        #expect(
            try contacts([
                "tel": "0639980001", "sms": "+33 6 39 98 00 01", "voix": "0199000001", "fax": "01 99 00 00 02",
            ])
                == ["sms 1 +33639980001", "voice 1 +33639980001", "voice 2 +33199000001", "fax 1 +33199000002"])
        #expect(try contacts(["tel": "0199000001"]) == ["voice 1 +33199000001"])
        #expect(try contacts(["tel": "0692 12 34 56", "insee": "97411"]).first == "sms 1 +262692123456")
    }

    /// Each refusal: the cells, the column named, and words of the reason.
    @Test(
        arguments: [
            (["id": " "], "id", "empty, but required"),
            (["insee": "8002"], "insee", ""), (["insee": "Amiens"], "insee", "not an INSEE commune code"),
            (["lon": "2.3"], "lat", "one coordinate without the other"),
            (["lat": "49.9"], "lon", "one coordinate without the other"),
            (["lon": "est", "lat": "49.9"], "lon", "not a number of degrees"),
            (["lon": "2.3", "lat": "nord"], "lat", "not a number of degrees"),
            (["lon": "nan", "lat": "49.9"], "lon", "not a number of degrees"),
            (["lon": "2.3", "lat": "inf"], "lat", "not a number of degrees"),
            (["lon": "49.9", "lat": "2.3"], "lon", "look exchanged"),
            (["lon": "652301", "lat": "861302"], "lon", "look like metres"),
            (["lon": "200", "lat": "49"], "lon", "out of range"), (["lon": "0", "lat": "0.0"], "lon", "in the ocean"),
            (["type": "chat"], "type", "neither personne, foyer nor mairie"),
            (["langue": "français courant"], "langue", "not a language tag"),
            (["langue": "f"], "langue", "not a language tag"),
            (["email": "secret@"], "email", "not an e-mail address"),
            (["tel": "12 34 secret"], "tel", "not a telephone number"),
            (["tel": "0800 123 456"], "tel", "service number"),
            (["sms": "0199000001"], "sms", "a fixed line cannot receive an SMS"),
            (["voix": "secret"], "voix", "not a telephone number"), (["fax": "118 712"], "fax", ""),
            (["nom": "secret\u{0}secret"], "nom", "control character"),
            (["adresse": String(repeating: "secret", count: 90)], "adresse", "longer than 500 characters"),
        ] as [([String: String], String, String)])
    func `a fault is told with its line and column, without its content`(
        cells: [String: String], column: String, words: String
    ) throws {
        // "8002" is a code whose leading zero a spreadsheet swallowed: no fault.
        if cells["insee"] == "8002" {
            #expect(
                try parse(cells.merging(["id": "1"]) { mine, _ in mine }).row?.recipient.communeCode?.rawValue
                    == "08002")
            return
        }
        let refused = try parse(cells.merging(["id": "1"]) { mine, _ in mine }).refused
        #expect(refused.count == 1, "\(refused)")
        #expect(refused.first?.line == 7)
        #expect(refused.first?.column == column)
        #expect(refused.first?.reason.contains(words) == true, "\(refused)")
        #expect(!refused.contains { $0.description.contains("secret") })
    }

    @Test func `every fault of a row is told, not only the first`() throws {
        let refused = try parse(["insee": "x", "lon": "1", "tel": "???1", "email": "@@", "type": "?", "langue": "?"])
            .refused
        #expect(Set(refused.map(\.column)) == ["id", "insee", "lat", "tel", "email", "type", "langue"])
        #expect(refused.map(\.description).contains("line 7, column id: empty, but required"))
    }

    @Test(arguments: [18, 20, 1])
    func `a row of another width is refused whole`(width: Int) throws {
        let refused = try parse([:], width: width).refused
        #expect(refused.count == 1)
        #expect(refused[0].description.hasPrefix("line 7, column -: \(width) fields where the header has 19"))
    }

    @Test func `a place abroad is taken with a warning`() throws {
        let parsed = try parse(["id": "1", "lon": "-74", "lat": "40.7"])
        #expect(parsed.row?.recipient.location?.position == Position(longitude: -74, latitude: 40.7))
        #expect(parsed.warnings.map(\.column) == ["lon"])
    }

    @Test(arguments: [
        ("personne", RecipientKind.person), ("Particulier", .person), ("HABITANT", .person), ("ménage", .household),
        ("Logement", .household), ("Mairie", .office), ("établissement", .office), ("École", .office),
    ])
    func `kinds are words of both languages`(text: String, kind: RecipientKind) throws {
        #expect(try parse(["id": "1", "type": text]).row?.recipient.kind == kind)
    }
}
