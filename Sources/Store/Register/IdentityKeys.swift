import AlertModel
import GeoModel

/// What may tell two rows for one person, as 64-bit digests: a register of a million is compared in 80 MB.
///
/// Two persons who are taken for one by the accident of a digest would have to collide in 64 bits: less than one in ten
/// million for a whole register.
package struct IdentityKeys: Sendable {
    /// Of the name's words, in any order, without accents; nil without a name.
    package let name: UInt64?
    /// Those of `contacts`, then those of `persons`: one array, since an import makes millions of them.
    private var keys: [UInt64] = []
    private let contactCount: Int

    /// Of each contact point alone.
    package var contacts: ArraySlice<UInt64> { keys[..<contactCount] }
    /// Of name and address, and of name and each contact point.
    package var persons: ArraySlice<UInt64> { keys[contactCount...] }

    package init(name: String, address: String?, commune: String?, contacts: some Collection<String>) {
        let nameKey = Self.words(name)
        self.name = nameKey == 0 ? nil : nameKey
        keys.reserveCapacity(2 * contacts.count + 1)
        for contact in contacts {
            let key = Self.digest(contact, salt: 3)
            // SMS and voice have the same number.
            if !keys.contains(key) { keys.append(key) }
        }
        contactCount = keys.count
        guard nameKey != 0 else { return }
        for index in 0..<contactCount { keys.append(Self.mixed(nameKey &+ keys[index] &* 31)) }
        if let address {
            let place = Self.words(address)
            if place != 0 {
                let town = Self.digest(commune ?? "", salt: 5)
                keys.append(Self.mixed(nameKey &* 7 &+ place &* 31 &+ town))
            }
        }
    }

    package init(_ recipient: Recipient) {
        self.init(
            name: recipient.name.value, address: recipient.addressText?.value,
            commune: recipient.communeCode?.rawValue, contacts: recipient.contactPoints.lazy.map { $0.address.value })
    }

    /// Zero for a text without words.
    package static func words(_ text: String) -> UInt64 {
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
    package static func digest(_ text: String, salt: UInt64) -> UInt64 {
        var text = text
        return text.withUTF8 { mixed($0.reduce(0xCBF2_9CE4_8422_2325 &+ salt) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }) }
    }

    /// SplitMix64's finish: every bit of the key depends on every bit of the value.
    package static func mixed(_ value: UInt64) -> UInt64 {
        var mixed = value
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
