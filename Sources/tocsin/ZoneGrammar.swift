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
    private static let terms: Set<String> = ["perimeter", "circle", "communes", "department", "list"]

    static func rewrite(_ arguments: [String]) -> [String] {
        var result: [String] = []
        var operation: String?
        var group = -1
        var index = 0
        while index < arguments.count {
            let argument = arguments[index]
            index += 1
            if argument == "--within" || argument == "--except" {
                operation = argument
                group += 1
                if index < arguments.count, !arguments[index].hasPrefix("--") {
                    result += [argument, "\(group):word:\(arguments[index])"]
                    index += 1
                }
                continue
            }
            let (name, attached) = split(argument)
            if let operation, terms.contains(name) {
                guard let value = attached ?? (index < arguments.count ? arguments[index] : nil) else {
                    result.append(argument)
                    continue
                }
                if attached == nil { index += 1 }
                result += [operation, "\(group):\(name):\(value)"]
            } else {
                result.append(argument)
            }
        }
        return result
    }

    /// `--name=value` as (name, value); `--name` as (name, nil); ("", nil) for the rest.
    private static func split(_ argument: String) -> (name: String, value: String?) {
        guard argument.hasPrefix("--") else { return ("", nil) }
        let parts = argument.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        return (String(parts[0]), parts.count > 1 ? String(parts[1]) : nil)
    }

    /// Each group of rewritten terms as one zone, in order.
    static func groups(_ texts: [String]) throws -> [Zone] {
        var groups: [(number: Int, zones: [Zone])] = []
        for text in texts {
            let parts = text.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 3, let number = Int(parts[0]) else {
                throw ValidationError("--within and --except take terms, such as --except --circle 2.3,49.9,500")
            }
            let zone = try zone(kind: parts[1], text: parts[2])
            if groups.last?.number == number {
                groups[groups.count - 1].zones.append(zone)
            } else {
                groups.append((number, [zone]))
            }
        }
        return groups.map { $0.zones.count == 1 ? $0.zones[0] : .union($0.zones) }
    }

    private static func zone(kind: String, text: String) throws -> Zone {
        switch kind {
        case "perimeter": return try ZoneTerm.perimeter(text)
        case "circle": return try ZoneTerm.circle(text)
        case "communes": return try ZoneTerm.communes(text)
        case "department": return .department(text)
        case "list": return .list(text)
        default: return try zone(byForm: text)
        }
    }

    private static func zone(byForm text: String) throws -> Zone {
        if FileManager.default.fileExists(atPath: text) { return try ZoneTerm.perimeter(text) }
        let words = text.split(separator: ",")
        if words.count == 3, words.allSatisfy({ Double($0) != nil }), text.contains(".") {
            return try ZoneTerm.circle(text)
        }
        if text.hasPrefix("@") || words.allSatisfy({ CommuneCode($0) != nil }) { return try ZoneTerm.communes(text) }
        if (2...3).contains(text.count) { return .department(text) }
        if text.lowercased().hasSuffix("json") { return try ZoneTerm.perimeter(text) }
        return .list(text)
    }
}
