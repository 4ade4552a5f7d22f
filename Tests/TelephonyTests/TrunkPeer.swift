import DispatchSupport
import Foundation
import Telephony
import Testing

/// SIPp as a trunk (Scripts/peers/sip-trunk.py): what the called number's last two digits say is what happens.
struct TrunkPeer: ~Copyable {
    let port: Int
    private let process: ChildProcess

    static var isMissing: Bool { !FileManager.default.isExecutableFile(atPath: "/usr/bin/sipp") }

    init(_ words: String...) throws { try self.init(script: "sip-trunk.py", words) }

    /// Another peer of `Scripts/peers`, which prints its port and ends when its standard input does.
    init(script name: String, _ words: [String]) throws {
        let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Scripts/peers/\(name)")
        let process = try ChildProcess(["/usr/bin/python3", script.path] + words)
        port = try #require(Int(process.readLine() ?? ""), "the peer says its port")
        self.process = process
    }

    /// It ends what it started itself.
    deinit {
        process.closeInput()
        _ = process.wait()
    }

    func settings(user: String? = "mairie", password: String = "secret", registers: Bool = false) -> TrunkSettings {
        var settings = TrunkSettings(host: "127.0.0.1", lines: 50)
        settings.port = port
        settings.account = user.map { TrunkSettings.Account(user: $0, password: password, registers: registers) }
        return settings
    }
}

extension Call {
    /// Everything that happens, with what is done about it.
    func all(_ react: (CallEvent) -> Void = { _ in }) async -> [CallEvent] {
        var told: [CallEvent] = []
        for await event in events {
            told.append(event)
            react(event)
        }
        return told
    }
}

extension [CallEvent] {
    var end: CallEnd? {
        if case .ended(let end)? = last { end } else { nil }
    }

    var keys: String { String(compactMap { if case .key(let key, isHeard: false) = $0 { key } else { nil } }) }
}

/// A second of a tone of 425 Hz.
func tone(seconds: Double = 1) -> CallAudio {
    let samples = (0..<Int(seconds * 8000)).map { UInt8(clamping: 0xD5 ^ ($0 % 19 < 9 ? 0x20 : 0xA0)) }
    return CallAudio(aLaw: samples)!
}
