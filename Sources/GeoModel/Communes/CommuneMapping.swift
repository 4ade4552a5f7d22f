/// What became of a code that is no commune's today.
package struct CommuneMapping: Sendable, Equatable {
    package struct Target: Sendable, Equatable {
        /// The commune of today.
        package let code: CommuneCode
        package let name: String?
        /// Whether the code's ground is only a part of it.
        package let isPart: Bool

        package init(code: CommuneCode, name: String?, isPart: Bool) {
            self.code = code
            self.name = name
            self.isPart = isPart
        }
    }

    package let code: CommuneCode
    /// The name it last bore.
    package let name: String?
    /// Several when its ground was shared out; never empty.
    package let targets: [Target]
    /// The day it ceased to be a commune of its own; nil when no movement tells.
    package let since: CalendarDay?

    package init(code: CommuneCode, name: String?, targets: [Target], since: CalendarDay?) {
        self.code = code
        self.name = name
        self.targets = targets
        self.since = since
    }

    /// Why the code is no commune of today.
    package enum Reason: String, Codable, Sendable {
        /// It is a part of one commune.
        case merged
        /// Its ground went to several.
        case shared
        /// Its commune has another code.
        case recoded
    }

    package var reason: Reason {
        targets.count > 1 ? .shared : targets.contains(where: \.isPart) ? .merged : .recoded
    }

    /// “80621 (Poix) → part of 80630 (Poix-de-Picardie) since 1970-01-01”.
    package var words: String {
        "\(Self.named(code, name)) → "
            + targets.map { ($0.isPart ? "part of " : "") + Self.named($0.code, $0.name) }.joined(separator: ", ")
            + (since.map { " since \($0)" } ?? "")
    }

    private static func named(_ code: CommuneCode, _ name: String?) -> String {
        name.map { "\(code) (\($0))" } ?? code.rawValue
    }
}

extension CommuneMapping {
    /// For JSON documents: code, name, to (code, name, part), since, why.
    package var json: JSONValue {
        var object = JSONObject()
        object.append("code", .string(code.rawValue))
        object.append("name", name.map { .string($0) } ?? .null)
        object.append(
            "to",
            .array(targets.map { target in
                var object = JSONObject()
                object.append("code", .string(target.code.rawValue))
                object.append("name", target.name.map { .string($0) } ?? .null)
                object.append("part", .bool(target.isPart))
                return .object(object)
            }))
        object.append("since", since.map { .string($0.text) } ?? .null)
        object.append("why", .string(reason.rawValue))
        return .object(object)
    }
}
