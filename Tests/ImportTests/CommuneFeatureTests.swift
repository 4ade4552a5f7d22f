import GeoModel
import Store
import Testing

@testable import Import

@Suite struct CommuneFeatureTests {
    private func read(
        _ members: [(String, JSONValue)], map: [String: String] = [:], boundary: Area<WGS84>? = nil
    ) throws -> CommuneFeature {
        try CommuneFeature(
            properties: JSONObject(members.map { JSONObject.Member(key: $0.0, value: $0.1) }),
            columns: CommuneColumns(map: map), boundary: boundary)
    }

    @Test func `Tocsin's own files`() throws {
        let feature = try read([
            ("code", "80001"), ("type", "COM"), ("nom", "Abbeville"), ("population", 22946), ("population_annee", 2017),
            ("millesime", 2024), ("departement", "80"), ("region", "32"), ("epci", "200070993"),
            ("epci_nom", "CA de la Baie de Somme"), ("commune_parent", nil), ("codes_postaux", ["80100", "80132"]),
            ("mairie", [1.8327218, 50.1056234]),
        ])
        let commune = feature.commune
        #expect(feature.vintage == 2024)
        #expect((commune.code.rawValue, commune.kind, commune.name) == ("80001", "COM", "Abbeville"))
        #expect((commune.population, commune.populationYear) == (22946, 2017))
        #expect((commune.department, commune.region, commune.epci) == ("80", "32", "200070993"))
        #expect((commune.parentCode, commune.postcodes) == (nil, ["80100", "80132"]))
        #expect(commune.townhall == Position(longitude: 1.8327218, latitude: 50.1056234))
    }

    @Test func `IGN ADMIN EXPRESS, in capitals`() throws {
        let commune = try read([
            ("ID", "COMMUNE_1"), ("NOM", "Amiens"), ("NOM_M", "AMIENS"), ("INSEE_COM", "80021"),
            ("STATUT", "Préfecture"),
            ("POPULATION", 133_755), ("INSEE_CAN", "98"), ("INSEE_ARR", "3"), ("INSEE_DEP", "80"), ("INSEE_REG", "32"),
            ("SIREN_EPCI", "248000531"),
        ]).commune
        #expect((commune.code.rawValue, commune.kind, commune.name) == ("80021", "COM", "Amiens"))
        #expect((commune.population, commune.department) == (133_755, "80"))
        #expect((commune.region, commune.epci) == ("32", "248000531"))
    }

    @Test func `IGN ADMIN EXPRESS of 2025, in lower case`() throws {
        let commune = try read([
            ("cleabs", "COMMUNE_1"), ("code_insee", "80021"), ("nom_officiel", "Amiens"),
            ("nom_officiel_en_majuscules", "AMIENS"), ("population", 133_755), ("code_insee_du_departement", "80"),
            ("code_insee_de_la_region", "32"), ("codes_siren_des_epci", "248000531"),
        ]).commune
        #expect((commune.code.rawValue, commune.name, commune.population) == ("80021", "Amiens", 133_755))
        #expect((commune.department, commune.region, commune.epci) == ("80", "32", "248000531"))
    }

    @Test func `an IGN arrondissement or delegated commune is never taken for the commune it is a part of`() throws {
        let paris = try read([("NOM", "Paris 1er Arrondissement"), ("INSEE_COM", "75056"), ("INSEE_ARM", "75101")])
            .commune
        #expect((paris.code.rawValue, paris.kind, paris.parentCode) == ("75101", "ARM", "75056"))
        let part = try read([
            ("NOM", "Bettencourt"), ("INSEE_COM", "80002"), ("INSEE_CAD", "80102"), ("TYPE", "COMD"),
        ]).commune
        #expect((part.code.rawValue, part.kind, part.parentCode) == ("80102", "COMD", "80002"))
        let older = try read([("NOM", "Annexe"), ("INSEE_COM", "80002"), ("INSEE_CAD", "80103")]).commune
        #expect((older.kind, older.parentCode) == ("COMD", "80002"))
    }

