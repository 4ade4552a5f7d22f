import AlertModel
import GeoModel

/// How well the register covers some people: a zone as a whole, or one commune's part of it.
package struct CoverageFigures: Sendable, Equatable {
    /// Legal population, shared out where the zone cuts a commune: an estimate then. Nil when the zone has no ground, or
    /// the population of a commune in it is not known.
    package var population: Double?
    /// The same over the communes whose population is known.
    package var knownPopulation: Double?
    /// Communes in the zone whose legal population is not known.
    package var withoutPopulation = 0
    /// Communes in the zone by how their people were shared out; those without population are left out.
    package var methods: [PopulationMethod: Int] = [:]
    /// Recipients the zone selects.
    package var registered = 0
    /// Households among them: who shares a household's key counts once, who has none counts alone, offices do not count.
    package var households = 0
    package var located: [Precision: Int] = [:]
    /// Selected recipients with a contact point of the channel.
    package var reachable: [Channel: Int] = [:]
    /// Selected recipients without any contact point.
    package var unreachable = 0
    /// Selected recipients that nobody has confirmed since the day asked for; `neverConfirmed` are among them.
    package var stale = 0
    package var neverConfirmed = 0

    package init() {}

    /// Selected recipients with any contact point.
    package var reachableByAny: Int { registered - unreachable }

    /// Registered recipients per inhabitant, from 0 up; nil when the population is not known or nobody lives there.
    package var share: Double? { perInhabitant(registered) }

    /// Recipients that some channel reaches, per inhabitant: what coverage is judged by.
    package var reachableShare: Double? { perInhabitant(reachableByAny) }

    private func perInhabitant(_ count: Int) -> Double? {
        population.flatMap { $0 > 0 ? Double(count) / $0 : nil }
    }

    package mutating func count(precision: Precision, channels: [Channel]) {
        registered += 1
        located[precision, default: 0] += 1
        if channels.isEmpty { unreachable += 1 }
        for channel in channels { reachable[channel, default: 0] += 1 }
    }

    /// - Parameter households: the keys of those counted so far.
    mutating func count(_ recipient: SurveyedRecipient, households keys: inout Set<String>) {
        count(precision: recipient.precision, channels: recipient.channels)
        switch recipient.household {
        case .none: break
        case .own: households += 1
        case .shared(let key): if keys.insert(key).inserted { households += 1 }
        }
        switch recipient.confirmation {
        case .recent: break
        case .old: stale += 1
        case .never:
            stale += 1
            neverConfirmed += 1
        }
    }

    /// Adds the people of a commune, or says that they are not known.
    mutating func add(population people: Double?, by method: PopulationMethod?) {
        guard let people else {
            withoutPopulation += 1
            population = nil
            return
        }
        if let method { methods[method, default: 0] += 1 }
        knownPopulation = (knownPopulation ?? 0) + people
        population = withoutPopulation == 0 ? knownPopulation : nil
    }
}

/// A commune's part of a zone.
package struct CommuneCoverage: Sendable {
    package let code: CommuneCode
    package let name: String
    /// Legal population of the whole commune, and its year.
    package let population: Int?
    package let populationYear: Int?
    /// Share of the commune's area inside the zone, from 0 to 1; nil without geometry.
    package let areaShare: Double?
    /// For the part inside the zone.
    package var figures: CoverageFigures
    package let boundary: Area<WGS84>?
    /// The intercommunalité's number and name.
    package let epci: String?
    package let epciName: String?

    package init(
        code: CommuneCode, name: String, population: Int?, populationYear: Int?, areaShare: Double?,
        figures: CoverageFigures, boundary: Area<WGS84>?, epci: String? = nil, epciName: String? = nil
    ) {
        self.code = code
        self.name = name
        self.population = population
        self.populationYear = populationYear
        self.areaShare = areaShare
        self.figures = figures
        self.boundary = boundary
        self.epci = epci
        self.epciName = epciName
    }
}

/// An intercommunalité's part of a zone.
package struct EPCICoverage: Sendable {
    /// Its number; empty for the communes that are in none.
    package let code: String
    package let name: String
    package let communes: [CommuneCode]
    package let figures: CoverageFigures
    /// Of its communes that the zone touches, together.
    package let boundary: Area<WGS84>?
}

/// A grid cell's part of a zone.
package struct CellCoverage: Sendable {
    package let square: GridSquare
    package let figures: CoverageFigures
    package let boundary: Area<WGS84>
}

/// Who lives in a zone, who is registered, who can be reached.
package struct Coverage: Sendable {
    /// The zone in words.
    package let zone: String
    package let figures: CoverageFigures
    /// Recipients of the register that the zone cannot judge for want of a place.
    package let notLocated: Int
    /// Sorted by code; communes the zone touches, and communes selected recipients belong to.
    package let communes: [CommuneCoverage]
    /// Selected recipients whose commune is not known.
    package let withoutCommune: Int
    /// Sorted by code.
    package var epcis: [EPCICoverage] = []
    /// From south to north; empty unless cells were asked for.
    package var cells: [CellCoverage] = []
    /// Selected recipients without a point, and so in no cell; nil unless cells were asked for.
    package var withoutCell: Int?
    /// The zone's surface, for a map; nil when the zone is not only a place.
    package var surface: Area<WGS84>?

    package init(
        zone: String, figures: CoverageFigures, notLocated: Int, communes: [CommuneCoverage], withoutCommune: Int
    ) {
        self.zone = zone
        self.figures = figures
        self.notLocated = notLocated
        self.communes = communes
        self.withoutCommune = withoutCommune
    }
}
