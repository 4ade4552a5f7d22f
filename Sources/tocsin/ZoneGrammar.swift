import AlertModel
import ArgumentParser
import Foundation
import GeoModel

/// The order-sensitive part of the zone's grammar: `--within` and `--except` take the terms that follow them.
///
/// `--communes 80021 --within --perimeter a --perimeter b --except --circle c` is rewritten to
/// `--communes 80021 --within 0:perimeter:a --within 0:perimeter:b --except 0:circle:c` before parsing; terms of
/// the same group number are united. A bare word after either is read by its form: a file, three numbers,
/// commune codes, a department, or a list's name.
enum ZoneGrammar {
    private static let operations: Set<String> = ["within", "except"]
    private static let terms = Set(ZoneTerm.Kind.allCases.map(\.rawValue))

    static func rewrite(_ arguments: [String]) -> [String] {
        var result: [String] = []
        var group: (operation: String, number: Int, hasTerm: Bool)?
        /// A group without a term must be refused: dropped, it would widen the zone in silence.
        func closeGroup() {
            if let open = group, !open.hasTerm { result += [open.operation, "\(open.number):nothing:"] }
        }
        func add(_ kind: String, _ value: String) {
            guard let open = group else { return }
            result += [open.operation, "\(open.number):\(kind):\(value)"]
            group?.hasTerm = true
        }
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            let (name, attached) = split(argument)
            if operations.contains(name) {
                closeGroup()
                group = ("--" + name, (group?.number ?? -1) + 1, false)
                if let attached {
                    add("word", attached)
                } else if let next = rest.first, !next.hasPrefix("--") {
                    add("word", next)
                    rest.removeFirst()
                }
            } else if group != nil, terms.contains(name), let value = attached ?? rest.popFirst() {
                add(name, value)
            } else {
                result.append(argument)
            }
        }
        closeGroup()
        return result
    }

    /// `--name=value` as (name, value); `--name` as (name, nil); ("", nil) for the rest.
    private static func split(_ argument: String) -> (name: String, value: String?) {
        guard argument.hasPrefix("--") else { return ("", nil) }
        let parts = argument.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        return (String(parts[0]), parts.count > 1 ? String(parts[1]) : nil)
    }

    /// Each group of rewritten terms as one zone, in order.
    static func groups(_ texts: [String], _ reader: ZoneTerm) throws -> [Zone] {
        var groups: [(number: Int, zones: [Zone])] = []
        for text in texts {
            let parts = text.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 3, let number = Int(parts[0]) else {
                throw ValidationError("--within and --except take terms, such as --except --circle 2.3,49.9,500")
            }
            let zone = try zone(kind: parts[1], text: parts[2], reader)
            if groups.last?.number == number {
                groups[groups.count - 1].zones.append(zone)
            } else {
                groups.append((number, [zone]))
            }
        }
        return groups.map { $0.zones.count == 1 ? $0.zones[0] : .union($0.zones) }
    }

    private static func zone(kind: String, text: String, _ reader: ZoneTerm) throws -> Zone {
        if kind == "nothing" {
            throw ValidationError(
                "--within and --except need at least one term after them, such as --except --circle 2.3,49.9,500")
        }
        return try reader.zone(ZoneTerm.Kind(rawValue: kind) ?? self.kind(byForm: text), text)
    }

    /// What a bare word is.
    private static func kind(byForm text: String) -> ZoneTerm.Kind {
        if FileManager.default.fileExists(atPath: text) { return .perimeter }
        let words = text.split(separator: ",")
        if words.count == 3, words.allSatisfy({ Double($0) != nil }), text.contains(".") { return .circle }
        if text.hasPrefix("@") || words.allSatisfy({ CommuneCode($0) != nil }) { return .communes }
        if (2...3).contains(text.count) { return .department }
        return text.lowercased().hasSuffix("json") ? .perimeter : .list
    }
}
