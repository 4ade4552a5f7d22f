import GeoModel

/// A code of a zone that is not today's whole commune: what it was read as, and why.
package struct MappedCode: Codable, Hashable, Sendable {
    /// A commune of today.
    package struct Target: Codable, Hashable, Sendable {
        package let code: String
        @Nullable package var name: String?
        /// Whether the code's ground is only a part of it.
        package let part: Bool
    }

    package let code: String
    /// The name it last bore.
    @Nullable package var name: String?
    package let to: [Target]
    /// The day it ceased to be a commune of its own, YYYY-MM-DD.
    @Nullable package var since: String?
    package let why: CommuneMapping.Reason

    package init(_ mapping: CommuneMapping) {
        code = mapping.code.rawValue
        name = mapping.name
        to = mapping.targets.map { Target(code: $0.code.rawValue, name: $0.name, part: $0.isPart) }
        since = mapping.since?.text
        why = mapping.reason
    }
}
