import GeoEngine
import GeoModel

/// Shares out a commune's legal population, by arrondissement where INSEE counts each one's.
struct PopulatedCommune {
    /// The part of a commune that is in a zone.
    struct Within {
        let zone: PreparedArea
        let area: Area<WGS84>
        let piece: Area<WGS84>
        let areaShare: Double
    }

    private let commune: SurveyedCommune
    private let codes: (CommuneCode) throws -> [CommuneCode]

    /// - Parameter codes: under which a commune's addresses are filed.
    init(_ commune: SurveyedCommune, codes: @escaping (CommuneCode) throws -> [CommuneCode]) {
        self.commune = commune
        self.codes = codes
    }

    /// - Parameter within: nil when all of the commune is in the zone.
    /// - Returns: the people inside and how they were found; nil when the commune's population is not known.
    func share(within: Within?, _ sharing: PopulationSharing) throws -> (people: Double, method: PopulationMethod)? {
        if let counted = try byArrondissement(within, sharing) { return counted }
        guard let population = commune.population.map(Double.init) else { return nil }
        guard let boundary = commune.boundary else { return within == nil ? (population, .whole) : nil }
        let ground = PopulatedGround(
            commune: commune.code, codes: try codes(commune.code), boundary: boundary, population: commune.population)
        let shared = try sharing.share(
            of: ground, zone: within?.zone, piece: within?.piece ?? boundary, areaShare: within?.areaShare ?? 1,
            people: population)
        return (population * shared.share, shared.method)
    }

    /// Nil unless every arrondissement's boundary and population are known.
    private func byArrondissement(
        _ within: Within?, _ sharing: PopulationSharing
    ) throws -> (people: Double, method: PopulationMethod)? {
        let parts = commune.arrondissements.compactMap { part in
            part.boundary.flatMap { boundary in part.population.map { (part, boundary, Double($0)) } }
        }
        guard !parts.isEmpty, parts.count == commune.arrondissements.count else { return nil }
        let sum = parts.reduce(0) { $0 + $1.2 }
        guard sum > 0 else { return nil }
        // The city's own figure may be of another census: the parts then only say how it is spread.
        let scale = commune.population.map { Double($0) / sum } ?? 1
        var people = 0.0
        var method = PopulationMethod.whole
        for (part, boundary, population) in parts {
            let ground = PopulatedGround(
                commune: part.code, codes: [part.code], boundary: boundary, population: part.population)
            var piece = boundary
            var areaShare = 1.0
            if let within {
                guard let near = boundary.boundingBox, near.intersects(within.zone.boundingBox) else { continue }
                piece = try Overlay.intersection(boundary, within.area)
                areaShare = min(1, SurfaceArea.squareMetres(of: piece) / SurfaceArea.squareMetres(of: boundary))
                guard areaShare > 0 else { continue }
            }
            let shared = try sharing.share(
                of: ground, zone: within?.zone, piece: piece, areaShare: areaShare, people: population * scale)
            people += population * scale * shared.share
            method = max(method, shared.method)
        }
        return (people, within == nil ? .whole : method)
    }
}

extension PopulationMethod: Comparable {
    /// The surest first.
    package static func < (left: Self, right: Self) -> Bool {
        (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
    }
}
