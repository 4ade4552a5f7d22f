import AlertModel
import CPhoneNumber
import GeoModel

/// A telephone number in E.164, and what it can carry: SMS only to mobile ranges, voice to both.
package struct PhoneNumber: Sendable, Hashable {
    package let e164: String
    package let isMobile: Bool
    /// A possible number of a range that the library's metadata do not know. They date from its release; ranges are
    /// opened since, and 06 39 98, kept for fiction, never was in them.
    package let isOfUnknownRange: Bool
    /// What had to be supposed to read it; nil when there is one reading.
    package let ambiguity: Ambiguity?

    package enum Ambiguity: Sendable, CustomStringConvertible {
        case missingZero, missingPlus, fixedOrMobile, unknownForeignRange

        package var description: String {
            switch self {
            case .missingZero: "written without its leading 0: taken as a French number"
            case .missingPlus: "written without 0, 00 or +: its first digits are taken for a country's code"
            case .fixedOrMobile: "nothing tells whether this number is fixed or mobile: taken as mobile"
            case .unknownForeignRange: "a foreign number of a range that is not known: taken as mobile"
            }
        }
    }

    /// Why a number is refused, in words that do not repeat it.
    package enum Refusal: Error, CustomStringConvertible {
        case notANumber
        /// Premium, shared-cost, toll-free or short number.
        case serviceNumber

        package var description: String {
            switch self {
            case .notANumber: "not a telephone number: write it as 06 12 34 56 78 or +33612345678"
            case .serviceNumber: "a service number (premium, toll-free or short) is nobody's telephone"
            }
        }
    }

    /// Countries of the one French plan: first digit of the nine 6 or 7 mobile, 1 to 5 and 9 fixed, 8 services
    /// (Arcep decision 2018-0881).
    private static let planCountries: Set<Int32> = [33, 262, 590, 594, 596]

    /// - Parameters:
    ///   - text: as dialled from the department, or international.
    ///   - department: of the recipient's commune: 0692… is +262 from La Réunion, and from Paris.
    package init(_ text: String, department: String?) throws(Refusal) {
        guard text.utf8.count <= 40, !text.utf8.contains(0) else { throw .notANumber }
        let region = Self.region(ofDepartment: department)
        if region == "FR", let plain = PlainFrenchNumber(text) {
            self = try plain.number()
        } else {
            try self.init(slowly: text, region: region)
        }
    }

    /// Reads any number by the library alone.
    ///
    /// - Parameter home: ISO 3166 code of the region it would be dialled in.
    init(slowly text: String, region home: String) throws(Refusal) {
        let digits = text.filter { $0.isASCII && $0.isNumber }
        let isInternational = text.contains("+") || digits.hasPrefix("00")
        var possible: (e164: String, country: Int32)?
        // The plan is one across France: a resident of La Réunion may have a metropolitan mobile, and the reverse.
        let overseas = Self.overseasRegion(dialledIn: digits)
        let regions = overseas.map { [$0] } ?? (home == "FR" ? ["FR"] : [home, "FR"])
        for region in regions {
            let reading = Self.parse(Self.withoutItsPlus(digits) ? "+" + digits : text, region: region)
            var ambiguity: Ambiguity?
            if !isInternational, !digits.hasPrefix("0") {
                ambiguity = Self.ambiguity(digits, country: reading.country)
            }
            switch reading.kind {
            case CPHONENUMBER_FIXED, CPHONENUMBER_VOIP:
                self.init(e164: reading.e164, isMobile: false, ambiguity: ambiguity)
                return
            case CPHONENUMBER_MOBILE:
                self.init(e164: reading.e164, isMobile: true, ambiguity: ambiguity)
                return
            case CPHONENUMBER_FIXED_OR_MOBILE:
                self.init(e164: reading.e164, isMobile: true, ambiguity: ambiguity ?? .fixedOrMobile)
                return
            case CPHONENUMBER_SERVICE: throw .serviceNumber
            case CPHONENUMBER_POSSIBLE: possible = (reading.e164, reading.country)
            default: break
            }
        }
        guard let possible, isInternational || possible.country == 33 || regions.count == 1 else { throw .notANumber }
        try self.init(possible: possible.e164, country: possible.country)
    }

    /// A number that may exist and that the metadata do not know: classed by the French plan where it is of it.
    private init(possible e164: String, country: Int32) throws(Refusal) {
        guard Self.planCountries.contains(country) else {
            self.init(e164: e164, isMobile: true, isOfUnknownRange: true, ambiguity: .unknownForeignRange)
            return
        }
        switch e164.dropFirst(1 + String(country).count).first {
        case "6", "7": self.init(e164: e164, isMobile: true, isOfUnknownRange: true)
        case "1", "2", "3", "4", "5", "9": self.init(e164: e164, isMobile: false, isOfUnknownRange: true)
        default: throw .serviceNumber
        }
    }

    init(e164: String, isMobile: Bool, isOfUnknownRange: Bool = false, ambiguity: Ambiguity? = nil) {
        self.e164 = e164
        self.isMobile = isMobile
        self.isOfUnknownRange = isOfUnknownRange
        self.ambiguity = ambiguity
    }

    /// An overseas number whose + a spreadsheet swallowed: a country of the plan and its nine digits.
    private static func withoutItsPlus(_ digits: String) -> Bool {
        digits.utf8.count == 12 && ["262", "590", "594", "596"].contains(digits.prefix(3))
    }

    private static func ambiguity(_ digits: String, country: Int32) -> Ambiguity? {
        // Regions without a 0 before their numbers (New Caledonia, Polynesia) write them whole.
        guard planCountries.contains(country) else { return digits.hasPrefix(String(country)) ? .missingPlus : nil }
        return digits.utf8.count == 9 ? .missingZero : .missingPlus
    }

    private static func parse(_ text: String, region: String) -> (kind: cphonenumber_kind, e164: String, country: Int32) {
        var country: Int32 = 0
        var kind = CPHONENUMBER_INVALID
        let e164 = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 17) { buffer in
            kind = cphonenumber_parse(text, region, buffer.baseAddress, &country)
            return buffer.baseAddress.map { String(cString: $0) } ?? ""
        }
        return (kind, e164, country)
    }

    /// The overseas region whose block of the national plan a ten-digit number is of, such as 0692 for La Réunion.
    /// 0639 is Mayotte's, but for 0639 98: the metropolitan range kept for fiction.
    private static func overseasRegion(dialledIn digits: String) -> String? {
        guard digits.utf8.count == 10, digits.hasPrefix("0") else { return nil }
        if digits.hasPrefix("063998") { return nil }
        return switch digits.dropFirst().prefix(3) {
        case "262", "263", "692", "693": "RE"
        case "269", "639": "YT"
        case "590", "690", "691": "GP"
        case "594", "694": "GF"
        case "596", "696", "697": "MQ"
        case "508": "PM"
        default: nil
        }
    }

    /// The region whose national numbers a department dials (ISO 3166).
    private static func region(ofDepartment department: String?) -> String {
        switch department {
        case "971": "GP"
        case "972": "MQ"
        case "973": "GF"
        case "974": "RE"
        case "975": "PM"
        case "976": "YT"
        case "977": "BL"
        case "978": "MF"
        case "986": "WF"
        case "987": "PF"
        case "988": "NC"
        default: "FR"
        }
    }
}
