import AlertModel
import GeoModel

/// Who is still to be seen at home, street after street: a page to walk with, in French.
package struct DoorList: Sendable {
    /// Nobody walks to more; a list that long is chosen too widely.
    package static let greatestCount = 20_000

    /// A door, with who lives behind it.
    package struct Door: Sendable {
        package let address: DoorAddress
        package let person: CampaignPerson
        /// The commune as it is written: at the launch's, else by its code.
        package var commune: String { person.communeName ?? person.communeCode?.rawValue ?? "Commune inconnue" }
    }

    package let doors: [Door]
    private let reference: String
    private let subject: String
    private let isExercise: Bool
    private let choice: String
    private let at: String

    /// - Parameters:
    ///   - choice: whom it names, in words: “qui n'ont pas confirmé”.
    ///   - at: when the campaign was read, in the organisation's own time: `2026-11-22 03:05`.
    package init(_ people: [CampaignPerson], reference: String, subject: String, isExercise: Bool, choice: String, at: String) {
        doors = people.map { person in
            let door = Door(address: DoorAddress(person.address?.value ?? ""), person: person)
            return (door: door, commune: DoorAddress.folded(door.commune), key: door.address.key)
        }.sorted { left, right in
            let codes = (left.door.person.communeCode?.rawValue ?? "", right.door.person.communeCode?.rawValue ?? "")
            if (left.commune, codes.0) != (right.commune, codes.1) { return (left.commune, codes.0) < (right.commune, codes.1) }
            if left.key != right.key { return left.key < right.key }
            return Self.within(left.door.person) < Self.within(right.door.person)
        }.map(\.door)
        self.reference = reference
        self.subject = subject
        self.isExercise = isExercise
        self.choice = choice
        self.at = FrenchText.day(at) + (at.count > 11 ? " à \(at.dropFirst(11))" : "")
    }

    /// The order behind one door.
    private static func within(_ person: CampaignPerson) -> (String, String, String) {
        (person.building ?? "", person.name?.value ?? "", person.externalID)
    }

    /// For programs, in the order of the doors.
    package var csv: String {
        var writer = CSVWriter()
        writer.row(["commune_code", "commune", "street", "number", "beside", "building", "name", "id", "state", "addresses"])
        for door in doors {
            writer.row([
                door.person.communeCode?.rawValue ?? "", door.commune, door.address.street, door.address.numberText,
                door.address.beside, door.person.building ?? "", door.person.name?.value ?? "", door.person.externalID,
                door.person.state?.rawValue ?? "", Self.numbers(door.person).joined(separator: " | "),
            ])
        }
        return writer.text
    }

    package var page: ReportPage {
        var blocks: [ReportPage.Block] = [
            .paragraph("« \(subject) » — campagne \(reference)" + (isExercise ? " — EXERCICE" : "")),
            .facts([
                ("Personnes à voir", FrenchText.integer(doors.count)), ("Communes", FrenchText.integer(Set(doors.map(\.commune)).count)),
            ]),
            .paragraph("Personnes \(choice). Rayez ou cochez à chaque passage ; rendez la liste au poste de commandement, elle contient des données personnelles."),
        ]
        var start = doors.startIndex
        while start < doors.endIndex {
            let commune = doors[start].commune
            let end = doors[start...].firstIndex { $0.commune != commune } ?? doors.endIndex
            blocks += [.heading("\(commune) : \(FrenchText.integer(end - start))"), .table(Self.table(doors[start..<end], commune))]
            start = end
        }
        if doors.isEmpty { blocks.append(.paragraph("Personne n'est à voir : chacun a confirmé, ou le choix ne retient personne.")) }
        return ReportPage(
            title: "Porte-à-porte", subtitle: "Situation au \(at)", footer: "Tocsin · porte-à-porte, campagne \(reference), \(at)",
            blocks: blocks)
    }

    private static func table(_ doors: ArraySlice<Door>, _ commune: String) -> ReportPage.Table {
        ReportPage.Table(
            caption: "\(commune), par voie et par numéro",
            columns: [
                .init("Voie", isNumber: false, weight: 2.4), .init("N°", weight: 0.8),
                .init("Complément", isNumber: false, weight: 1.6), .init("Nom", isNumber: false, weight: 2),
                .init("Numéros", isNumber: false, weight: 1.7), .init("Réponse", isNumber: false, weight: 1.2),
                .init("Vu", isNumber: false, weight: 0.5), .init("Constat", isNumber: false, weight: 2),
            ],
            rows: doors.map { door in
                [
                    door.address.street.isEmpty ? "adresse inconnue" : door.address.street, door.address.numberText,
                    [door.address.beside, door.person.building ?? ""].filter { !$0.isEmpty }.joined(separator: ", "),
                    door.person.name?.value ?? "n'est plus au registre (\(door.person.externalID))",
                    numbers(door.person).joined(separator: "\n"), word(door.person.state), "☐", "",
                ]
            })
    }

    /// Whom one can ring before climbing the stairs.
    private static func numbers(_ person: CampaignPerson) -> [String] {
        var seen: Set<String> = []
        return person.ways.filter { $0.channel == .sms || $0.channel == .voice }.map(\.address.value).filter { seen.insert($0).inserted }
    }

    private static func word(_ state: DeliveryState?) -> String {
        switch state {
        case .acknowledged: "confirmé"
        case .answered: "répondu sans confirmer"
        case .passed: "transmis"
        case .pending: "en attente"
        case .failed: "échec"
        case .unreachable: "injoignable"
        case .cancelled: "annulé"
        case nil: "non localisé"
        }
    }
}
