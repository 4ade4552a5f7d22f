import Foundation
import Telephony
import Testing

/// Whom a trunk is believed to be, over TLS.
@Suite(.serialized)
struct TrunkSecurityTests {
    @Test(
        "a certificate must be for the trunk's name, by an authority that is trusted",
        arguments: [("IP:127.0.0.1", true, true), ("DNS:ailleurs.example", true, false), ("IP:127.0.0.1", false, false)])
    func certificate(name: String, isTrusted: Bool, isBelieved: Bool) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "tocsin-trunk-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let peer = try TrunkPeer(script: "sip-tls.py", ["--folder", folder.path, "--name", name])
        var settings = peer.settings(user: nil)
        settings.transport = .tls
        if isTrusted { settings.certificateAuthorityFile = folder.appending(path: "certificate.pem").path }
        let trunk = Trunk(settings)
        try await trunk.start()
        let answer = await trunk.probe()
        #expect((answer == .status(200)) == isBelieved, "\(answer)")
        await trunk.stop()
    }

    @Test("a file of authorities that is not there opens nothing")
    func missingAuthorities() async {
        var settings = TrunkSettings(host: "127.0.0.1", lines: 5)
        settings.transport = .tls
        settings.certificateAuthorityFile = "/nowhere/authorities.pem"
        await #expect(throws: TrunkError.self) { try await Trunk(settings).start() }
    }
}
