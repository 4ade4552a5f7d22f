import GeoModel

/// A pair of coordinates written as text: "49.89 2.30", "2,30 ; 49,89", "49°53'24\"N 2°18'00\"E".
///
/// Which number is the latitude is said by the letters of the compass, or else decided by where France is: read the
/// one way the place is in a French territory, the other way it is not. What cannot be decided is no place.
package struct CoordinateText: Hashable, Sendable {
    package enum Order: String, Hashable, Sendable {
        case latitudeFirst = "latitude,longitude"
        case longitudeFirst = "longitude,latitude"
    }

    package let position: Position<WGS84>
    /// How the text was read.
    package let order: Order

    /// Longer texts are not two numbers.
    private static let longestText = 80

    /// - Returns: nil for a text that is not two coordinates, or whose order cannot be told.
    package init?(_ text: String) {
        guard text.utf8.count <= Self.longestText, let parts = Self.parts(of: text),
              let first = Angle(parts.0), let second = Angle(parts.1), first.isExact || second.isExact
        else { return nil }
        switch (first.axis, second.axis) {
        case (.latitude, .longitude), (.latitude, nil), (nil, .longitude): order = .latitudeFirst
        case (.longitude, .latitude), (.longitude, nil), (nil, .latitude): order = .longitudeFirst
        case (nil, nil):
            let latitudeFirst = FrenchTerritories.contain(Position(longitude: second.degrees, latitude: first.degrees))
            let longitudeFirst = FrenchTerritories.contain(Position(longitude: first.degrees, latitude: second.degrees))
            guard latitudeFirst != longitudeFirst else { return nil }
            order = latitudeFirst ? .latitudeFirst : .longitudeFirst
        default: return nil
        }
        position = order == .latitudeFirst
            ? Position(longitude: second.degrees, latitude: first.degrees)
            : Position(longitude: first.degrees, latitude: second.degrees)
        guard position.isInRange else { return nil }
    }

    /// The two halves: at a semicolon, at a comma followed by a blank or between decimal points, or at a blank.
    private static func parts(of text: String) -> (String, String)? {
        let text = text.trimmingBlanks()
        for separator: Character in [";", "/", "|"] {
            if let halves = halves(text, at: separator) { return halves }
        }
        // "49.89, 2.30" and "49,89 2,30", but never "49,89,2,30".
        let commas = text.filter { $0 == "," }.count
        if commas == 1, text.contains(".") || text.contains(", ") || text.contains("°"),
           let halves = halves(text, at: ",") {
            return halves
        }
        // After a compass letter or before a sign, else at the only blank between two numbers.
        let letters: Set<Character> = ["N", "S", "E", "W", "O", "n", "s", "e", "w", "o"]
        if let letter = text.dropLast().firstIndex(where: { letters.contains($0) }), letter > text.startIndex {
            let next = text.index(after: letter)
            return (String(text[..<next]), String(text[next...]).trimmingBlanks(","))
        }
        let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
        return words.count == 2 ? (words[0], words[1]) : nil
    }

    private static func halves(_ text: String, at separator: Character) -> (String, String)? {
        let halves = text.split(separator: separator, omittingEmptySubsequences: false)
        guard halves.count == 2 else { return nil }
        return (String(halves[0]), String(halves[1]))
    }
}

/// One angle: decimal degrees, or degrees, minutes and seconds, with or without a letter of the compass.
private struct Angle {
    enum Axis { case latitude, longitude }

    let degrees: Double
    let axis: Axis?
    /// Whether it has a fraction, a degree sign or a letter: two bare whole numbers are no place.
    let isExact: Bool

    init?(_ text: String) {
        var rest = Substring(text.trimmingBlanks())
        var axis: Axis?
        var sign = 1.0
        if let letter = rest.last, let (found, direction) = Self.compass(letter) {
            (axis, sign) = (found, direction)
            rest = rest.dropLast()
        }
        if let first = rest.first, first == "-" || first == "+" || first == "−" {
            guard axis == nil else { return nil }
            if first != "+" { sign = -1 }
            rest = rest.dropFirst()
        }
        var numbers: [String] = [""]
        var marks = 0
        var isAfterBlank = false
        for character in rest {
            switch character {
            case "0"..."9", ".", ",":
                // A blank parts two numbers, unless a mark stood before it.
                if isAfterBlank, numbers.last != "" { return nil }
                numbers[numbers.count - 1].append(character == "," ? "." : character)
                isAfterBlank = false
            case "°", "º", "'", "′", "’", "\"", "″", "”":
                marks += 1
                if numbers.last != "" { numbers.append("") }
                isAfterBlank = false
            case " ", "\t", "\u{A0}", "\u{202F}": isAfterBlank = true
            default: return nil
            }
        }
        if numbers.last == "", numbers.count > 1 { numbers.removeLast() }
        let values = numbers.compactMap { $0.utf8.count <= 20 ? Double($0) : nil }
        guard values.count == numbers.count, (1...3).contains(values.count), marks > 0 || values.count == 1,
              values.dropFirst().allSatisfy({ $0 < 60 }), values.dropLast().allSatisfy({ $0 == $0.rounded() }),
              values[0] <= 180
        else { return nil }
        degrees = sign * zip(values, [1.0, 60, 3600]).reduce(0) { $0 + $1.0 / $1.1 }
        self.axis = axis
        isExact = numbers[0].contains(".") || marks > 0 || axis != nil
    }

    /// `O` is the French west.
    private static func compass(_ letter: Character) -> (Axis, Double)? {
        switch letter {
        case "N", "n": (.latitude, 1)
        case "S", "s": (.latitude, -1)
        case "E", "e": (.longitude, 1)
        case "W", "w", "O", "o": (.longitude, -1)
        default: nil
        }
    }
}

extension String {
    fileprivate func trimmingBlanks(_ others: String = "") -> String {
        var text = Substring(self)
        while let first = text.first, first.isWhitespace || others.contains(first) { text.removeFirst() }
        while let last = text.last, last.isWhitespace || others.contains(last) { text.removeLast() }
        return String(text)
    }
}
