import GeoModel

/// An address as a register gives it: any part may be missing or empty.
package struct AddressQuery: Hashable, Sendable {
    /// "12 bis rue Fontaine", or the whole address in one text.
    package let text: String
    package let postcode: String?
    package let communeName: String?
    package let communeCode: CommuneCode?

    package init(text: String, postcode: String? = nil, communeName: String? = nil, communeCode: CommuneCode? = nil) {
        self.text = text
        self.postcode = postcode.flatMap(Postcode.read)
        self.communeName = communeName.flatMap { PlaceNormalizer.communeKey($0).isEmpty ? nil : $0 }
        self.communeCode = communeCode
    }

    private init(_ other: AddressQuery, text: String) {
        self.text = text
        postcode = other.postcode
        communeName = other.communeName
        communeCode = other.communeCode
    }

    /// The same with another text.
    func with(text: String) -> Self { Self(self, text: text) }
}

/// Postcodes: five figures, of which the first two or three name the department.
package enum Postcode {
    /// The five figures of a field, a leading zero that a spreadsheet swallowed given back ("1000" → "01000"),
    /// or nil when it holds no postcode.
    package static func read(_ field: String) -> String? {
        let figures = field.filter { !$0.isWhitespace }
        guard figures.utf8.allSatisfy(\.isFigure) else { return nil }
        let padded = figures.utf8.count == 4 ? "0" + figures : figures
        return isPostcode(padded) ? padded : nil
    }

    static func isPostcode(_ token: String) -> Bool {
        token.utf8.count == 5 && token.isNumber && token >= "01000" && token < "99000"
    }

    /// Whether a commune may have this postcode by its department. A few communes are served from the
    /// neighbouring department, so this is evidence, not proof; Corsica's two departments share "20".
    static func agrees(_ postcode: String, with code: CommuneCode) -> Bool {
        let department = code.department
        if department == "2A" || department == "2B" { return postcode.hasPrefix("20") }
        return postcode.hasPrefix(department)
    }
}
