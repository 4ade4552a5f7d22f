import GeoModel

/// A failure that the operator is told about. Ports throw it; anything else they throw is answered `internal_error`
/// and logged.
package struct ConsoleProblem: Error, Hashable, Sendable {
    package let code: ProblemCode
    package let detail: ProblemDetail?

    package init(_ code: ProblemCode, _ detail: ProblemDetail? = nil) {
        self.code = code
        self.detail = detail
    }
}

extension ConsoleProblem: CustomStringConvertible {
    /// The code, with the place and the reason: safe to log.
    package var description: String {
        [code.rawValue, detail?.path.map { "at \($0)" }, detail?.reason].compactMap { $0 }.joined(separator: " ")
    }
}

/// Where a failure is and what would put it right; only what applies is written.
package struct ProblemDetail: Codable, Hashable, Sendable {
    /// Where in the request's body, such as `zone.zones[2].metres`.
    package var path: String?
    /// What is wrong there, in English, for whoever writes a client. Never holds personal data.
    package var reason: String?
    /// Place in a geometry, each from 0 (ring 0 is the exterior); the French sentence counts from 1.
    package var polygon: Int?
    package var ring: Int?
    package var vertex: Int?
    package var position: LonLat?
    /// The limit that was passed.
    package var limit: Int?
    package var retryAfterSeconds: Int?
    /// Codes or names that nobody knows.
    package var unknown: [String]?
    /// With `audience_changed`: the audience as it is now.
    package var counts: ZoneCounts?
    /// With `second_factor_needed`: what a security key is asked to sign, once the password was right.
    package var key: KeyRequest?

    package init(
        path: String? = nil, reason: String? = nil, polygon: Int? = nil, ring: Int? = nil, vertex: Int? = nil,
        position: Position<WGS84>? = nil, limit: Int? = nil, retryAfterSeconds: Int? = nil, unknown: [String]? = nil,
        counts: ZoneCounts? = nil
    ) {
        self.path = path
        self.reason = reason
        self.polygon = polygon
        self.ring = ring
        self.vertex = vertex
        self.position = position.map(LonLat.init)
        self.limit = limit
        self.retryAfterSeconds = retryAfterSeconds
        self.unknown = unknown
        self.counts = counts
    }
}
