import AlertModel
import GeoModel

extension ConsoleProblem {
    /// A zone document's fault, as the operator is told it.
    package init(_ error: ZoneDocumentError) {
        var detail = ProblemDetail(path: error.path, reason: error.reason, limit: error.limit)
        switch error.code {
        case .invalidZone: self.init(.invalidZone, detail)
        case .tooDeep: self.init(.zoneTooDeep, detail)
        case .tooLarge: self.init(.zoneTooLarge, detail)
        case .geometry(let code):
            if let geometry = error.geometry { detail.adopt(geometry) }
            self.init(ProblemCode(code), detail)
        }
    }

    /// A perimeter file's fault, as the operator is told it.
    package init(_ error: GeoJSONError) {
        var detail = ProblemDetail(path: error.path.isEmpty ? nil : error.path, reason: error.description)
        detail.adopt(error)
        self.init(ProblemCode(error.code), detail)
    }
}

extension ProblemDetail {
    /// Takes over a geometry's place, which it counts from 1.
    fileprivate mutating func adopt(_ error: GeoJSONError) {
        polygon = error.place.polygon.map { $0 - 1 }
        ring = error.place.ring.map { $0 - 1 }
        vertex = error.place.vertex.map { $0 - 1 }
        position = error.position.map {
            LonLat(Position(longitude: $0.east, latitude: $0.north))
        }
    }
}

extension ProblemCode {
    package init(_ code: GeoJSONError.Code) {
        self =
            switch code {
            case .invalidJSON, .duplicateKey, .notGeoJSON, .unknownType, .badPosition, .truncated, .tooDeep:
                .invalidGeoJSON
            case .notAnArea: .notAnArea
            case .nullGeometry, .emptyGeometry: .emptyGeometry
            case .ringNotClosed: .ringNotClosed
            case .ringTooShort: .tooFewPositions
            case .outOfRange: .outOfRange
            case .swappedAxes: .swappedAxes
            case .projectedCoordinates: .projectedCoordinates
            case .unsupportedCRS: .unsupportedCRS
            case .tooManyVertices: .tooManyVertices
            case .tooLarge: .tooLarge
            }
    }
}
