import Crypto
import Foundation

/// Time-based one-time codes (RFC 6238, over HMAC-SHA-1 as every authenticator application does).
package enum OneTimeCode {
    /// RFC 6238, section 5.2: the default step.
    package static let stepSeconds: Int64 = 30
    package static let digits = 6
    /// Of a recovery code, 80 bits in Base 32.
    package static let recoveryLetters = 16
    /// RFC 4226, section 4, requirement 6: 160 bits are recommended.
    package static let secretBytes = 20
    /// Steps before and after the present one that are accepted: clocks differ, and typing takes time.
    static let window: Int64 = 1

    package static func step(at moment: Date) -> Int64 {
        Int64((moment.timeIntervalSince1970 / Double(stepSeconds)).rounded(.down))
    }

    /// A code, of the authenticator or for recovery, without the spaces and hyphens that people type.
    package static func plain(_ given: String) -> String {
        given.filter { !$0.isWhitespace && $0 != "-" }
    }

    /// RFC 4226, section 5.3, with the step as counter.
    package static func code(secret: [UInt8], step: Int64, digits: Int = digits) -> String {
        let counter = (0..<8).reversed().map { UInt8(truncatingIfNeeded: step >> ($0 * 8)) }
        let hash = Array(HMAC<Insecure.SHA1>.authenticationCode(for: counter, using: SymmetricKey(data: secret)))
        let offset = Int(hash[hash.count - 1] & 0x0f)
        let number = hash[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7fff_ffff
        var power = 1
        for _ in 0..<digits { power *= 10 }
        let text = String(Int(number) % power)
        return String(repeating: "0", count: digits - text.count) + text
    }

    /// The step whose code this is, near a moment and after the last one that was used: no code serves twice.
    package static func step(of given: String, secret: [UInt8], at moment: Date, after last: Int64?) -> Int64? {
        let given = Array(given.utf8)
        guard given.count == digits else { return nil }
        let now = step(at: moment)
        // All are compared, whatever matches: the time taken tells nothing.
        return (now - window...now + window).reduce(nil as Int64?) { found, step in
            let expected = Array(code(secret: secret, step: step).utf8)
            let differs = zip(expected, given).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } != 0
            return !differs && step > (last ?? .min) ? step : found
        }
    }

    package static func newSecret() -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<secretBytes).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    /// The secret as an authenticator takes it in: `otpauth://totp/…`, which a QR code carries.
    package static func address(secret: [UInt8], user: String, issuer: String) -> String {
        // Only unreserved characters: applications differ in what they unescape.
        let plain = CharacterSet(charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
        let name = user.addingPercentEncoding(withAllowedCharacters: plain) ?? "compte"
        let issuer = issuer.addingPercentEncoding(withAllowedCharacters: plain) ?? "Tocsin"
        return "otpauth://totp/\(issuer):\(name)?secret=\(Base32.encode(secret))&issuer=\(issuer)&algorithm=SHA1"
            + "&digits=\(digits)&period=\(stepSeconds)"
    }
}

/// RFC 4648, section 6, without padding.
package enum Base32 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

    package static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        var buffer: UInt32 = 0
        var bits = 0
        for byte in bytes {
            buffer = buffer << 8 | UInt32(byte)
            bits += 8
            while bits >= 5 {
                bits -= 5
                text.append(alphabet[Int(buffer >> bits & 31)])
            }
        }
        if bits > 0 { text.append(alphabet[Int(buffer << (5 - bits) & 31)]) }
        return String(decoding: text, as: UTF8.self)
    }
}
