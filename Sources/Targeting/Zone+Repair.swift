import AlertModel
import GeoEngine
import GeoModel

/// A perimeter of a zone that was invalid and has been mended: for people to see.
package struct ZoneRepair: Hashable, Sendable {
    /// The perimeter's name.
    package let perimeter: String
    /// Whether doubtful ground was taken in (the perimeter is included) or left out (it is excluded).
    package let direction: PerimeterRepair.Direction
    package let note: PerimeterRepair.Note

    /// “perimeter “Crue”: polygon 1, ring 1, vertex 3: the boundary crosses itself, near 2.3, 49.9; 1200 m² of doubtful
    /// ground were taken in”.
    package var words: String {
        let fault = note.fault
        let numbers: [(String, Int?)] = [("polygon", fault.polygon), ("ring", fault.ring), ("vertex", fault.vertex)]
        let place = numbers.compactMap { name, number in number.map { "\(name) \($0)" } }.joined(separator: ", ")
        let near = fault.position.map { ", near \(Self.round($0.longitude)), \(Self.round($0.latitude))" } ?? ""
        let reason = fault.reason.split(separator: ";")[0]
        let ground = "\(Int(note.squareMetres.rounded(.up))) m² of doubtful ground "
            + (direction == .outward ? "were taken in" : "were left out of what is excluded")
        return "perimeter “\(perimeter)” was mended: \(place): \(reason)\(near); \(ground)"
    }

    private static func round(_ degrees: Double) -> Double { (degrees * 1e6).rounded() / 1e6 }
}

extension Zone {
    /// The zone with its invalid perimeters mended so that nobody is lost: outward where they are included, inward where
    /// they are excluded. Valid ones stay to the bit.
    ///
    /// - Throws: `GeometryError` for what cannot be mended, with polygon, ring and vertex.
    package func mended() throws -> (zone: Zone, repairs: [ZoneRepair]) {
        var repairs: [ZoneRepair] = []
        let zone = try mended(.outward, &repairs)
        return (repairs.isEmpty ? self : zone, repairs)
    }

    private func mended(_ direction: PerimeterRepair.Direction, _ repairs: inout [ZoneRepair]) throws -> Zone {
        switch self {
        case .perimeter(let name, let area):
            // What was found valid lately needs no second look, nor what is quickly seen to be; an empty one is refused when
            // judged.
            guard !area.isEmpty, ZoneIndex.known(area) == nil, ZoneIndex.preparing(plainlyValidArea: area) == nil else {
                return self
            }
            let repaired = try PerimeterRepair.repaired(area, direction)
            repairs += repaired.notes.map { ZoneRepair(perimeter: name, direction: direction, note: $0) }
            guard repaired.notes.isEmpty else { return .perimeter(name: name, area: repaired.area) }
            // Found valid: it need not be looked at again when it is judged.
            _ = ZoneIndex.preparing(validArea: area)
            return self
        case .circle, .communes, .department, .epci, .members: return self
        case .widened(let place, let metres): return .widened(try place.mended(direction, &repairs), metres: metres)
        case .certainly(let zone): return .certainly(try zone.mended(direction, &repairs))
        case .union(let zones): return .union(try zones.map { try $0.mended(direction, &repairs) })
        case .intersection(let zones): return .intersection(try zones.map { try $0.mended(direction, &repairs) })
        case .difference(let zone, let except):
            let kept = try zone.mended(direction, &repairs)
            return .difference(
                kept, except: try except.mended(direction == .outward ? .inward : .outward, &repairs))
        }
    }
}
