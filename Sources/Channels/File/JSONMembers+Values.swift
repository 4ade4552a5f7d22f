import GeoModel

/// What the gateways' file writes as a member's value.
extension JSONMembers {
    /// Characters of any text of the file: more than a path or a name needs.
    package static var longestText: Int { 500 }

    package mutating func text(_ key: String) throws(JSONMemberError) -> String {
        guard case .string(let text) = try node(key), !text.isEmpty, text.unicodeScalars.count <= Self.longestText,
            !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else { throw fault(key, "a text of 1 to \(Self.longestText) characters is due, without control characters") }
        return text
    }

    package mutating func optionalText(_ key: String) throws(JSONMemberError) -> String? {
        has(key) ? try text(key) : nil
    }

    package mutating func number(
        _ key: String, _ range: ClosedRange<Double>, standard: Double? = nil
    ) throws(JSONMemberError) -> Double {
        if !has(key), let standard { return standard }
        guard case .number(let number) = try node(key), range.contains(number) else {
            throw fault(key, "a number from \(Self.words(range.lowerBound)) to \(Self.words(range.upperBound)) is due")
        }
        return number
    }

    package mutating func integer(
        _ key: String, _ range: ClosedRange<Int>, standard: Int? = nil
    ) throws(JSONMemberError) -> Int {
        if !has(key), let standard { return standard }
        guard case .number(let number) = try node(key), number == number.rounded(), abs(number) < 1e15,
            range.contains(Int(number))
        else { throw fault(key, "a whole number from \(range.lowerBound) to \(range.upperBound) is due") }
        return Int(number)
    }

    package mutating func flag(_ key: String, standard: Bool) throws(JSONMemberError) -> Bool {
        guard has(key) else { return standard }
        guard case .bool(let flag) = try node(key) else { throw fault(key, "true or false is due") }
        return flag
    }

    /// One of a fixed set of words.
    package mutating func word<Word: RawRepresentable & CaseIterable>(
        _ key: String, standard: Word? = nil
    ) throws(JSONMemberError) -> Word where Word.RawValue == String {
        if !has(key), let standard { return standard }
        guard case .string(let text) = try node(key), let word = Word(rawValue: text) else {
            throw fault(key, "one of \(Word.allCases.map(\.rawValue).joined(separator: ", ")) is due")
        }
        return word
    }

    /// `<name>File` or `<name>Variable`: where a secret is kept. The secret itself is refused here, since files are
    /// copied and shown.
    package mutating func secret(_ name: String) throws(JSONMemberError) -> GatewaySecret? {
        guard !has(name) else {
            throw fault(name, "a secret is never written here: name a file by \(name)File, or a variable by \(name)Variable")
        }
        let file = try optionalText("\(name)File")
        let variable = try optionalText("\(name)Variable")
        guard file == nil || variable == nil else {
            throw fault("\(name)File", "the secret is in a file or in a variable, not in both")
        }
        return file.map(GatewaySecret.file) ?? variable.map(GatewaySecret.variable)
    }

    private static func words(_ number: Double) -> String {
        number == number.rounded() ? String(Int(number)) : String(number)
    }
}
