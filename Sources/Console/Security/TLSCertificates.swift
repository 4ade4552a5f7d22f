import Foundation
import NIOSSL
import Synchronization

/// The server's certificate and key, as files hold them now. New connections take the newest; those that are open keep
/// theirs.
package final class TLSCertificates: Sendable {
    private struct State {
        var context: NIOSSLContext
        var stamp: [String]
        var expiresAt: Date
    }

    private let certificatePath: String
    private let keyPath: String
    private let state: Mutex<State>

    /// - Parameters:
    ///   - certificate: a PEM file, the server's certificate first, then those that lead to its root.
    ///   - key: a PEM file that nobody but its owner may read.
    /// - Throws: `TLSFault`.
    package init(certificate: String, key: String) throws {
        certificatePath = certificate
        keyPath = key
        state = Mutex(try Self.load(certificate, key))
    }

    var current: NIOSSLContext { state.withLock { $0.context } }

    /// When the certificate ends.
    package var expiresAt: Date { state.withLock { $0.expiresAt } }

    /// Takes the files again when they are other ones than those in use.
    ///
    /// - Returns: whether they were taken.
    /// - Throws: `TLSFault`; what was in use stays.
    package func reload() throws -> Bool {
        guard try Self.stamp(certificatePath, keyPath) != state.withLock({ $0.stamp }) else { return false }
        let fresh = try Self.load(certificatePath, keyPath)
        state.withLock { $0 = fresh }
        return true
    }

    private static func load(_ certificate: String, _ key: String) throws -> State {
        // Before they are read: what is changed meanwhile is taken the next time.
        let stamp = try stamp(certificate, key)
        var status = stat()
        guard stat(key, &status) == 0 else { throw TLSFault(path: key, reason: String(cString: strerror(errno))) }
        guard status.st_mode & 0o077 == 0 else {
            throw TLSFault(path: key, reason: "others may read or write this key: `chmod 600` it, and consider it known")
        }
        let chain: [NIOSSLCertificate]
        do {
            chain = try NIOSSLCertificate.fromPEMFile(certificate)
        } catch {
            throw TLSFault(path: certificate, reason: "it holds no certificate in PEM form")
        }
        guard let first = chain.first else { throw TLSFault(path: certificate, reason: "it holds no certificate") }
        let privateKey: NIOSSLPrivateKey
        do {
            privateKey = try NIOSSLPrivateKey(file: key, format: .pem)
        } catch {
            throw TLSFault(path: key, reason: "it holds no private key in PEM form without a passphrase")
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(privateKey))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        do {
            return State(
                context: try NIOSSLContext(configuration: configuration), stamp: stamp,
                expiresAt: Date(timeIntervalSince1970: Double(first.notValidAfter)))
        } catch {
            throw TLSFault(path: key, reason: "the key is not that of the certificate in \(certificate)")
        }
    }

    /// What changes whenever a file is written or replaced.
    private static func stamp(_ paths: String...) throws -> [String] {
        try paths.map { path in
            var status = stat()
            guard stat(path, &status) == 0 else { throw TLSFault(path: path, reason: String(cString: strerror(errno))) }
            return "\(status.st_dev) \(status.st_ino) \(status.st_size) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
        }
    }
}

/// A certificate or its key can't be used.
package struct TLSFault: Error, CustomStringConvertible {
    package let path: String
    package let reason: String

    package var description: String { "\(path): \(reason)" }
}
