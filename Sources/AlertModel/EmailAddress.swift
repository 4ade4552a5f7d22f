/// A mailbox's address that may stand in a register, an SMTP command and a header: ASCII, no quoting, no comments. Its
/// domain is in lower case.
///
/// Stricter than RFC 5321: quoted local parts, address literals and internationalised addresses (RFC 6531) are refused
/// (an internationalised domain is given in its `xn--` form). In a register they are typing mistakes, and what a
/// relay would do with them is not known.
package struct EmailAddress: Hashable, Sendable {
    package let text: String

    /// RFC 5321 §4.5.3.1: 64 octets before the at sign, 254 for the path without its brackets, 63 a label.
    private static let localLimit = 64
    private static let limit = 254
    private static let labelLimit = 63

    /// - Returns: nil for what is no such address.
    package init?(_ text: String) {
        var text = text
        let read = text.withUTF8 { bytes -> (isAddress: Bool, lowered: String?) in
            guard bytes.count <= Self.limit, let at = bytes.firstIndex(of: UInt8(ascii: "@")),
                  at <= Self.localLimit, Self.isDotAtom(bytes[..<at]), Self.isDomain(bytes[(at + 1)...])
            else { return (false, nil) }
            guard bytes[(at + 1)...].contains(where: { (0x41...0x5A).contains($0) }) else { return (true, nil) }
            let domain = bytes[(at + 1)...].map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }
            return (true, String(decoding: bytes[...at] + domain, as: UTF8.self))
        }
        guard read.isAddress else { return nil }
        self.text = read.lowered ?? text
    }

    package var domain: Substring { text[(text.firstIndex(of: "@").map { text.index(after: $0) } ?? text.startIndex)...] }

    /// Whether the domain has the form of one that mail can be sent to from elsewhere: two labels or more, the last of
    /// them no number (RFC 3696 §2). `localhost` has not.
    package var hasPublicDomain: Bool {
        var count = 0
        var isNumber = true
        for byte in text.utf8.reversed() {
            if byte == UInt8(ascii: ".") { return count >= 2 && !isNumber }
            if byte == UInt8(ascii: "@") { return false }
            count += 1
            isNumber = isNumber && (0x30...0x39).contains(byte)
        }
        return false
    }

    /// RFC 5322 §3.2.3.
    private static func isDotAtom(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        var isAtomEmpty = true
        for byte in bytes {
            if byte == UInt8(ascii: ".") {
                if isAtomEmpty { return false }
                isAtomEmpty = true
            } else {
                guard isAlphanumeric(byte) || isAtomMark(byte) else { return false }
                isAtomEmpty = false
            }
        }
        return !isAtomEmpty
    }

    private static func isDomain(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        var labelCount = 0
        var last = UInt8(ascii: ".")
        for byte in bytes {
            if byte == UInt8(ascii: ".") {
                guard labelCount > 0, last != UInt8(ascii: "-") else { return false }
                labelCount = 0
            } else {
                labelCount += 1
                guard labelCount <= labelLimit, isAlphanumeric(byte) || byte == UInt8(ascii: "-") && labelCount > 1 else {
                    return false
                }
            }
            last = byte
        }
        return labelCount > 0 && last != UInt8(ascii: "-")
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    /// The marks an atom may hold besides letters and digits: ! # $ % & ' * + - / = ? ^ _ ` { | } ~
    private static func isAtomMark(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2F, 0x3D, 0x3F, 0x5E...0x60, 0x7B...0x7E: true
        default: false
        }
    }
}
