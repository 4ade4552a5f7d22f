import GeoModel

/// Where a house number stands in a street: at its own point, between its neighbours, or somewhere in the street.
struct HouseNumberPlacement {
    let position: Position<WGS84>
    let uncertaintyMetres: Double
    let precision: PlacePrecision
    /// Factor of the score.
    let confidence: Double
    /// The number as the index has it, when it has it.
    let found: HouseNumber?

    /// - Parameter rangeEnd: the 14 of "12-14", which stands in when 12 is unknown and widens the disc when both are.
    static func of(
        _ number: HouseNumber?, rangeEnd: Int?, in street: StreetCandidate, index: GeocoderIndex
    ) throws -> HouseNumberPlacement {
        guard let number else { return whole(street, confidence: 1) }
        let same = try index.houseNumbers(street.id, number.number)
        if let exact = same.first(where: { $0.houseNumber == number })
            ?? same.first(where: { $0.houseNumber.isSameDoor(as: number) }) {
            return try at(exact, rangeEnd: rangeEnd, in: street, index: index)
        }
        if !same.isEmpty { return around(same) }
        if let rangeEnd, let end = try index.houseNumbers(street.id, rangeEnd).first {
            let placement = try neighbours(of: number, in: street, index: index)
            let radius = GroundDistance.metres(placement.position, end.position) + end.radiusMetres
            return HouseNumberPlacement(
                position: placement.position, uncertaintyMetres: max(radius, placement.uncertaintyMetres),
                precision: placement.precision, confidence: placement.confidence, found: nil)
        }
        return try neighbours(of: number, in: street, index: index)
    }

    /// The whole street or locality.
    static func whole(_ street: StreetCandidate, confidence: Double) -> HouseNumberPlacement {
        let margin = street.spreadMetres == 0
            ? GeocodingWeights.extentUnknownMetres : GeocodingWeights.streetMarginMetres
        return HouseNumberPlacement(
            position: street.position, uncertaintyMetres: street.spreadMetres + margin,
            precision: street.kind == .street ? .street : .locality, confidence: confidence, found: nil)
    }

    private static func at(
        _ exact: LocatedHouseNumber, rangeEnd: Int?, in street: StreetCandidate, index: GeocoderIndex
    ) throws -> HouseNumberPlacement {
        var radius = exact.radiusMetres
        if let rangeEnd, let end = try index.houseNumbers(street.id, rangeEnd).first {
            radius = max(radius, GroundDistance.metres(exact.position, end.position) + end.radiusMetres)
        }
        return HouseNumberPlacement(
            position: exact.position, uncertaintyMetres: radius, precision: .houseNumber, confidence: 1,
            found: exact.houseNumber)
    }

    /// The number is known with other suffixes only: "12 ter" where there are 12 and 12 bis.
    private static func around(_ same: [LocatedHouseNumber]) -> HouseNumberPlacement {
        let anchor = same.min { $0.houseNumber < $1.houseNumber } ?? same[0]
        let reach = same.map { GroundDistance.metres(anchor.position, $0.position) + $0.radiusMetres }.max() ?? 0
        return HouseNumberPlacement(
            position: anchor.position,
            uncertaintyMetres: reach + GeocodingWeights.interpolationMarginMetres,
            precision: .street, confidence: GeocodingWeights.numberBetweenNeighbours, found: nil)
    }

    /// Between the neighbours of the same side, else of any side; beyond the last one the whole street, widened.
    private static func neighbours(
        of number: HouseNumber, in street: StreetCandidate, index: GeocoderIndex
    ) throws -> HouseNumberPlacement {
        let near = try index.houseNumbersNear(street.id, number.number, 40)
        let sameSide = near.filter { ($0.houseNumber.number - number.number) % 2 == 0 }
        guard let placement = between(sameSide, number.number) else { return beyond(near, number.number, in: street) }
        // In a short street the whole of it is the smaller disc.
        let whole = whole(street, confidence: placement.confidence)
        return placement.uncertaintyMetres <= whole.uncertaintyMetres ? placement : whole
    }

    private static func between(_ numbers: [LocatedHouseNumber], _ number: Int) -> HouseNumberPlacement? {
        let smaller = numbers.filter { $0.houseNumber.number < number }
        let greater = numbers.filter { $0.houseNumber.number > number }
        guard let below = smaller.max(by: { $0.houseNumber < $1.houseNumber }),
              let above = greater.min(by: { $0.houseNumber < $1.houseNumber })
        else { return nil }
        let share = Double(number - below.houseNumber.number)
            / Double(above.houseNumber.number - below.houseNumber.number)
        let position = GroundDistance.between(below.position, above.position, share: share)
        let reach = max(
            GroundDistance.metres(position, below.position), GroundDistance.metres(position, above.position))
        return HouseNumberPlacement(
            position: position,
            uncertaintyMetres: reach * GeocodingWeights.interpolationReachFactor
                + GeocodingWeights.interpolationMarginMetres,
            precision: .street, confidence: GeocodingWeights.numberBetweenNeighbours, found: nil)
    }

    private static func beyond(
        _ near: [LocatedHouseNumber], _ number: Int, in street: StreetCandidate
    ) -> HouseNumberPlacement {
        let whole = whole(street, confidence: GeocodingWeights.numberNotFound)
        guard let nearest = near.map({ abs($0.houseNumber.number - number) }).min() else { return whole }
        let extension_ = min(
            Double(nearest) * GeocodingWeights.metresPerNumber, GeocodingWeights.longestExtrapolationMetres)
        return HouseNumberPlacement(
            position: whole.position, uncertaintyMetres: whole.uncertaintyMetres + extension_,
            precision: whole.precision, confidence: whole.confidence, found: nil)
    }
}
