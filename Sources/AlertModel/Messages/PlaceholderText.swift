/// A text with places to fill: `{lieu}`, or `{nom|Madame, Monsieur}` with what to say when nothing is known.
///
/// Names are compared without case, and a space is as good as `_`; `{{` and `}}` are braces. A place without a value and without a
/// fallback is an error that says which: a text never leaves with `{prénom}` in it.
package struct PlaceholderText: Hashable, Sendable {
    package struct Placeholder: Hashable, Sendable {
        /// As it is compared: `prénom`.
        package let name: String
        /// As it is written in the text: `Prénom`.
        package let written: String
        package let fallback: String?
    }

    private enum Part: Hashable, Sendable {
        case text(String)
        case place(Placeholder)
    }

    private var parts: [Part] = []

    /// Longer is prose in braces, not a name.
    private static let longestName = 40

    /// - Throws: `PlaceholderError` for a brace without its pair, or a name that is none; with its place in the text.
    package init(_ text: String) throws(PlaceholderError) {
        var rest = Substring(text)
        var literal = ""
        while let index = Self.firstBrace(in: rest) {
            literal += rest[..<index]
            let brace = rest[index]
            // Only a fault asks for it.
            func position() -> Int { text.distance(from: text.startIndex, to: index) + 1 }
            rest = rest[rest.index(after: index)...]
            if rest.first == brace {
                literal.append(brace)
                rest = rest.dropFirst()
                continue
            }
            guard brace == "{", let end = Self.firstBrace(in: rest), rest[end] == "}" else {
                throw PlaceholderError(.brace, position: position())
            }
            if !literal.isEmpty { parts.append(.text(literal)) }
            literal = ""
            parts.append(.place(try Self.placeholder(rest[..<end], position())))
            rest = rest[rest.index(after: end)...]
        }
        literal += rest
        if !literal.isEmpty { parts.append(.text(literal)) }
    }

    /// Byte by byte, since this is asked for every recipient; a brace that a sign combines with is none.
    private static func firstBrace(in text: Substring) -> Substring.Index? {
        var start = text.startIndex
        while let index = text.utf8[start...].firstIndex(where: { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "}") }) {
            if text[index] == "{" || text[index] == "}" { return index }
            start = text.utf8.index(after: index)
        }
        return nil
    }

    private static func placeholder(_ inside: Substring, _ position: @autoclosure () -> Int) throws(PlaceholderError) -> Placeholder {
        let halves = inside.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
        let written = halves[0].trimmed
        guard (1...longestName).contains(written.count),
              written.allSatisfy({ $0.isLetter || $0.isNumber || "_- ".contains($0) })
        else { throw PlaceholderError(.name, position: position()) }
        return Placeholder(name: folded(written), written: written, fallback: halves.count == 2 ? String(halves[1]) : nil)
    }

    /// The name as it is compared: `Point de rassemblement` and `point_de_rassemblement` are one.
    package static func folded(_ name: String) -> String {
        String(name.lowercased().map { " -".contains($0) ? "_" : $0 })
    }

    /// Each name once, in order of appearance; one that is written with and without a fallback is without.
    package var placeholders: [Placeholder] {
        var found: [Placeholder] = []
        for case .place(let place) in parts {
            if let index = found.firstIndex(where: { $0.name == place.name }) {
                if place.fallback == nil { found[index] = place }
            } else {
                found.append(place)
            }
        }
        return found
    }

    /// The text with every place filled; an empty value is none.
    /// - Throws: `PlaceholderError` naming the first place that has neither a value nor a fallback.
    package func filled(_ value: (_ name: String) -> String?) throws(PlaceholderError) -> String {
        var text = ""
        for part in parts {
            switch part {
            case .text(let literal): text += literal
            case .place(let place): text += try Self.filling(place, value)
            }
        }
        return text
    }

    /// The text in the form in which it was written, every place filled but those kept.
    /// - Throws: as `filled`.
    package func filled(
        keeping isKept: (_ name: String) -> Bool, _ value: (_ name: String) -> String?
    ) throws(PlaceholderError) -> String {
        var text = ""
        for part in parts {
            switch part {
            case .text(let literal): text += Self.escaped(literal)
            case .place(let place) where isKept(place.name):
                text += "{" + place.written + (place.fallback.map { "|" + $0 } ?? "") + "}"
            case .place(let place): text += Self.escaped(try Self.filling(place, value))
            }
        }
        return text
    }

    /// The text with every place filled; one that nothing fills is left out, with the blank before it.
    package func filledLeniently(_ value: (_ name: String) -> String?) -> String {
        var text = ""
        for part in parts {
            switch part {
            case .text(let literal): text += literal
            case .place(let place):
                if let filled = value(place.name) ?? place.fallback, !filled.isEmpty {
                    text += filled
                } else if text.last == " " {
                    text.removeLast()
                }
            }
        }
        return text
    }

    private static func filling(
        _ place: Placeholder, _ value: (_ name: String) -> String?
    ) throws(PlaceholderError) -> String {
        let known = value(place.name).flatMap { $0.isEmpty ? nil : $0 }
        guard let filled = known ?? place.fallback else { throw PlaceholderError(.missing(place.written), position: nil) }
        return filled
    }

    private static func escaped(_ literal: String) -> String {
        literal.replacing("{", with: "{{").replacing("}", with: "}}")
    }
}

/// What is wrong with a text's places to fill. Safe to show: it quotes the template's own names alone.
package struct PlaceholderError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Problem: Hashable, Sendable {
        case brace
        case name
        case missing(String)
    }

    package let problem: Problem
    /// The brace's place in the text, from 1, in characters.
    package let position: Int?

    init(_ problem: Problem, position: Int?) {
        self.problem = problem
        self.position = position
    }

    package var code: String {
        switch problem {
        case .brace: "placeholder_brace"
        case .name: "placeholder_name"
        case .missing: "placeholder_missing"
        }
    }

    package var description: String {
        let place = position.map { " at character \($0)" } ?? ""
        return switch problem {
        case .brace: "a brace has no pair\(place): write {{ and }} for braces that are meant as such"
        case .name: "the braces\(place) hold no name: a name is of letters, figures and spaces, such as {lieu}"
        case .missing(let name):
            "{\(name)} has no value: give one, or write {\(name)|what to say without it}; of each recipient the register "
                + "fills \(PersonalPlace.allCases.map { "{\($0.rawValue)}" }.joined(separator: ", "))"
        }
    }
}

extension Substring {
    fileprivate var trimmed: String {
        var rest = self
        while rest.first?.isWhitespace == true { rest = rest.dropFirst() }
        while rest.last?.isWhitespace == true { rest = rest.dropLast() }
        return String(rest)
    }
}
