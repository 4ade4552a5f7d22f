import Foundation
import Synchronization
import Testing

/// SMTP servers the project did not write, run on loopback for one test.
package final class SMTPPeer {
    package static let smtpSink = ["/usr/sbin/smtp-sink", "/usr/local/sbin/smtp-sink"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }
    /// A Python that has aiosmtpd: `TOCSIN_PEER_PYTHON` names it, the scripts' own environment is the default.
    package static let python: String? = {
        let own = checkout.appending(path: ".build-venv/bin/python").path
        let path =
            ProcessInfo.processInfo.environment["TOCSIN_PEER_PYTHON"]
            ?? (FileManager.default.isExecutableFile(atPath: own) ? own : "python3")
        return (try? ChildProcess([path, "-c", "import aiosmtpd"]))?.wait() == 0 ? path : nil
    }()
    private static let checkout = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    private static let isCI = ProcessInfo.processInfo.environment["CI"] == "true"

    /// Conditions for `.enabled(if:)`: true under CI even when the tool is missing, so that the test fails there.
    package static var expectsSink: Bool { smtpSink != nil || isCI }
    package static var expectsRelay: Bool { python != nil || isCI }
    package static let sinkReason: Comment = "no smtp-sink: install Debian's postfix (no daemon is needed)"
    package static let relayReason: Comment = "no aiosmtpd: pip install it and name the Python in TOCSIN_PEER_PYTHON"

    package let port: Int
    private let folder: URL
    private let process: ChildProcess

    /// Postfix's smtp-sink, with its misbehaviour as options; messages are dumped into `dump`.
    /// - Parameter port: where an earlier peer listened; nil for a free one.
    package init(sink options: [String], port: Int? = nil) throws {
        let sink = try #require(Self.smtpSink, Self.sinkReason)
        folder = try Self.makeFolder()
        self.port = try port ?? Self.freePort()
        // It insists on an unprivileged user, who then must be able to write.
        let isRoot = getuid() == 0
        if isRoot { _ = chmod(folder.path, 0o777) }
        process = try ChildProcess(
            [sink] + (isRoot ? ["-u", "nobody"] : []) + options
                + ["-D", folder.appending(path: "dump").path, "127.0.0.1:\(self.port)", "100"])
        try awaitPort()
    }

    /// The relay of Scripts/peers, with STARTTLS and a password where asked.
    package init(relay options: [String]) throws {
        let python = try #require(Self.python, Self.relayReason)
        folder = try Self.makeFolder()
        let script = Self.checkout.appending(path: "Scripts/peers/smtp-relay.py")
        process = try ChildProcess([python, script.path, "--log", folder.appending(path: "log").path] + options)
        let line = process.readSome()
        port = try #require(Int(line.split(separator: "\n").first ?? ""), "the relay says its port")
    }

    deinit {
        process.end()
        try? FileManager.default.removeItem(at: folder)
    }

    /// What smtp-sink dumped.
    package func dump() throws -> String { try read("dump") }

    /// What the relay took, one JSON object a message.
    package func log() throws -> [Taken] {
        try read("log").split(separator: "\n").map { try JSONDecoder().decode(Taken.self, from: Data($0.utf8)) }
    }

    package struct Taken: Decodable {
        package let from: String
        package let to: [String]
        package let tls: Bool
        package let authenticated: Bool?
        package let content: String
    }

    /// A certificate for localhost and its key, signed by itself.
    package static func certificate() throws -> (certificate: String, key: String) {
        let folder = try makeFolder()
        let certificate = folder.appending(path: "certificate.pem").path
        let key = folder.appending(path: "key.pem").path
        let openssl = try ChildProcess([
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
            "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out",
            certificate,
        ])
        try #require(openssl.wait() == 0)
        return (certificate, key)
    }

    private func read(_ name: String) throws -> String {
        // The peer's bytes may be any.
        guard let data = FileManager.default.contents(atPath: folder.appending(path: name).path) else { return "" }
        return String(decoding: data, as: UTF8.self)
    }

    private static func makeFolder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appending(path: "tocsin-peer-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    /// The ports handed out so far: none twice, and below those that the kernel gives to connections, which would take one in
    /// the moment before its server listens.
    private static let next = Atomic(21_000 + Int(getpid()) % 5_000)

    /// A port where nobody listens.
    package static func freePort() throws -> Int {
        for _ in 0..<200 {
            let port = next.add(1, ordering: .relaxed).oldValue
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(descriptor) }
            var address = loopback(port: port)
            let status = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            if status == 0 { return port }
        }
        throw ChildProcess.Failure(code: EADDRINUSE)
    }

    /// Waits until the peer listens.
    private func awaitPort() throws {
        for _ in 0..<4_000 {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(descriptor) }
            var address = Self.loopback(port: port)
            let status = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            if status == 0 { return }
            usleep(5_000)
        }
        Issue.record("smtp-sink does not listen")
    }

    private static func loopback(port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }
}
