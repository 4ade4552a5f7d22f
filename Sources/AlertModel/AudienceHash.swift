import Crypto

/// The SHA-256 of a frozen audience: zone, recipients, message, policy and mode. Approval and launch name it.
///
/// There is no empty hash: what was never frozen has none.
package struct AudienceHash: Hashable, Sendable, CustomStringConvertible {
    /// 64 lower-case hexadecimal digits.
    package let hexadecimal: String

    /// - Returns: nil when the text is not 64 lower-case hexadecimal digits.
    package init?(hexadecimal: String) {
        guard hexadecimal.utf8.count == 64,
            hexadecimal.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
        else { return nil }
        self.hexadecimal = hexadecimal
    }

    package init(_ digest: SHA256.Digest) {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(64)
        for byte in digest {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        hexadecimal = String(decoding: text, as: UTF8.self)
    }

    package var description: String { hexadecimal }
}

/// Ties one leg to the audience it was frozen in: 64 bits of a SHA-256 over the audience's hash, the
/// recipient's external id, the zone's verdict, the channel and the address.
///
/// The last step before a gateway computes it again. A row added or altered without going through a freeze
/// (and so through Targeting) does not match, and is not sent. 64 bits guard against mistakes of software and
/// of hand-made SQL; it is not a signature, since whoever writes the database can read the hash.
package struct LegSeal: Hashable, Sendable {
    package let rawValue: Int64

    package init(rawValue: Int64) { self.rawValue = rawValue }

    package init(
        audience: AudienceHash, externalID: String, certainty: Certainty, channel: Channel,
        address: Redacted<String>
    ) {
        rawValue = Self.digest([
            audience.hexadecimal.utf8, externalID.utf8, certainty.rawValue.utf8, channel.rawValue.utf8, address.value.utf8,
        ])
    }

    fileprivate static func digest(_ fields: [String.UTF8View]) -> Int64 {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(160)
        for field in fields {
            let count = UInt32(truncatingIfNeeded: field.count)
            withUnsafeBytes(of: count.bigEndian) { bytes.append(contentsOf: $0) }
            bytes.append(contentsOf: field)
        }
        var value: UInt64 = 0
        for byte in SHA256.hash(data: bytes).prefix(8) { value = value << 8 | UInt64(byte) }
        return Int64(bitPattern: value)
    }
}

/// Ties what fills the places of one leg's text to that leg, and through its seal to the audience: 64 bits of a SHA-256 over
/// the leg's seal and the values' stored form.
///
/// The last step before a gateway computes it again, so that nobody is called by a name that was not frozen for them. It
/// guards against the same mistakes as the leg's own seal.
package struct ValuesSeal: Hashable, Sendable {
    package let rawValue: Int64

    package init(rawValue: Int64) { self.rawValue = rawValue }

    package init(_ values: PersonalValues, of leg: LegSeal) {
        rawValue = LegSeal.digest(["values".utf8, String(leg.rawValue).utf8, values.document.utf8])
    }
}

/// What fills the places of one leg's text, with the seal it was stored with.
package struct SealedValues: Sendable {
    package let values: PersonalValues
    package let seal: ValuesSeal

    package init(_ values: PersonalValues, _ seal: ValuesSeal) {
        self.values = values
        self.seal = seal
    }
}
