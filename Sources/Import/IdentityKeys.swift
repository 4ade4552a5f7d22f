import AlertModel
import GeoModel
import Store

/// What may tell two rows for one person, as 64-bit digests: a register of a million is compared in 80 MB.
///
/// Two persons who are taken for one by the accident of a digest would have to collide in 64 bits: less than one in ten
/// million for a whole register.
struct IdentityKeys: Sendable {
    /// Of the name's words, in any order, without accents; nil without a name.
    let name: UInt64?
    /// Of name and address, and of name and each contact point.
    private(set) var persons: [UInt64] = []
    /// Of each contact point alone.
    private(set) var contacts: [UInt64] = []

    init(name: String, address: String?, commune: String?, contacts: [String]) {
        let nameKey = Self.words(name)
        self.name = nameKey == 0 ? nil : nameKey
        var seen: UInt64 = 0
        for contact in contacts {
            let key = Self.digest(contact.utf8, salt: 3)
            // SMS and voice have the same number.
            guard key != seen, !self.contacts.contains(key) else { continue }
            seen = key
            self.contacts.append(key)
            if nameKey != 0 { persons.append(Self.mixed(nameKey &+ key &* 31)) }
        }
        if nameKey != 0, let address {
            let place = Self.words(address)
            if place != 0 {
                let town = Self.digest((commune ?? "").utf8, salt: 5)
                persons.append(Self.mixed(nameKey &* 7 &+ place &* 31 &+ town))
            }
        }
    }

    init(_ recipient: Recipient) {
        self.init(
            name: recipient.name.value, address: recipient.addressText?.value,
            commune: recipient.communeCode?.rawValue, contacts: recipient.contactPoints.map(\.address.value))
    }

    /// Zero for a text without words.
    static func words(_ text: String) -> UInt64 {
        words(text, isFolded: false) ?? words(FoldedName(text).text, isFolded: true) ?? 0
    }

    /// The letters of U+00C0 to U+00FF without their accents, as `FoldedName` has them; a zero for what it treats
    /// otherwise. Nearly all accents of French names.
    private static let latin: [UInt8] = Array(
        "aaaaaa\u{0}ceeeeiiii\u{0}nooooo\u{0}\u{0}uuuuy\u{0}\u{0}aaaaaa\u{0}ceeeeiiii\u{0}nooooo\u{0}\u{0}uuuuy\u{0}y".utf8)

    /// Nil for a text with other letters than those of Latin-1.
    private static func words(_ text: String, isFolded: Bool) -> UInt64? {
        var sum: UInt64 = 0
        var word: UInt64 = 0
        func end() {
            if word != 0 { sum &+= mixed(word) | 1 }
            word = 0
        }
        var isLatin = false
        for byte in text.utf8 {
            if isLatin {
                guard (0x80...0xBF).contains(byte), latin[Int(byte) - 0x80] != 0 else { return nil }
                word = (word ^ UInt64(latin[Int(byte) - 0x80])) &* 0x100_0000_01B3 | 1
                isLatin = false
                continue
            }
            switch byte {
            case 0xC3 where !isFolded: isLatin = true
            case 0x80... where !isFolded: return nil
            case 0x80...: word = (word ^ UInt64(byte)) &* 0x100_0000_01B3 | 1
            case 0x61...0x7A, 0x30...0x39: word = (word ^ UInt64(byte)) &* 0x100_0000_01B3 | 1
            case 0x41...0x5A: word = (word ^ UInt64(byte + 0x20)) &* 0x100_0000_01B3 | 1
            default: end()
            }
        }
        end()
        return sum
    }

    /// FNV-1a, mixed.
    static func digest(_ bytes: some Sequence<UInt8>, salt: UInt64) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325 &+ salt
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return mixed(hash)
    }

    /// SplitMix64's finish: every bit of the key depends on every bit of the value.
    private static func mixed(_ value: UInt64) -> UInt64 {
        var mixed = value
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// An external identifier as 128 bits: which ones a file has had is remembered for a million rows.
struct IdentifierKey: Hashable, Sendable {
    private let high: UInt64
    private let low: UInt64

    /// Half of it is spread as well as all of it.
    func hash(into hasher: inout Hasher) { hasher.combine(low) }

    init(_ identifier: String) {
        high = IdentityKeys.digest(identifier.utf8, salt: 11)
        low = IdentityKeys.digest(identifier.utf8.reversed(), salt: 13)
    }
}
