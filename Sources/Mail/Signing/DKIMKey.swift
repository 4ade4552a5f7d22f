import Crypto
import CryptoExtras
import Foundation

/// The private key of a DKIM signature, from a file in PEM: RSA of 2,048 bits or more, or Ed25519.
package struct DKIMKey: Sendable {
    enum Algorithm: String {
        case rsa = "rsa-sha256"
        case ed25519 = "ed25519-sha256"

        /// RFC 6376 §3.6.1 `k=`.
        var recordName: String { self == .rsa ? "rsa" : "ed25519" }
    }

    private enum Key: Sendable {
        case rsa(_RSA.Signing.PrivateKey)
        case ed25519(Curve25519.Signing.PrivateKey)
    }

    private let key: Key

    /// A key file is a few kilobytes.
    private static let fileLimit = 64 << 10
    /// PKCS #8 of an Ed25519 key (RFC 8410 §7), before its 32 bytes.
    private static let ed25519Prefix: [UInt8] = [
        0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
    ]

    /// - Throws: `MailError.signature` when the file cannot be read, others than its owner and group may read or write
    ///   it, or it holds no such key. The description names the file, never what is in it.
    package init(path: String) throws(MailError) {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= Self.fileLimit,
            let bytes = FileManager.default.contents(atPath: path)
        else { throw MailError(.signature, "the DKIM key file \(path) cannot be read") }
        guard status.st_mode & 0o027 == 0 else {
            throw MailError(.signature, "the DKIM key file \(path) is open to others: `chmod 600` it")
        }
        do {
            try self.init(pem: String(decoding: bytes, as: UTF8.self))
        } catch {
            throw MailError(.signature, "\(path): \(error.description)")
        }
    }

    /// - Throws: `MailError.signature`.
    package init(pem: String) throws(MailError) {
        let base64 = pem.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("-----") }.joined()
        if let der = Data(base64Encoded: base64), der.count == Self.ed25519Prefix.count + 32,
            der.starts(with: Self.ed25519Prefix), let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: der.suffix(32))
        {
            self.key = .ed25519(key)
        } else if let key = try? _RSA.Signing.PrivateKey(pemRepresentation: pem) {
            self.key = .rsa(key)
        } else {
            throw MailError(
                .signature, "a DKIM key is a PEM file of an RSA key of 2,048 bits or more, or of an Ed25519 key: make one with "
                    + "`openssl genrsa -out FILE 2048`")
        }
    }

    var algorithm: Algorithm {
        switch key {
        case .rsa: .rsa
        case .ed25519: .ed25519
        }
    }

    /// `p=` of the DNS record, in base64: RFC 6376 §3.6.1, RFC 8463 §4.
    var publicKey: String {
        switch key {
        case .rsa(let key): key.publicKey.derRepresentation.base64EncodedString()
        case .ed25519(let key): key.publicKey.rawRepresentation.base64EncodedString()
        }
    }

    func sign(_ digest: SHA256.Digest) throws(MailError) -> Data {
        do {
            switch key {
            case .rsa(let key): return try key.signature(for: digest, padding: .insecurePKCS1v1_5).rawRepresentation
            // RFC 8463 §3: the hash is what is signed.
            case .ed25519(let key): return try key.signature(for: Data(digest))
            }
        } catch {
            throw MailError(.signature, "the DKIM key refused to sign")
        }
    }
}
