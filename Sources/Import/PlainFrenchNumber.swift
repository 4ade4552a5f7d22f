import Synchronization

/// A metropolitan number written plainly (0612345678, 06 12 34 56 78, 06.12…, +33 6…): nearly all there are in a
/// register.
///
/// The library takes some ten microseconds a number, most of them in regular expressions. What it says depends on the
/// number's first digits alone, so each block of ten thousand numbers is asked about once. A test holds the two
/// readings together.
struct PlainFrenchNumber {
    /// The nine digits after 0 or +33.
    private let significant: String
    /// The first five of them as a number.
    private let block: Int

    /// - Returns: nil for whatever else there may be: other signs, another country, an overseas block.
    init?(_ text: String) {
        var digits: (UInt64, count: Int) = (0, 0)
        var hasPlus = false
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39:
                // 00 33 and nine more are the most.
                guard digits.count < 13 else { return nil }
                digits = (digits.0 * 10 + UInt64(byte - 0x30), digits.count + 1)
            case UInt8(ascii: "+") where digits.count == 0 && !hasPlus: hasPlus = true
            case UInt8(ascii: " "), UInt8(ascii: "."), UInt8(ascii: "-"):
                guard digits.count > 0 else { return nil }
            default: return nil
            }
        }
        // Ten digits from 0, or 33 and nine after + or 00: leading zeros are seen by the count.
        let national: UInt64
        switch (hasPlus, digits.count, digits.0) {
        case (false, 10, 100_000_000...999_999_999): national = digits.0
        case (true, 11, 33_100_000_000...33_999_999_999), (false, 13, 33_100_000_000...33_999_999_999):
            national = digits.0 - 33_000_000_000
        default: return nil
        }
        // The overseas blocks of the national plan have countries of their own, and 08 is not worth a short cut.
        // 06 39 98 is kept for fiction in the midst of Mayotte's.
        if !hasPlus, digits.count == 10, national / 10_000 != 63_998 {
            switch national / 1_000_000 {
            case 262, 263, 269, 508, 590, 594, 596, 639, 690, 691, 692, 693, 694, 696, 697: return nil
            default: break
            }
        }
        significant = String(national)
        block = Int(national / 10_000)
    }

    func number() throws(PhoneNumber.Refusal) -> PhoneNumber {
        let known = Self.blocks.withLock { $0[block] }
        switch known {
        case .fixed: return PhoneNumber(e164: "+33" + significant, isMobile: false)
        case .mobile: return PhoneNumber(e164: "+33" + significant, isMobile: true)
        case .unknownFixed: return PhoneNumber(e164: "+33" + significant, isMobile: false, isOfUnknownRange: true)
        case .unknownMobile: return PhoneNumber(e164: "+33" + significant, isMobile: true, isOfUnknownRange: true)
        case .service: throw .serviceNumber
        case .notANumber: throw .notANumber
        case .notAsked: break
        }
        do throws(PhoneNumber.Refusal) {
            let number = try PhoneNumber(slowly: "+33" + significant, region: "FR")
            let verdict: Verdict = switch (number.isMobile, number.isOfUnknownRange) {
            case (false, false): .fixed
            case (true, false): .mobile
            case (false, true): .unknownFixed
            case (true, true): .unknownMobile
            }
            Self.blocks.withLock { $0[block] = verdict }
            return number
        } catch {
            let verdict: Verdict = error == .serviceNumber ? .service : .notANumber
            Self.blocks.withLock { $0[block] = verdict }
            throw error
        }
    }

    private enum Verdict: UInt8 {
        case notAsked, fixed, mobile, unknownFixed, unknownMobile, service, notANumber
    }

    /// What the library says of each block, once asked: 100 kB.
    private static let blocks = Mutex([Verdict](repeating: .notAsked, count: 100_000))
}