    @Test func `Etalab's contours`() throws {
        let commune = try read([
            ("code", "80021"), ("nom", "Amiens"), ("departement", "80"), ("region", "32"), ("epci", "248000531"),
            ("plm", true),
        ]).commune
        #expect((commune.kind, commune.parentCode, commune.epci) == ("COM", nil, "248000531"))
        let part = try read([
            ("code", "80102"), ("nom", "Bettencourt"), ("type", "commune-deleguee"), ("chefLieu", "80002"),
        ]).commune
        #expect((part.kind, part.parentCode) == ("COMD", "80002"))
        #expect(
            try read(
                [("code", "1"), ("nom", "x"), ("type", "commune-associee"), ("insee", "80103")].map {
                    $0.0 == "code" ? ("code", "80103") : $0
                }
            ).commune.kind == "COMA")
    }

    @Test(arguments: [
        ("75101", "75056"), ("75120", "75056"), ("69381", "69123"), ("69389", "69123"),
        ("13201", "13055"), ("13216", "13055"),
    ])
    func `a municipal arrondissement is known by its code, with its city`(code: String, city: String) throws {
        let commune = try read([("code", .string(code)), ("nom", "Arrondissement")]).commune
        #expect((commune.kind, commune.parentCode) == ("ARM", city))
    }

    @Test(arguments: ["75056", "75100", "69123", "69390", "13055", "13217"])
    func `their neighbours are communes`(code: String) throws {
        #expect(try read([("code", .string(code)), ("nom", "Commune")]).commune.kind == "COM")
    }

    @Test func `france-geojson has a code and a name`() throws {
        let commune = try read([("code", "2A004"), ("nom", "Ajaccio")]).commune
        #expect((commune.code.rawValue, commune.department, commune.name) == ("2A004", "2A", "Ajaccio"))
        #expect(try read([("code", "97411"), ("nom", "Saint-Denis")]).commune.department == "974")
        #expect((commune.population, commune.postcodes) == (nil, []))
    }

    @Test func `numbers are read whatever their JSON type, postcodes however they are joined`() throws {
        let commune = try read([
            ("insee", 1001), ("libelle", "L'Abergement-Clémenciat"), ("PMUN", "806"),
            ("codesPostaux", "01400 01401/01402"),
        ]).commune
        #expect((commune.code.rawValue, commune.population) == ("01001", 806))
        #expect(commune.postcodes == ["01400", "01401", "01402"])
    }

    @Test(arguments: [
        ("Crotoy", 2, "Le Crotoy"), ("Le Crotoy", 2, "Le Crotoy"), ("Étoile", 5, "L'Étoile"),
        ("L'Étoile", 5, "L'Étoile"), ("L’Étoile", 5, "L’Étoile"), ("Havre", 0, "Havre"), ("Lesquin", 2, "Le Lesquin"),
        ("Mureaux", 4, "Les Mureaux"), ("Ferté", 3, "La Ferté"), ("Abbeville", 1, "Abbeville"),
    ])
    func `INSEE's article is put before a name that lacks it, once`(name: String, article: Int, expected: String) throws
    {
        let commune = try read([
            ("code", "80001"), ("LIBELLE", .string(name)), ("TNCC", .number(Double(article))),
        ]).commune
        #expect(commune.name == expected)
    }

    @Test func `what is no commune says what was looked for`() {
        func reason(_ members: [(String, JSONValue)]) -> String {
            do {
                _ = try read(members)
                return ""
            } catch { return (error as? CommuneFeature.Fault)?.reason ?? "" }
        }
        #expect(reason([("nom", "Somme")]).hasPrefix("no commune code: looked for"))
        #expect(reason([("code", "80"), ("nom", "Somme")]) == "“80” is not a commune code")
        #expect(reason([("code", "80001")]).hasPrefix("commune 80001 has no name"))
        #expect(reason([("code", "80001"), ("nom", "")]).hasPrefix("commune 80001 has no name"))
    }
}
