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
    private static let signed: Set<String> = [
        "from", "to", "subject", "date", "message-id", "mime-version", "content-type", "content-language", "auto-submitted",
        "list-unsubscribe", "list-unsubscribe-post",
    ]
    private static let sealed = ["from", "to", "subject", "date", "message-id", "content-type", "reply-to", "cc"]

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
    func signature(over header: String, bodyHash: SHA256.Digest, atSeconds: Int64) throws(MailError) -> String {
        let fields = Self.fields(header)
        let present = fields.map(\.name).filter(Self.signed.contains)
        let names = present + Self.sealed
        let bodyText = Data(bodyHash).base64EncodedString()
        let tags = "v=1; a=\(key.algorithm.rawValue); c=relaxed/relaxed; d=\(domain); s=\(selector); t=\(atSeconds);\r\n "
            + "h=\(names.joined(separator: ":\r\n  "));\r\n bh=\(bodyText);\r\n b="
        // §5.4.2: from the last of a name upwards; one name more than there are signs that there is none.
        var canonical = ""
        var left = fields
        for name in names {
            guard let index = left.lastIndex(where: { $0.name == name }) else { continue }
            canonical += left.remove(at: index).canonical + "\r\n"
        }
        canonical += Self.canonical(name: "dkim-signature", value: tags)
        let signature = try key.sign(SHA256.hash(data: Array(canonical.utf8)))
        var lines: [Substring] = []
        var rest = Substring(signature.base64EncodedString())
        while !rest.isEmpty {
            lines.append(rest.prefix(72))
            rest = rest.dropFirst(72)
        }
        return "DKIM-Signature: \(tags)\(lines.joined(separator: "\r\n  "))\r\n"
    }

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

    private struct Field {
        let name: String
        let canonical: String
    }

    private static func fields(_ header: String) -> [Field] {
        var fields: [Field] = []
        var current = ""
        func take() {
            guard let colon = current.firstIndex(of: ":") else { return }
            let name = current[..<colon].lowercased()
            fields.append(Field(name: name, canonical: canonical(name: name, value: String(current[current.index(after: colon)...]))))
        }
        for line in header.split(separator: "\r\n") {
            if line.first == " " || line.first == "\t" {
                current += line
            } else {
                take()
                current = String(line)
            }
        }
        take()
        return fields
    }

    /// §3.4.2: one line, runs of blanks become one, none around the colon nor at the end.
    private static func canonical(name: String, value: String) -> String {
        var output: [UInt8] = Array((name + ":").utf8)
        let start = output.count
        var isAfterBlank = false
        for byte in value.utf8 where byte != 0x0D && byte != 0x0A {
            if byte == 0x20 || byte == 0x09 {
                isAfterBlank = true
            } else {
                if isAfterBlank, output.count > start { output.append(0x20) }
                isAfterBlank = false
                output.append(byte)
            }
        }
        return String(decoding: output, as: UTF8.self)
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
