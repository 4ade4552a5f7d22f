import Console
import Foundation
import GeoModel
import Geocoding
import Store

extension AddressDesk {
    /// The imported addresses and communes, and nothing of the register.
    init(store: AlertDatabase) {
        let counter = AddressCounter(store: store)
        self.init(
            search: { question in try await Offload.run { try counter.search(question) } },
            reverse: { question in try await Offload.run { try counter.reverse([question])[0] } },
            open: { request in
                let table = try await Offload.run { try TableAnswering(request, counter: counter) }
                return AddressTable(charset: table.charset) { try await Offload.run { try table.next() } }
            })
    }
}

/// Answers questions about addresses in the national geocoder's terms.
struct AddressCounter: Sendable {
    /// Places looked at when a filter other than the kind may leave some out.
    private static let filteredLimit = 100

    let store: AlertDatabase
    private let projections = LocalProjections()

    init(store: AlertDatabase) {
        self.store = store
    }

    func search(_ question: AddressQuestion) throws -> (found: [FoundAddress], read: ReadCoordinates?) {
        if let pair = CoordinateText(question.text) {
            let place = PlaceQuestion(position: pair.position, limit: question.limit, filters: question.filters)
            return (
                try reverse([place])[0], ReadCoordinates(position: pair.position, order: pair.order.rawValue))
        }
        return (try search([question])[0], nil)
    }

    /// The answers to many questions, in one read of the database.
    func search(_ questions: [AddressQuestion]) throws -> [[FoundAddress]] {
        let answers = try store.search(
            questions.map {
                AddressSearch(
                    text: $0.text, limit: $0.filters.kinds?.isEmpty == true ? 0 : $0.limit, completes: $0.completes,
                    centre: $0.centre, filters: AddressSearch.Filters($0.filters))
            })
        return try described(answers.map { $0.map { ($0.record, $0.score, $0.metres) } })
    }

    func reverse(_ questions: [PlaceQuestion]) throws -> [[FoundAddress]] {
        let answers = try questions.map { question in
            let filters = AddressSearch.Filters(question.filters)
            let isFiltered = filters != AddressSearch.Filters() && !question.filters.holdsKindsOnly
            let kinds = question.filters.kinds.map { Set($0.map(\.precision)) }
            let near = try store.nearest(
                to: [question.position], kinds: kinds, limit: isFiltered ? Self.filteredLimit : question.limit)[0]
            let admitted = isFiltered ? try store.admitted(near, filters) : near
            return admitted.prefix(question.limit).map {
                ($0.record, max(0, 1 - $0.metres / AddressIndex.farthestMetres), Optional($0.metres))
            }
        }
        return try described(answers)
    }

    private func described(
        _ answers: [[(record: AddressRecord, score: Double, metres: Double?)]]
    ) throws -> [[FoundAddress]] {
        let figures = try store.communeContexts(Set(answers.joined().map(\.record.communeCode)))
        return answers.map { answer in
            answer.map { described($0.record, score: $0.score, metres: $0.metres, figures[$0.record.communeCode]) }
        }
    }

    private func described(
        _ record: AddressRecord, score: Double, metres: Double?, _ figures: CommuneContext?
    ) -> FoundAddress {
        var found = FoundAddress(
            kind: AddressKind(record.kind), label: record.label, score: score, identifier: record.identifier,
            name: record.name, cityCode: record.communeCode.rawValue, city: record.communeName,
            position: record.position)
        found.houseNumber = record.houseNumber?.description
        found.postcode = record.postcode
        found.oldCityCode = record.formerCommuneCode?.rawValue
        found.oldCity = record.formerCommuneName
        let department = figures?.department ?? record.communeCode.department
        found.context = FrenchDepartment.context(department, official: figures)
        found.importance = figures?.population.map(Self.importance)
        if record.kind == .commune { found.population = figures?.population }
        if let point = projections.metres(record.position, department: department) {
            found.eastingMetres = point.easting
            found.northingMetres = point.northing
        }
        found.distanceMetres = metres
        return found
    }

    /// From 0 to 1 by the commune's population, on a logarithmic scale that forty million people would fill.
    private static func importance(ofPopulation population: Int) -> Double {
        (min(1, log10(Double(max(population, 0) + 1)) / 7.6) * 100_000).rounded() / 100_000
    }
}

extension AddressFilters {
    fileprivate var holdsKindsOnly: Bool {
        postcodes.isEmpty && cityCodes.isEmpty && cities.isEmpty && streets.isEmpty
    }
}

extension AddressSearch.Filters {
    init(_ filters: AddressFilters) {
        self.init()
        kinds = Set((filters.kinds ?? []).map(\.precision))
        postcodes = Set(filters.postcodes)
        communeCodes = Set(filters.cityCodes)
        communeNames = Set(filters.cities)
        streets = Set(filters.streets)
    }
}

extension AddressKind {
    init(_ precision: PlacePrecision) {
        self = switch precision {
        case .houseNumber: .housenumber
        case .street: .street
        case .locality: .locality
        case .commune: .municipality
        }
    }

    var precision: PlacePrecision {
        switch self {
        case .housenumber: .houseNumber
        case .street: .street
        case .locality: .locality
        case .municipality: .commune
        }
    }
}
