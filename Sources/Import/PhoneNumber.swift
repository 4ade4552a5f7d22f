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
        var buffer = [CChar](repeating: 0, count: 17)
        var country: Int32 = 0
        let kind = cphonenumber_parse(text, Self.region(ofDepartment: department), &buffer, &country)
        let e164 = String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        switch kind {
        case CPHONENUMBER_FIXED, CPHONENUMBER_VOIP: isMobile = false
        case CPHONENUMBER_MOBILE, CPHONENUMBER_FIXED_OR_MOBILE: isMobile = true
        case CPHONENUMBER_POSSIBLE:
            // The library's metadata lag behind the plan (the ranges kept for fiction, 06 39 98, are unknown to
            // it): fall back on the plan's first digit, Arcep decision 2018-0881.
            guard country == 33, let first = e164.dropFirst(3).first else { throw .notANumber }
            switch first {
            case "6", "7": isMobile = true
            case "1"..."5", "9": isMobile = false
            default: throw .serviceNumber
            }
        case CPHONENUMBER_SERVICE: throw .serviceNumber
        default: throw .notANumber
        }
        self.e164 = e164
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
