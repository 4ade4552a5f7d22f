import AlertModel
import CPhoneNumber
import GeoModel

/// A telephone number in E.164, and what it can carry: SMS only to mobile ranges, voice to both.
package struct PhoneNumber: Sendable, Hashable {
    package let e164: String
    package let isMobile: Bool

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

    /// - Parameters:
    ///   - text: as dialled from the department, or international.
    ///   - department: of the recipient's commune: 0692… is +262 from La Réunion, nothing from Paris.
    package init(_ text: String, department: String?) throws(Refusal) {
        guard text.utf8.count <= 40, !text.utf8.contains(0) else { throw .notANumber }
        var possible: (e164: String, country: Int32)?
        // The plan is one across France: a resident of La Réunion may have a metropolitan mobile, and the reverse.
        let regions = Self.overseasRegion(dialledIn: text).map { [$0] } ?? [Self.region(ofDepartment: department), "FR"]
        for region in regions {
            let reading = Self.parse(text, region: region)
            switch reading.kind {
            case CPHONENUMBER_FIXED, CPHONENUMBER_VOIP:
                (e164, isMobile) = (reading.e164, false)
                return
            case CPHONENUMBER_MOBILE, CPHONENUMBER_FIXED_OR_MOBILE:
                (e164, isMobile) = (reading.e164, true)
                return
            case CPHONENUMBER_SERVICE: throw .serviceNumber
            case CPHONENUMBER_POSSIBLE: possible = (reading.e164, reading.country)
            default: break
            }
        }
        // The library's metadata lag behind the plan (the ranges kept for fiction, 06 39 98, are unknown to it):
        // fall back on the plan's first digit, Arcep decision 2018-0881.
        guard let possible, possible.country == 33 || regions.count == 1,
              let first = possible.e164.dropFirst(possible.country == 33 ? 3 : 4).first
        else { throw .notANumber }
        switch first {
        case "6", "7": isMobile = true
        case "1"..."5", "9": isMobile = false
        default: throw .serviceNumber
        }
        e164 = possible.e164
    }

    private static func parse(
        _ text: String, region: String
    ) -> (kind: cphonenumber_kind, e164: String, country: Int32) {
        var buffer = [CChar](repeating: 0, count: 17)
        var country: Int32 = 0
        let kind = cphonenumber_parse(text, region, &buffer, &country)
        let e164 = String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        return (kind, e164, country)
    }

    /// The overseas region whose block of the national plan a ten-digit number is of, such as 0692 for La Réunion.
    /// 0639 is Mayotte's, but for 0639 98: the metropolitan range kept for fiction.
    private static func overseasRegion(dialledIn text: String) -> String? {
        let digits = text.filter { $0.isASCII && $0.isNumber }
        guard digits.count == 10, digits.hasPrefix("0") else { return nil }
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
