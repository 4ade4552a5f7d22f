import Crypto

/// A word that stands for a row of the database where others can read it (a link, a return address): opaque, and not to
/// be guessed. It holds no personal data, and only the key's holder can tell what it stands for.
///
/// The row's number and its purpose are authenticated by 96 bits of an HMAC-SHA-256, and the number is hidden under a
/// second HMAC of that (the synthetic-IV construction of RFC 5297). 32 lower-case letters and digits, which survive
/// relays that change the case of an address.
package struct LinkToken: Hashable, Sendable {
    package enum Purpose: String, CaseIterable, Sendable {
        /// Of a leg: its recipient read the message.
        case acknowledgement
        /// Of a leg: its recipient wants no more information.
        case unsubscription
        /// Of an attempt: its message came back.
        case bounce
    }

    /// The number the token stands for.
    package let number: Int64
    package let purpose: Purpose

    package init(_ number: Int64, _ purpose: Purpose) {
        self.number = number
        self.purpose = purpose
    }

    private static let tagLength = 12
    private static let digits = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)
    /// In characters.
    package static let length = 32

    /// - Returns: nil when the text is no token made with this key for this purpose.
    package init?(_ text: some StringProtocol, _ purpose: Purpose, key: LinkKey) {
        guard let bytes = Self.decode(text) else { return nil }
        let tag = bytes[..<Self.tagLength]
        let mask = key.code([1] + tag)
        var value: UInt64 = 0
        for (byte, masked) in zip(bytes[Self.tagLength...], mask) { value = value << 8 | UInt64(byte ^ masked) }
        self.init(Int64(bitPattern: value), purpose)
        // Compared without telling by the time it takes where they differ.
        guard zip(self.tag(key), tag).reduce(0, { $0 | ($1.0 ^ $1.1) }) == 0 else { return nil }
    }

    package func text(key: LinkKey) -> String {
        let tag = tag(key)
        var bytes = tag
        for (byte, masked) in zip(numberBytes, key.code([1] + tag)) { bytes.append(byte ^ masked) }
        return Self.encode(bytes)
    }

    private var numberBytes: [UInt8] { withUnsafeBytes(of: UInt64(bitPattern: number).bigEndian) { Array($0) } }

    private func tag(_ key: LinkKey) -> [UInt8] {
        Array(key.code([0] + numberBytes + Array(purpose.rawValue.utf8)).prefix(Self.tagLength))
    }

    /// Base 32 (RFC 4648 §6) of 20 bytes.
    private static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        var buffer: UInt32 = 0
        var count = 0
        for byte in bytes {
            buffer = buffer << 8 | UInt32(byte)
            count += 8
            while count >= 5 {
                count -= 5
                text.append(digits[Int(buffer >> UInt32(count) & 31)])
            }
            buffer &= (1 << UInt32(count)) - 1
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func decode(_ text: some StringProtocol) -> [UInt8]? {
        guard text.utf8.count == length else { return nil }
        var bytes: [UInt8] = []
        var buffer: UInt32 = 0
        var count = 0
        for character in text.utf8 {
            let lower = (0x41...0x5A).contains(character) ? character + 0x20 : character
            guard let value = digits.firstIndex(of: lower) else { return nil }
            buffer = buffer << 5 | UInt32(value)
            count += 5
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(buffer >> UInt32(count)))
                buffer &= (1 << UInt32(count)) - 1
            }
        }
        return bytes
    }
}

/// The secret that tokens are made with: of one database, and of its backups.
package struct LinkKey: Sendable {
    /// With the key taken in: a copy of it goes on from there.
    private let start: HMAC<SHA256>

    /// In bytes.
    package static let length = 32

    /// - Returns: nil unless there are 32 bytes.
    package init?(bytes: [UInt8]) {
        guard bytes.count == Self.length else { return nil }
        start = HMAC(key: SymmetricKey(data: bytes))
    }

    /// A new one, from the system's random source.
    package static func random() -> [UInt8] {
        SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
    }

    func code(_ bytes: [UInt8]) -> [UInt8] {
        var code = start
        code.update(data: bytes)
        return Array(code.finalize())
    }
}
