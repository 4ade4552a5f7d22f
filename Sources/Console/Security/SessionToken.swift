import Crypto
import Foundation

/// The secret in a session's cookie: 32 random bytes, written in base64url. Only its digest is ever stored.
struct SessionToken: Hashable, Sendable {
    static let byteCount = 32

    let bytes: [UInt8]

    /// A new token from the system's generator, which is cryptographically secure.
    init() {
        var generator = SystemRandomNumberGenerator()
        bytes = (0..<Self.byteCount).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    /// - Returns: nil when the text is not a token's form.
    init?(cookieValue: String) {
        // 32 bytes are 43 characters of base64url and no padding; Foundation wants the padding and the other alphabet.
        guard cookieValue.utf8.count == 43 else { return nil }
        let base64 = cookieValue.replacing("-", with: "+").replacing("_", with: "/") + "="
        guard let data = Data(base64Encoded: base64), data.count == Self.byteCount else { return nil }
        bytes = Array(data)
    }

    var cookieValue: String { Self.base64URL(bytes) }

    var digest: SessionDigest { SessionDigest(bytes: Array(SHA256.hash(data: bytes))) }

    /// What unsafe requests must repeat in a header. Derived, so that nothing more is stored, and of no use for
    /// guessing the token.
    var csrf: String {
        let code = HMAC<SHA256>.authenticationCode(for: Array("tocsin csrf".utf8), using: SymmetricKey(data: bytes))
        return Self.base64URL(Array(code))
    }

    /// Compares in constant time.
    func isCSRF(_ candidate: String) -> Bool {
        let expected = Array(csrf.utf8), given = Array(candidate.utf8)
        guard expected.count == given.count else { return false }
        return zip(expected, given).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private static func base64URL(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
