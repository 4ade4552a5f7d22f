import HTTPTypes
import Hummingbird

/// Conditional requests (RFC 9110, section 13).
enum EntityTag {
    /// Whether the client already has what the tag stands for. Tags are compared weakly, as GET asks for.
    static func isKnown(_ tag: String, to fields: HTTPFields) -> Bool {
        fields[values: .ifNoneMatch].contains { value in
            value.split(separator: ",").contains { candidate in
                let candidate = candidate.trimmingSpaces()
                return candidate == "*" || candidate == tag || candidate == "W/" + tag
            }
        }
    }

    /// Whether the client takes gzip (section 12.5.3): named, or any coding, and not with a weight of zero.
    static func acceptsGzip(_ fields: HTTPFields) -> Bool {
        var any = false
        for item in fields[values: .acceptEncoding].flatMap({ $0.split(separator: ",") }) {
            let parts = item.split(separator: ";").map { $0.trimmingSpaces().lowercased() }
            guard let coding = parts.first else { continue }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
            if coding == "gzip" || coding == "x-gzip" { return weight > 0 }
            if coding == "*" { any = weight > 0 }
        }
        return any
    }
}
