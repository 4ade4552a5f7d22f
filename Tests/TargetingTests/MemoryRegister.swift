import AlertModel
import GeoEngine
import GeoModel
import TestSupport

@testable import Targeting

/// A register in memory behind the port the store supplies, without any index: every question scans everybody.
struct MemoryRegister {
    struct Person {
        let id: Int64
        var commune: String?
        var position: Position<WGS84>?
        var uncertaintyMetres = 0.0
        var lists: [String] = []
        var tags: [String] = []
        /// Whether the geocoder found the commune.
        var isFound = false

        var location: Location? {
            position.map {
                Location(
                    position: $0, uncertaintyMetres: uncertaintyMetres,
                    precision: uncertaintyMetres == 0 ? .given : .street, score: 0.8)
            }
        }
    }

    struct Town {
        var boundary: Area<WGS84>?
        /// The commune it is a part of: a delegated commune.
        var parent: String?
        var population: Int? = 1000
        /// Where its people are today, when the code is an old one.
        var becomes: [CommunePlace] = []
    }

    struct Unknown: Error, Equatable { let what: String }

    var people: [Person] = []
    var towns: [String: Town] = [:]
    /// Communes by SIREN number.
    var intercommunalities: [String: [String]] = [:]

    /// As the store answers; `points` gives everybody, since it may give too many and never too few.
    var reader: RegisterReader {
        func ids(_ isTaken: (Person) -> Bool) -> [RecipientID] {
            people.filter(isTaken).map { RecipientID(rawValue: $0.id) }
        }
        func extent(_ person: Person) -> [Area<WGS84>] {
            person.position == nil ? person.commune.map { grounds(of: $0).map(\.area) } ?? [] : []
        }
        func isKnown(_ code: String?) -> Bool { code.map { !places(of: $0).isEmpty } ?? false }
        var reader = RegisterReader(
            points: { _, body in
                for person in people {
                    if let position = person.position {
                        try body(RecipientID(rawValue: person.id), position, person.uncertaintyMetres)
                    }
                }
            },
            unprovenPoints: { _, body in
                for person in people where person.isFound || !isKnown(person.commune) {
                    guard let location = person.location else { continue }
                    try body(RecipientID(rawValue: person.id), location, evidence(of: person))
                }
            },
            communeExtents: { _, body in
                for code in Set(people.compactMap(\.commune)).sorted() {
                    let surfaces = grounds(of: code).map(\.area)
                    let known = ids { $0.position == nil && $0.commune == code }
                    if !surfaces.isEmpty, !known.isEmpty { try body(surfaces, known) }
                }
            },
            unlocated: { withoutCommuneCode in
                ids { $0.position == nil && (withoutCommuneCode ? !isKnown($0.commune) : extent($0).isEmpty) }
            },
            communes: { codes, _ in try codes.map { try named($0) } },
            department: { department in
                let known = towns.filter { $0.value.parent == nil && $0.value.becomes.isEmpty }.keys
                let codes = Set(known).union(people.compactMap(\.commune).filter { !isKnown($0) })
                    .compactMap { CommuneCode($0) }.filter { $0.department == department }.sorted()
                if codes.isEmpty { throw Unknown(what: department) }
                return try codes.map { try named($0) }
            },
            epci: { siren in
                guard let members = intercommunalities[siren] else { throw Unknown(what: siren) }
                return try members.compactMap { CommuneCode($0) }.map { try named($0) }
            },
            codes: { communes in
                var codes: [CommuneCode: [CommunePlace]] = [:]
                for commune in communes {
                    let bearers = towns.keys.filter { places(of: $0).contains { $0.commune == commune } }
                    for code in bearers { codes[CommuneCode(code)!] = places(of: code) }
                    if bearers.isEmpty { codes[commune] = [CommunePlace(commune: commune)] }
                }
                return codes
            },
            places: { places(of: $0.rawValue) },
            grounds: { grounds(of: $0.rawValue) },
            ofCommune: { code, isFound in ids { $0.commune == code.rawValue && $0.isFound == isFound } },
            locationsOfCommune: { code, body in
                for person in people where person.commune == code.rawValue {
                    try body(RecipientID(rawValue: person.id), person.isFound, person.location)
                }
            },
            members: { membership in
                try people.filter { try isMember($0, membership) }.map { RecipientID(rawValue: $0.id) }
            },
            isMember: { recipient, membership in
                try people.contains { try $0.id == recipient.rawValue && isMember($0, membership) }
            },
            facts: { recipient in
                guard let person = people.first(where: { $0.id == recipient.rawValue }) else {
                    throw Unknown(what: "recipient")
                }
                return RecipientFacts(
                    recipient: recipient, evidence: evidence(of: person), history: nil, location: person.location,
                    extent: extent(person))
            })
        reader.otherCommunes = { codes in
            let selected = Set(codes.map(\.rawValue))
            let wholes = Set(selected.compactMap { towns[$0]?.parent })
            let others = towns.filter { !selected.contains($0.key) && !wholes.contains($0.key) }
            return { position in
                try others.values.contains { try $0.boundary.map { try PreparedArea($0).contains(position) } ?? false }
            }
        }
        return reader
    }

    private func isMember(_ person: Person, _ membership: Membership) throws -> Bool {
        switch membership {
        case .list(let name):
            guard people.contains(where: { $0.lists.contains(name) }) else { throw Unknown(what: name) }
            return person.lists.contains(name)
        case .tag(let name): return person.tags.contains(name)
        case .filter, .campaign: throw Unknown(what: membership.label)
        }
    }

