import AlertModel

/// Which senders an automated system may show in France, by date.
///
/// Arcep's decisions 2018-0881 (in force on 2019-08-01) and 2022-1583 (numbering plan, in force on 2023-01-01); the
/// public-interest exceptions announced since are not in force here. Correct the table, not the code, when they are.
package enum SenderRules {
    /// The kinds the numbering plan tells apart.
    package enum Kind: String, CaseIterable, Sendable {
        case name, short
        /// Ten digits in 06 or 07, and their overseas counterparts: kept for people.
        case mobile
        /// 01 to 05, and overseas fixed lines.
        case geographic
        /// 09 that is none of the two below.
        case nonGeographic
        /// Numbers made for automated systems: the plan's “polyvalents vérifiés”.
        case verified
        /// 0937 to 0939: between technical platforms and mobile users.
        case platform
        /// Mobile numbers of more than ten digits, made for machines (0700).
        case longMobile
        /// 08: paid for by whoever calls back.
        case premium
        case foreign
    }

    /// A dated line of the table: from that day on the kind may, or may not, be shown.
    package struct Rule: Sendable {
        package let kind: Kind
        package let from: CalendarDate
        package let isAllowed: Bool
    }

    package static let table: [Rule] = [
        rule(.name, 1990, 1, 1, true), rule(.short, 1990, 1, 1, true), rule(.foreign, 1990, 1, 1, true),
        rule(.longMobile, 1990, 1, 1, true), rule(.premium, 1990, 1, 1, false),
        rule(.mobile, 1990, 1, 1, true), rule(.mobile, 2019, 8, 1, false),
        rule(.geographic, 1990, 1, 1, true), rule(.geographic, 2019, 8, 1, false),
        rule(.nonGeographic, 1990, 1, 1, true), rule(.nonGeographic, 2019, 8, 1, false),
        rule(.verified, 1990, 1, 1, true), rule(.verified, 2019, 8, 1, false), rule(.verified, 2023, 1, 1, true),
        rule(.platform, 1990, 1, 1, true), rule(.platform, 2019, 8, 1, false), rule(.platform, 2023, 1, 1, true),
    ].compactMap { $0 }

    /// - Throws: `SenderRefused` when the sender's kind may not be shown by an automated system on that day.
    package static func check(_ sender: SMSSender, on day: CalendarDate) throws(SenderRefused) {
        let kind = kind(of: sender)
        guard let rule = table.filter({ $0.kind == kind && $0.from <= day }).max(by: { $0.from < $1.from }) else {
            throw SenderRefused(kind: kind, since: nil)
        }
        if !rule.isAllowed { throw SenderRefused(kind: kind, since: rule.from) }
    }

    package static func kind(of sender: SMSSender) -> Kind {
        switch sender {
        case .name: return .name
        case .short: return .short
        case .number(let number):
            for (code, mobiles) in overseas where number.hasPrefix(code) {
                return mobiles.contains { number.dropFirst(code.count).hasPrefix($0) } ? .mobile : .geographic
            }
            guard number.hasPrefix("+33") else { return .foreign }
            return metropolitan(number.dropFirst(3))
        }
    }

    /// - Parameter digits: without the leading zero of the national form.
    private static func metropolitan(_ digits: Substring) -> Kind {
        if verifiedPrefixes.contains(where: digits.hasPrefix) { return .verified }
        if platformPrefixes.contains(where: digits.hasPrefix) { return .platform }
        switch digits.first {
        case "1", "2", "3", "4", "5": return .geographic
        case "6", "7": return digits.count > 9 ? .longMobile : .mobile
        case "8": return .premium
        default: return .nonGeographic
        }
    }

    private static let verifiedPrefixes = [
        "162", "163", "270", "271", "377", "378", "424", "425", "568", "569", "948", "949", "9475", "9476", "9477",
        "9478", "9479",
    ]
    private static let platformPrefixes = ["937", "938", "939"]
    /// Country codes and what mobile numbers start with there.
    private static let overseas: [(String, [String])] = [
        ("+262", ["692", "693", "639"]), ("+590", ["690", "691"]), ("+594", ["694"]), ("+596", ["696", "697"]),
        ("+508", ["55"]),
    ]

    private static func rule(_ kind: Kind, _ year: Int, _ month: Int, _ day: Int, _ isAllowed: Bool) -> Rule? {
        CalendarDate(year: year, month: month, day: day).map { Rule(kind: kind, from: $0, isAllowed: isAllowed) }
    }
}

/// A sender the rules do not let an automated system show. Says the kind, not the number.
package struct SenderRefused: Error, Hashable, Sendable, CustomStringConvertible {
    package let kind: SenderRules.Kind
    /// Nil when the rules never allowed it.
    package let since: CalendarDate?

    package var description: String {
        let what =
            switch kind {
            case .mobile: "a mobile number in 06 or 07 (or its overseas counterpart)"
            case .geographic: "a geographic number"
            case .nonGeographic: "a number in 09"
            case .premium: "a number in 08"
            case .verified, .platform, .longMobile, .name, .short, .foreign: "a sender of the kind \(kind.rawValue)"
            }
        return "\(what) may not be shown as the sender of automated messages"
            + (since.map { " since \($0)" } ?? "")
            + ": use a name of up to \(SMSSender.longestName) characters, a short number, or a verified number"
    }
}
