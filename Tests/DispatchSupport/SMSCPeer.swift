import Foundation
import Testing

/// An SMSC on loopback for one test, or a proxy in front of one: see Scripts/peers.
package final class SMSCPeer {
    package enum Kind: String, CaseIterable, Sendable {
        /// The project's own, which does what no library would.
        case scripted = "smsc-scripted.py"
        /// Those the project did not write.
        case smpp34 = "smsc-smpp34.py"
        case netSMPP = "smsc-netsmpp.pl"
    }

    private static let checkout = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    private static let isCI = ProcessInfo.processInfo.environment["CI"] == "true"
    private static let python: String = {
        let own = checkout.appending(path: ".build-venv/bin/python").path
        return FileManager.default.isExecutableFile(atPath: own) ? own : "python3"
    }()
    private static let present: Set<Kind> = {
        var found: Set<Kind> = [.scripted]
        if (try? ChildProcess([python, "-c", "import smpp34"]))?.wait() == 0 { found.insert(.smpp34) }
        if (try? ChildProcess(["perl", "-MNet::SMPP", "-e", "1"]))?.wait() == 0 { found.insert(.netSMPP) }
        return found
    }()

    /// Those that can be started here; under CI all, so that a missing one fails.
    package static let expected: [Kind] = isCI ? Kind.allCases : Kind.allCases.filter(present.contains)

    package let port: Int
    private let folder: URL
    private let process: ChildProcess

    package init(_ kind: Kind, _ options: [String] = []) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "smsc-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let script = Self.checkout.appending(path: "Scripts/peers/\(kind.rawValue)").path
        process = try ChildProcess(
            [kind == .netSMPP ? "perl" : Self.python, script, "--log", folder.appending(path: "log").path] + options)
        port = try Self.port(of: process)
    }

    /// A provider's HTTP interface instead: `plain`, `twilio` or `ovh`, see Scripts/peers/sms-provider.py.
    package init(provider dialect: String, _ options: [String] = []) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "provider-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let script = Self.checkout.appending(path: "Scripts/peers/sms-provider.py").path
        process = try ChildProcess(
            [Self.python, script, "--speaks", dialect, "--log", folder.appending(path: "log").path] + options)
        port = try Self.port(of: process)
    }

    /// A proxy in front of a peer.
    package init(before peer: SMSCPeer, _ options: [String]) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "proxy-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let script = Self.checkout.appending(path: "Scripts/peers/tcp-proxy.py").path
        process = try ChildProcess([Self.python, script, "--to", String(peer.port)] + options)
        port = try Self.port(of: process)
    }

    private static func port(of process: ChildProcess) throws -> Int {
        let line = process.readSome()
        return try #require(Int(line.split(separator: "\n").first ?? ""), "the peer says its port")
    }

    deinit {
        process.end()
        try? FileManager.default.removeItem(at: folder)
    }

    /// What the peer noted, one JSON object an event; submissions are those with a `to`.
    package func log() throws -> [Line] {
        let file = folder.appending(path: "log")
        guard let data = try? Data(contentsOf: file) else { return [] }
        return try data.split(separator: UInt8(ascii: "\n")).map { try JSONDecoder().decode(Line.self, from: $0) }
    }

    package func submissions() throws -> [Line] { try log().filter { $0.to != nil } }

    package struct Line: Decodable, Sendable {
        package let to: String?
        package let from: String?
        package let status: Int?
        package let esm: UInt8?
        package let dcs: UInt8?
        package let octets: String?
        package let source: [Int]?
        package let registered: Int?
        package let validity: String?
        package let at: Double?
        package let enquired: Int?
        package let unbound: Int?
        package let acknowledged: Int?

        package var bytes: [UInt8] {
            let digits = Array(octets ?? "")
            return stride(from: 0, to: digits.count - 1, by: 2).compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) }
        }
    }
}
