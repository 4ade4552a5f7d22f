import GeoModel

/// The members of one object of the gateways' file, taken one by one; `finish` refuses those nobody took, since a
/// misspelt member would be left out in silence.
package struct GatewayMembers {
    /// Characters of any text of the file: more than a path or a name needs.
    package static let longestText = 500

    package let path: String
    private var left: [String: JSONNode]

    package init(_ node: JSONNode, path: String) throws(GatewayFileError) {
        guard case .object(let members) = node else { throw GatewayFileError(path: path, reason: "an object is due") }
        left = members
        self.path = path
    }

    /// - Throws: a `GatewayFileError` that names a member left.
    package func finish() throws(GatewayFileError) {
        guard let stranger = left.keys.min() else { return }
        throw fault(String(stranger.prefix(40)), "there is no such member here: correct or remove it")
    }

    package func fault(_ key: String, _ reason: String) -> GatewayFileError {
        GatewayFileError(path: path.isEmpty ? key : "\(path).\(key)", reason: reason)
    }

    package func has(_ key: String) -> Bool { left[key] != nil }

    package mutating func node(_ key: String) throws(GatewayFileError) -> JSONNode {
        guard let node = left.removeValue(forKey: key) else { throw fault(key, "the member is missing") }
        return node
    }

    package mutating func members(_ key: String) throws(GatewayFileError) -> GatewayMembers {
        try GatewayMembers(try node(key), path: path.isEmpty ? key : "\(path).\(key)")
    }

    package mutating func text(_ key: String) throws(GatewayFileError) -> String {
        guard case .string(let text) = try node(key), !text.isEmpty, text.unicodeScalars.count <= Self.longestText,
            !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else { throw fault(key, "a text of 1 to \(Self.longestText) characters is due, without control characters") }
        return text
    }

    package mutating func optionalText(_ key: String) throws(GatewayFileError) -> String? {
        has(key) ? try text(key) : nil
    }

    package mutating func number(
        _ key: String, _ range: ClosedRange<Double>, standard: Double? = nil
    ) throws(GatewayFileError) -> Double {
        if !has(key), let standard { return standard }
        guard case .number(let number) = try node(key), range.contains(number) else {
            throw fault(key, "a number from \(Self.words(range.lowerBound)) to \(Self.words(range.upperBound)) is due")
        }
        return number
    }

    package mutating func integer(
        _ key: String, _ range: ClosedRange<Int>, standard: Int? = nil
    ) throws(GatewayFileError) -> Int {
        if !has(key), let standard { return standard }
        guard case .number(let number) = try node(key), number == number.rounded(), abs(number) < 1e15,
            range.contains(Int(number))
        else { throw fault(key, "a whole number from \(range.lowerBound) to \(range.upperBound) is due") }
        return Int(number)
    }

    package mutating func flag(_ key: String, standard: Bool) throws(GatewayFileError) -> Bool {
        guard has(key) else { return standard }
        guard case .bool(let flag) = try node(key) else { throw fault(key, "true or false is due") }
        return flag
    }

    /// One of a fixed set of words.
    package mutating func word<Word: RawRepresentable & CaseIterable>(
        _ key: String, standard: Word? = nil
    ) throws(GatewayFileError) -> Word where Word.RawValue == String {
        if !has(key), let standard { return standard }
        guard case .string(let text) = try node(key), let word = Word(rawValue: text) else {
            throw fault(key, "one of \(Word.allCases.map(\.rawValue).joined(separator: ", ")) is due")
        }
        return word
    }

    /// `<name>File` or `<name>Variable`: where a secret is kept. The secret itself is refused here, since files are
    /// copied and shown.
    package mutating func secret(_ name: String) throws(GatewayFileError) -> GatewaySecret? {
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
