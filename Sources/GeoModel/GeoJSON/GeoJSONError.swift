/// Why GeoJSON was refused: what happened, where, and what to do next. Safe to show to anyone.
package struct GeoJSONError: Error, Hashable, Sendable {
    /// The stable code that interfaces translate.
    package enum Code: String, CaseIterable, Sendable {
        case invalidJSON = "invalid_json"
        case duplicateKey = "duplicate_key"
        case notGeoJSON = "not_geojson"
        case unknownType = "unknown_type"
        /// Points and lines have no inside.
        case notAnArea = "not_an_area"
        case nullGeometry = "null_geometry"
        case emptyGeometry = "empty_geometry"
        case ringNotClosed = "ring_not_closed"
        case ringTooShort = "ring_too_short"
        case badPosition = "bad_position"
        case outOfRange = "out_of_range"
        /// Latitude was written before longitude.
        case swappedAxes = "swapped_axes"
        /// Metres where degrees are due, and no `crs` member to say of which system.
        case projectedCoordinates = "projected_coordinates"
        case unsupportedCRS = "unsupported_crs"
        case tooManyVertices = "too_many_vertices"
        case tooDeep = "too_deep"
        case tooLarge = "too_large"
        case truncated = "truncated"
    }

    /// Where in the file's own numbering, all from 1.
    package struct Place: Hashable, Sendable {
        package var feature: Int?
        package var polygon: Int?
        /// 1 is the exterior, 2 the first hole.
        package var ring: Int?
        package var vertex: Int?

        package init(feature: Int? = nil, polygon: Int? = nil, ring: Int? = nil, vertex: Int? = nil) {
            self.feature = feature
            self.polygon = polygon
            self.ring = ring
            self.vertex = vertex
        }
    }

    package let code: Code
    /// Where in the JSON tree, such as `features[2].geometry.coordinates[0][1]`; empty for the root. From 0.
    package let path: String
    package let place: Place
    /// The two numbers at fault, in the order of the file.
    package let position: Position<ForeignCRS>?
    /// From 1: where the fault of the text is or, in a large file, where the feature at fault starts.
    package internal(set) var line: Int?
    /// From 1, in bytes, for faults of the text itself.
    package let column: Int?
    /// What happened and what to do, without the place.
    package let reason: String

    package init(
        _ code: Code, reason: String, path: String = "", place: Place = Place(),
        position: Position<ForeignCRS>? = nil, line: Int? = nil, column: Int? = nil
    ) {
        self.code = code
        self.path = path
        self.place = place
        self.position = position
        self.line = line
        self.column = column
        self.reason = reason
    }
}

extension GeoJSONError {
    /// The fault of a geometry with more vertices than a limit.
    package static func tooManyVertices(limit: Int) -> GeoJSONError {
        GeoJSONError(.tooManyVertices, reason: "there are more than \(limit) vertices; simplify the geometry")
    }
}

extension GeoJSONError: CustomStringConvertible {
    package var description: String {
        let numbers: [(String, Int?)] = [
            ("line", line), ("column", column), ("feature", place.feature), ("polygon", place.polygon),
            ("ring", place.ring), ("vertex", place.vertex),
        ]
        let known = numbers.compactMap { name, number in number.map { "\(name) \($0)" } }.joined(separator: ", ")
        let place = known.isEmpty ? path : known
        return place.isEmpty ? reason : "\(place): \(reason)"
    }
}
