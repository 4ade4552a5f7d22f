import GeoModel

/// Why a zone document was refused. Safe to show to anyone.
package struct ZoneDocumentError: Error, Hashable, Sendable {
    /// The stable code that interfaces translate.
    package enum Code: Hashable, Sendable {
        /// A member is missing, unknown, or not of its type.
        case invalidZone
        case tooDeep
        /// Too many zones, codes or vertices.
        case tooLarge
        /// The text or a geometry: its own code.
        case geometry(GeoJSONError.Code)
    }

    package let code: Code
    /// Where in the document, such as `zone.zones[2].metres`; empty for the root.
    package let path: String
    /// What happened and what to do, without the place.
    package let reason: String
    /// The limit that was passed.
    package let limit: Int?
    /// The fault in the geometry, when it is one.
    package let geometry: GeoJSONError?

    package init(_ code: Code, path: String, reason: String, limit: Int? = nil) {
        self.code = code
        self.path = path
        self.reason = reason
        self.limit = limit
        geometry = nil
    }

    /// - Parameter path: the path of the member whose text was refused; the error's own path follows it.
    package init(geometry error: GeoJSONError, path: String) {
        code = .geometry(error.code)
        let separator = path.isEmpty || error.path.isEmpty || error.path.hasPrefix("[") ? "" : "."
        self.path = path + separator + error.path
        reason = error.reason
        limit = nil
        geometry = error
    }
}

extension ZoneDocumentError: CustomStringConvertible {
    package var description: String { path.isEmpty ? reason : "\(path): \(reason)" }
}
