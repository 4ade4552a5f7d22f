import GeoModel

/// Why a geometry was refused, or what failed in the libraries below. Safe to show to anyone.
package struct GeometryError: Error, Hashable, Sendable {
    /// The stable code that interfaces translate.
    package enum Code: String, CaseIterable, Sendable {
        case empty
        case badCoordinate = "bad_coordinate"
        case ringNotClosed = "ring_not_closed"
        case tooFewPoints = "too_few_points"
        case zeroArea = "zero_area"
        case selfIntersection = "self_intersection"
        case ringSelfIntersection = "ring_self_intersection"
        case holeOutsideShell = "hole_outside_shell"
        case nestedHoles = "nested_holes"
        case duplicateRings = "duplicate_rings"
        case disconnectedInterior = "disconnected_interior"
        /// Invalid in a way that the library names otherwise.
        case invalid
        case badRadius = "bad_radius"
        case badUncertainty = "bad_uncertainty"
        case unknownCRS = "unknown_crs"
        case notProjectable = "not_projectable"
        /// Degrees where the system named has metres.
        case implausibleCoordinates = "implausible_coordinates"
        case tooManyVertices = "too_many_vertices"
        /// A ring jumps from one end of the map to the other.
        case crossesAntimeridian = "crosses_antimeridian"
        case badTile = "bad_tile"
        /// A call that has no reason to fail failed: memory, or a defect.
        case engineFailure = "engine_failure"
    }

    package let code: Code
    /// The C function that found it, or nil when it was found before.
    package let function: String?
    /// What happened and what to do, without the place.
    package let reason: String
    /// The polygon's number in the area, from 1.
    package var polygon: Int?
    /// From 1: the exterior; 2 is the first hole.
    package var ring: Int?
    /// From 1.
    package var vertex: Int?
    package var position: Position<WGS84>?

    init(
        _ code: Code, _ reason: String, function: String? = nil, polygon: Int? = nil, ring: Int? = nil,
        vertex: Int? = nil, position: Position<WGS84>? = nil
    ) {
        self.code = code
        self.function = function
        self.reason = reason
        self.polygon = polygon
        self.ring = ring
        self.vertex = vertex
        self.position = position
    }
}

extension GeometryError: CustomStringConvertible, CustomDebugStringConvertible {
    package var description: String {
        let numbers: [(String, Int?)] = [("polygon", polygon), ("ring", ring), ("vertex", vertex)]
        let place = numbers.compactMap { name, number in number.map { "\(name) \($0)" } }.joined(separator: ", ")
        return place.isEmpty ? reason : "\(place): \(reason)"
    }

    package var debugDescription: String {
        "\(code.rawValue)\(function.map { " [\($0)]" } ?? ""): \(description)"
    }
}
