import AlertModel
import GeoModel

/// What a standing report kept of a perimeter.
package struct CoverageSnapshot: Sendable, Equatable {
    package let perimeter: Int64
    package let name: String
    package let population: Double?
    package let registered: Int
    package let reachable: Int
    package let stale: Int

    package init(
        perimeter: Int64, name: String, population: Double?, registered: Int, reachable: Int, stale: Int
    ) {
        self.perimeter = perimeter
        self.name = name
        self.population = population
        self.registered = registered
        self.reachable = reachable
        self.stale = stale
    }

    /// As `CoverageFigures.reachableShare`.
    package var reachableShare: Double? {
        population.flatMap { $0 > 0 ? Double(reachable) / $0 : nil }
    }
}

/// A saved perimeter's line of the standing report.
package struct PerimeterCoverage: Sendable {
    package let id: Int64
    package let name: String
    package let area: Area<WGS84>
    package let figures: CoverageFigures
    /// Of the last report that had the perimeter, or one of its name; nil for a new one.
    package let previous: CoverageSnapshot?

    package init(
        id: Int64, name: String, area: Area<WGS84>, figures: CoverageFigures, previous: CoverageSnapshot?
    ) {
        self.id = id
        self.name = name
        self.area = area
        self.figures = figures
        self.previous = previous
    }

    /// Whether the perimeter was drawn again since, under the same name: the trend then speaks of two places.
    package var isRedrawn: Bool { previous.map { $0.perimeter != id } ?? false }

    /// How far the reachable share has moved since; nil where either is not known.
    package var shareTrend: Double? {
        figures.reachableShare.flatMap { now in previous?.reachableShare.map { now - $0 } }
    }

    package var snapshot: CoverageSnapshot {
        CoverageSnapshot(
            perimeter: id, name: name, population: figures.population, registered: figures.registered,
            reachable: figures.reachableByAny, stale: figures.stale)
    }

    /// The worst covered first: the smallest share of inhabitants that some channel reaches, and of equals the one with
    /// more inhabitants. Where nobody lives, or nobody knows how many, there is no share: those come last.
    package static func isWorse(_ left: Self, _ right: Self) -> Bool {
        switch (left.figures.reachableShare, right.figures.reachableShare) {
        case (let a?, let b?) where a != b: return a < b
        case (.some, nil): return true
        case (nil, .some): return false
        default: break
        }
        let (a, b) = (left.figures.population ?? -1, right.figures.population ?? -1)
        return a == b ? (left.name, left.id) < (right.name, right.id) : a > b
    }
}

/// How well every saved perimeter is covered, and how that has moved.
package struct StandingCoverage: Sendable {
    /// A perimeter that could not be judged, and why.
    package struct Fault: Sendable {
        package let name: String
        package let reason: String

        package init(name: String, reason: String) {
            self.name = name
            self.reason = reason
        }
    }

    package let at: UTCTime
    package let staleBefore: CalendarDate
    /// The worst covered first.
    package let perimeters: [PerimeterCoverage]
    package let faults: [Fault]
    /// When the report was made that this one is compared with; nil for the first.
    package let previousAt: UTCTime?
    /// Communes around the perimeters, for a map; empty where there are too many to be told apart.
    package let communes: [(name: String, boundary: Area<WGS84>)]

    /// As many as a mayor reads.
    package static let worstCount = 10

    package init(
        at: UTCTime, staleBefore: CalendarDate, perimeters: [PerimeterCoverage], faults: [Fault], previousAt: UTCTime?,
        communes: [(name: String, boundary: Area<WGS84>)]
    ) {
        self.at = at
        self.staleBefore = staleBefore
        self.perimeters = perimeters.sorted(by: PerimeterCoverage.isWorse)
        self.faults = faults
        self.previousAt = previousAt
        self.communes = communes
    }

    /// The worst covered of those with a known share.
    package var worst: [PerimeterCoverage] {
        Array(perimeters.lazy.filter { $0.figures.reachableShare != nil }.prefix(Self.worstCount))
    }
}
