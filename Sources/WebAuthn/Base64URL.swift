import Foundation

/// Base64url without padding (RFC 4648, section 5), as browsers write WebAuthn's bytes.
package enum Base64URL {
    package static func encode(_ bytes: some Sequence<UInt8>) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// - Returns: nil for another alphabet, padding, or a form that `encode` does not write.
    package static func decode(_ text: String) -> [UInt8]? {
        guard !text.utf8.contains(where: { [43, 47, 61].contains($0) }) else { return nil }
        var base64 = text.replacing("-", with: "+").replacing("_", with: "/")
        base64 += String(repeating: "=", count: (4 - base64.utf8.count % 4) % 4)
        guard let data = Data(base64Encoded: base64), encode(data) == text else { return nil }
        return Array(data)
    }
}
