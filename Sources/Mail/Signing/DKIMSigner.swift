import Crypto
import Foundation

/// Signs messages in a domain's name: DKIM (RFC 6376), relaxed/relaxed, `rsa-sha256` or `ed25519-sha256` (RFC 8463).
package struct DKIMSigner: Sendable {
    /// Whose signature it is, and under which name of that domain its public key is published.
    package let domain: String
    package let selector: String
    private let key: DKIMKey

    /// RFC 6376 §5.4.1's headers, as far as a message of ours has them. Those named twice cannot be added once more
    /// afterwards without breaking the signature (§5.4.2).
    private static let signed: [[UInt8]] = [
        "from", "to", "subject", "date", "message-id", "mime-version", "content-type", "content-language", "auto-submitted",
        "list-unsubscribe", "list-unsubscribe-post",
    ].map { Array($0.utf8) }
    private static let sealed = ["from", "to", "subject", "date", "message-id", "content-type", "reply-to", "cc"]
        .map { Array($0.utf8) }

    /// - Parameter selector: letters, digits, hyphens and dots.
    /// - Throws: `MailError.signature`.
    package init(domain: String, selector: String, key: DKIMKey) throws(MailError) {
        guard Self.isName(domain), Self.isName(selector) else {
            throw MailError(.signature, "the DKIM domain or selector is not a domain name: correct TOCSIN_DKIM, or \"dkim\" in "
                + "the gateways' file")
        }
        self.domain = domain.lowercased()
        self.selector = selector.lowercased()
        self.key = key
    }

    /// The TXT record to be published, as a zone file writes it: strings of at most 255 characters.
    package var record: (name: String, value: String) {
        let text = "v=DKIM1; k=\(key.algorithm.recordName); h=sha256; p=\(key.publicKey)"
        var strings: [Substring] = []
        var rest = Substring(text)
        while !rest.isEmpty {
            strings.append(rest.prefix(250))
            rest = rest.dropFirst(250)
        }
        return ("\(selector)._domainkey.\(domain)", strings.map { "\"\($0)\"" }.joined(separator: " "))
    }

    /// The signature's header, to be put before the others.
    ///
    /// - Parameters:
    ///   - header: lines that end in CRLF, folded ones too.
    ///   - bodyHash: of the body in its relaxed form.
    /// - Throws: `MailError.signature` when the key refuses.
    func signature(over header: [UInt8], bodyHash: SHA256.Digest, atSeconds: Int64) throws(MailError) -> [UInt8] {
        let relaxed = RelaxedHeader(header)
        let names = relaxed.names(among: Self.signed) + Self.sealed
        var tags = Array("v=1; a=\(key.algorithm.rawValue); c=relaxed/relaxed; d=\(domain); s=\(selector); t=\(atSeconds);\r\n h=".utf8)
        tags += names.joined(separator: Self.nameSeparator)
        tags += ";\r\n bh=\(Data(bodyHash).base64EncodedString());\r\n b=".utf8
        // §5.4.2: from the last of a name upwards; one name more than there are signs that there is none.
        var hash = SHA256()
        hash.update(data: relaxed.lines(named: names))
        hash.update(data: RelaxedHeader.field(named: Self.ownName, tags))
        let signature = Array(try key.sign(hash.finalize()).base64EncodedString().utf8)
        var output = Self.ownName + [0x3A, 0x20] + tags
        for start in stride(from: 0, to: signature.count, by: 72) {
            if start > 0 { output += Self.fold }
            output += signature[start..<min(start + 72, signature.count)]
        }
        return output + [0x0D, 0x0A]
    }

    private static let ownName = Array("DKIM-Signature".utf8)
    private static let fold = Array("\r\n  ".utf8)
    private static let nameSeparator = Array(":\r\n  ".utf8)

    /// RFC 6376 §3.4.4, but for empty lines at the end, which no body of ours has: blanks at the end of a line go, others
    /// become one.
    static func canonicalBody(_ bytes: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var isAfterBlank = false
        for byte in bytes {
            if byte == 0x20 || byte == 0x09 {
                isAfterBlank = true
                continue
            }
            if isAfterBlank, byte != 0x0D { output.append(0x20) }
            isAfterBlank = false
            output.append(byte)
        }
        return output
    }

    private static func isName(_ text: String) -> Bool {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        return text.utf8.count <= 200 && labels.allSatisfy { label in
            (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
                && label.utf8.allSatisfy { byte in
                    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                        || byte == 0x2D || byte == 0x5F
                }
        }
    }
}