    private func evidence(of person: Person) -> CommuneEvidence {
        CommuneEvidence(
            code: person.commune.flatMap { CommuneCode($0) }, isFound: person.isFound,
            places: person.commune.map { places(of: $0) } ?? [])
    }

    private func places(of code: String) -> [CommunePlace] {
        guard let town = towns[code] else { return [] }
        if !town.becomes.isEmpty { return town.becomes.sorted() }
        guard let parent = town.parent else { return [CommunePlace(commune: CommuneCode(code)!)] }
        return [CommunePlace(commune: CommuneCode(parent)!, parts: [CommuneCode(code)!])]
    }

    private func grounds(of code: String) -> [NamedCommune.Ground] {
        guard let town = towns[code] else { return [] }
        if let boundary = town.boundary { return [NamedCommune.Ground(area: boundary, isExact: true)] }
        return places(of: code).filter { $0.commune.rawValue != code }.compactMap { place in
            towns[place.commune.rawValue]?.boundary.map { NamedCommune.Ground(area: $0, isExact: place.isWhole) }
        }
    }

    private func named(_ code: CommuneCode) throws -> NamedCommune {
        let places = places(of: code.rawValue)
        if places.isEmpty, !people.contains(where: { $0.commune == code.rawValue }) { throw Unknown(what: code.rawValue) }
        return NamedCommune(
            code: code, places: places.isEmpty ? [CommunePlace(commune: code)] : places,
            grounds: grounds(of: code.rawValue))
    }

    /// Whom the zone judges, by identifier.
    func select(_ zone: Zone) throws -> [Int64: Verdict] {
        let entries = try Selector(register: reader).select(zone).entries
        return Dictionary(uniqueKeysWithValues: entries.map { ($0.recipient.rawValue, $0.verdict) })
    }

    func survey() -> CoverageSurvey {
        func surveyed(_ code: CommuneCode) -> SurveyedCommune? {
            towns[code.rawValue].map {
                SurveyedCommune(
                    code: code, name: "Ville \(code)", population: $0.population, populationYear: 2021,
                    boundary: $0.boundary)
            }
        }
        return CoverageSurvey(
            register: reader,
            communesNear: { _ in
                towns.filter { $0.value.parent == nil }.keys.sorted().compactMap { CommuneCode($0) }
                    .compactMap(surveyed)
            },
            commune: surveyed)
    }
}

func place(_ longitude: Double, _ latitude: Double) -> Position<WGS84> {
    Position(longitude: longitude, latitude: latitude)
}

func codes(_ texts: String...) -> [CommuneCode] { texts.compactMap { CommuneCode($0) } }

/// A rectangle of longitude and latitude.
func rectangle(_ west: Double, _ south: Double, _ east: Double, _ north: Double) -> Area<WGS84> {
    Area([Polygon(exterior: ring(west, south, east, north))])
}

func ring(_ west: Double, _ south: Double, _ east: Double, _ north: Double) -> Ring<WGS84> {
    Ring([place(west, south), place(east, south), place(east, north), place(west, north), place(west, south)])
}

/// Three communes side by side at 50° N, each 0.1° wide, and a delegated one within the second.
extension MemoryRegister {
    static func threeTowns() -> MemoryRegister {
        MemoryRegister(towns: [
            "80001": Town(boundary: rectangle(2.0, 50.0, 2.1, 50.1)),
            "80002": Town(boundary: rectangle(2.1, 50.0, 2.2, 50.1), population: 2000),
            "80003": Town(boundary: nil, population: nil),
            "80102": Town(boundary: rectangle(2.15, 50.0, 2.2, 50.05), parent: "80002", population: 300),
        ])
    }

    /// A register drawn at random over the three towns and around them.
    static func random(_ generator: inout SeededGenerator, people count: Int) -> MemoryRegister {
        var register = threeTowns()
        for id in 1...count {
            var person = Person(id: Int64(id))
            if Int.random(in: 0..<4, using: &generator) > 0 {
                person.commune = ["80001", "80002", "80003", "80102", "80999"].randomElement(using: &generator)
            }
            if Int.random(in: 0..<4, using: &generator) > 0 {
                person.position = place(
                    .random(in: 1.95...2.25, using: &generator), .random(in: 49.95...50.15, using: &generator))
                if Bool.random(using: &generator) {
                    person.uncertaintyMetres = .random(in: 1...4000, using: &generator)
                }
            }
            if id == 1 || Bool.random(using: &generator) { person.lists = ["rive"] }
            register.people.append(person)
        }
        return register
    }

    /// Terms and combinations over the three towns.
    static func randomZone(_ generator: inout SeededGenerator, depth: Int = 3) -> Zone {
        func deeper() -> Zone { randomZone(&generator, depth: depth - 1) }
        switch Int.random(in: 0..<(depth > 0 ? 9 : 5), using: &generator) {
        case 0:
            let west = Double.random(in: 1.95...2.2, using: &generator)
            let south = Double.random(in: 49.95...50.1, using: &generator)
            return .perimeter(
                name: "P",
                area: rectangle(
                    west, south, west + .random(in: 0.01...0.2, using: &generator),
                    south + .random(in: 0.01...0.1, using: &generator)))
        case 1:
            return .circle(
                centre: place(
                    .random(in: 1.95...2.25, using: &generator), .random(in: 49.95...50.15, using: &generator)),
                radiusMetres: .random(in: 100...9000, using: &generator))
        case 2: return .communes(codes(["80001", "80002", "80003", "80102"].randomElement(using: &generator)!))
        case 3: return .department("80")
        case 4: return .list("rive")
        case 5, 6: return .union([deeper(), deeper()])
        case 7: return .intersection([deeper(), deeper()])
        default: return .difference(deeper(), except: deeper())
        }
    }
}
