import GeoModel

/// Recognises coordinates in metres by where they would be on the ground, for files that name no system.
///
/// Numbers alone are seldom proof: Lambert-93 near Toulouse and Web Mercator in the Meuse are the same. So every system that
/// French files are found in is tried, and what is taken is either the only possible one or the only one whose place is in
/// the territory that the register is about. Anything else is for the file to say.
package enum FrenchSystems {
    /// A system in which numbers lie on French ground.
    package struct Reading: Hashable, Sendable {
        package let epsgCode: Int
        /// “Lambert-93 (EPSG:2154)”.
        package var name: String { FrenchSystems.name(ofEPSG: epsgCode) }
        /// Around the ground they would be, in WGS 84.
        package let box: BoundingBox<WGS84>

        package init(epsgCode: Int, box: BoundingBox<WGS84>) {
            self.epsgCode = epsgCode
            self.box = box
        }

        /// Whether it is one of France's legal systems of today: older ones, UTM in Europe and Web Mercator are not
        /// taken on their numbers alone.
        var isLegal: Bool { FrenchSystems.candidates.contains { $0.epsgCode == epsgCode && $0.isLegal } }
    }

    /// What numbers without a system are.
    package enum Choice: Hashable, Sendable {
        case one(Reading)
        /// Several are possible, or one that has to be named; none when empty.
        case open([Reading])
    }

    /// Where the register's people live; nil when nobody knows.
    package typealias Territory = (BoundingBox<WGS84>) throws -> Bool

    /// Every system in which the box lies on French ground, legal ones first.
    package static func readings(of box: BoundingBox<ForeignCRS>) -> [Reading] {
        let corners = [(box.west, box.south), (box.west, box.north), (box.east, box.south), (box.east, box.north)]
            .map { Position<ForeignCRS>(east: $0.0, north: $0.1) }
        let middle = Position<ForeignCRS>(east: (box.west + box.east) / 2, north: (box.south + box.north) / 2)
        let outline = try? PreparedArea(mainland)
        return candidates.compactMap { candidate in
            guard let system = try? Reprojection(fromEPSG: candidate.epsgCode) else { return nil }
            let ground = corners.compactMap { try? system.position(of: $0) }
            guard ground.count == corners.count, let around = BoundingBox(enclosing: ground),
                let land = candidate.grounds.first(where: { land in ground.allSatisfy(land.contains) })
            else { return nil }
            // A corner of a box may lie at sea, its middle does not.
            if candidate.isOnMainland, land.west < 0 {
                guard let place = try? system.position(of: middle), (try? outline?.contains(place)) == true else { return nil }
            }
            return Reading(epsgCode: candidate.epsgCode, box: around)
        }
    }

    /// By the numbers alone.
    /// - Parameter readings: of `readings(of:)`.
    package static func choose(_ readings: [Reading]) -> Choice {
        readings.count == 1 && readings[0].isLegal ? .one(readings[0]) : .open(readings)
    }

    /// By the territory where there is one and some reading lies in it, else as `choose(_:)`.
    package static func choose(_ readings: [Reading], in territory: Territory?) throws -> Choice {
        let fitting = try territory.map { territory in try readings.filter { try territory($0.box) } } ?? []
        if fitting.count == 1 { return .one(fitting[0]) }
        return fitting.isEmpty ? choose(readings) : .open(fitting)
    }

    /// “Lambert-93 (EPSG:2154)”.
    package static func name(ofEPSG code: Int) -> String {
        (candidates.first { $0.epsgCode == code }.map { "\($0.name) (" } ?? "(") + "EPSG:\(code))"
    }

    /// “Lambert-93 (EPSG:2154) or Web Mercator (EPSG:3857)”.
    package static func names(_ readings: [Reading]) -> String { readings.map(\.name).joined(separator: " or ") }
}
