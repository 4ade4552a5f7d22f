import Testing

@testable import Import

@Suite struct RecipientColumnsTests {
    private func fields(_ header: [String], map: [String: String] = [:]) throws -> [String] {
        try RecipientColumns(header: header, map: map, file: "f.csv").columns.map { "\($0.name)=\($0.field.rawValue)" }
    }

    @Test(
        arguments: [
            ("Identifiant", "id"), ("N° de rue", "house_number"), ("Réf.", "id"), ("Nom de famille", "name"), ("NOM", "name"),
            ("Prénom", "first_name"), ("Nom d'usage", "name"), ("Raison sociale", "name"), ("Type", "kind"),
            ("Numéro", "house_number"), ("Numéro de voie", "house_number"), ("Adresse postale", "address"),
            ("Code postal", "postcode"), ("CP", "postcode"), ("Ville", "commune"), ("Code INSEE", "commune_code"),
            ("code_commune_INSEE", "commune_code"), ("Longitude", "longitude"), ("lng", "longitude"),
            ("Lat", "latitude"),
            ("Téléphone portable", "phone"), ("Tél. fixe", "phone"), ("telephone_3", "phone"), ("SMS 2", "sms"),
            ("Courriel", "email"), ("Adresse e-mail", "email"), ("Mél", "email"), ("Fax", "fax"), ("Télécopie", "fax"),
            ("Langue", "language"), ("Listes", "lists"), ("Groupe", "lists"), ("Date de naissance", nil),
            ("Tél. domicile", "phone"), ("Portable du père", "phone"), ("", nil),
        ] as [(String, String?)])
    func `French names are recognised whatever their case, accents and signs`(name: String, field: String?) {
        #expect(RecipientColumns.guess(name)?.rawValue == field)
    }

    @Test(arguments: [
        ("External ID", "id"), ("external_id", "id"), ("Full Name", "name"), ("Last name", "name"),
        ("First name", "first_name"), ("House Number", "house_number"), ("Street address", "address"),
        ("Postcode", "postcode"), ("ZIP", "postcode"), ("City", "commune"), ("lon", "longitude"),
        ("latitude", "latitude"), ("Mobile phone", "phone"), ("Phone1", "phone"), ("Landline", "phone"),
        ("voice", "voice"), ("E-mail", "email"), ("Fax number", "fax"), ("Language", "language"), ("Groups", "lists"),
    ])
    func `English names are recognised`(name: String, field: String) {
        #expect(RecipientColumns.guess(name)?.rawValue == field)
    }

    @Test func `no name means two fields`() {
        var seen: [String: RecipientField] = [:]
        for field in RecipientField.allCases {
            for name in field.recognisedNames {
                #expect(seen.updateValue(field, forKey: name) == nil, "\(name)")
                #expect(RecipientColumns.guess(name) == field, "\(name)")
            }
        }
    }

    @Test func `numbers repeat, the rest is taken once, and what is left is reported`() throws {
        let columns = try RecipientColumns(
            header: [" id ", "nom", "téléphone_1", "téléphone_2", "name", "couleur", "email", "email2", ""], map: [:],
            file: "f.csv")
        #expect(
            columns.columns.map { "\($0.index) \($0.name)=\($0.field.rawValue)" } == [
                "0 id=id", "1 nom=name", "2 téléphone_1=phone", "3 téléphone_2=phone", "6 email=email",
                "7 email2=email",
            ])
        #expect(columns.unrecognised == ["name", "couleur"])
        #expect(columns.width == 9)
    }

    @Test func `an explicit mapping wins, and frees the field for nobody else`() throws {
        #expect(
            try fields(["code", "id", "portable"], map: ["code": "id", "portable": "SMS"])
                == ["code=id", "portable=sms"])
        #expect(try fields(["id", "notes"], map: ["notes": "ignore"]) == ["id=id", "notes=ignore"])
    }

    @Test func `a mapping that names what is not there is refused`() {
        #expect(throws: ImportError.unknownColumn(name: "ID", found: ["id", "nom"])) {
            try fields(["id", "nom"], map: ["ID": "id"])
        }
        let error = #expect(throws: ImportError.self) { try fields(["id"], map: ["id": "identité"]) }
        #expect(error?.description.contains("fields are id, name, first_name") == true)
    }

    @Test func `a file without identifiers, or with half of a position, is refused`() {
        #expect(throws: ImportError.missingColumns(file: "f.csv", fields: ["id"], found: ["nom"])) {
            try fields(["nom"])
        }
        #expect(throws: ImportError.missingColumns(file: "f.csv", fields: ["latitude"], found: ["id", "lon"])) {
            try fields(["id", "lon"])
        }
        #expect(throws: ImportError.missingColumns(file: "f.csv", fields: ["longitude"], found: ["id", "lat"])) {
            try fields(["id", "lat"])
        }
        #expect(throws: ImportError.noHeader(file: "f.csv")) { try fields(["", " "]) }
    }

    @Test func `two columns mapped to one field that is read once are refused`() {
        #expect(throws: ImportError.self) { try fields(["a", "b"], map: ["a": "id", "b": "id"]) }
        #expect(throws: Never.self) { try fields(["id", "a", "b"], map: ["a": "phone", "b": "phone"]) }
    }

    @Test func `two columns of one name cannot be told apart by a mapping`() {
        #expect(throws: ImportError.duplicateColumn(file: "f.csv", name: "tel")) {
            try fields(["id", "tel", "tel"], map: ["tel": "sms"])
        }
        #expect(throws: Never.self) { try fields(["id", "tel", "tel"]) }
    }
}
