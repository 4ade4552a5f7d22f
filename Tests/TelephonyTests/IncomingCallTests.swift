import DispatchSupport
import Foundation
import Telephony
import Testing

/// Calls that a telephone which this project did not write makes to us (Scripts/peers/sip-caller.py: PJSIP).
@Suite(.serialized, .enabled(if: Caller.isThere || ProcessInfo.processInfo.environment["CI"] == "true", "PJSIP is not installed: run Scripts/test"))
struct IncomingCallTests {
    private static func settings(_ caller: Caller) throws -> TrunkSettings {
        var settings = TrunkSettings(host: "127.0.0.1", lines: 1)
        settings.port = caller.port
        settings.localPort = try SMTPPeer.freePort()
        settings.takesCalls = true
        return settings
    }

    @Test("a call is taken, its keys come, and it ends as its caller wants", .timeLimit(.minutes(1)))
    func call() async throws {
        let caller = try Caller()
        let settings = try Self.settings(caller)
        let trunk = Trunk(settings)
        try await trunk.start()
        caller.tell("call sip:tocsin@127.0.0.1:\(settings.localPort!) +33199001010")
        var arrivals = trunk.incoming.makeAsyncIterator()
        let arrival = try #require(await arrivals.next(isolation: nil))
        #expect(arrival.caller == "+33199001010")
        arrival.answer()
        var keys = ""
        let events = await arrival.call.all { event in
            switch event {
            case .answered:
                arrival.call.play([tone(seconds: 0.2)], tag: 1)
            case .played(tag: 1): caller.tell("press 12#")
            case .key(let key, _):
                keys.append(key)
                if keys == "12#" { caller.tell("hang up") }
            default: break
            }
        }
        #expect(keys == "12#" && events.contains(.answered))
        #expect(events.end?.reason == .theirs(status: nil) && events.end?.wasAnswered == true)
        await trunk.stop()
        let last = await arrivals.next(isolation: nil)
        #expect(last == nil)
    }

    @Test("whoever is not the trunk is refused, as is a call where none are taken, and one too many", .timeLimit(.minutes(1)))
    func refusals() async throws {
        let caller = try Caller()
        var settings = try Self.settings(caller)
        // The trunk would be elsewhere.
        settings.host = "127.0.0.2"
        settings.localAddress = "127.0.0.1"
        let stranger = Trunk(settings)
        try await stranger.start()
        caller.tell("call sip:tocsin@127.0.0.1:\(settings.localPort!) +33199001010")
        #expect(caller.wait(for: "ended") == "ended 403")
        await stranger.stop()

        settings = try Self.settings(caller)
        settings.takesCalls = false
        let deaf = Trunk(settings)
        try await deaf.start()
        caller.tell("call sip:tocsin@127.0.0.1:\(settings.localPort!) +33199001010")
        #expect(caller.wait(for: "ended") == "ended 480")
        await deaf.stop()

        settings = try Self.settings(caller)
        let busy = Trunk(settings)
        try await busy.start()
        caller.tell("call sip:tocsin@127.0.0.1:\(settings.localPort!) +33199001010")
        var arrivals = busy.incoming.makeAsyncIterator()
        let first = try #require(await arrivals.next(isolation: nil))
        caller.tell("call sip:tocsin@127.0.0.1:\(settings.localPort!) anonymous")
        #expect(caller.wait(for: "ended") == "ended 486")
        first.call.hangUp()
        #expect(await first.call.all().end?.wasAnswered == false)
        #expect(caller.wait(for: "ended")?.hasPrefix("ended 4") == true)
        caller.tell("call sip:tocsin@127.0.0.1:\(settings.localPort!) anonymous")
        let hidden = try #require(await arrivals.next(isolation: nil))
        #expect(hidden.caller == nil)
        await busy.stop()
    }
}

/// PJSIP as somebody's telephone.
final class Caller {
    let port: Int
    private let process: ChildProcess
    private let folder = FileManager.default.temporaryDirectory.appending(path: "caller-\(UUID())")

    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    private static let python = root.appending(path: ".build-venv/bin/python").path
    static var isThere: Bool {
        let folder = root.appending(path: ".build-venv/lib")
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return versions.contains { FileManager.default.fileExists(atPath: folder.appending(path: "\($0)/site-packages/pjsua2/__init__.py").path) }
    }

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        process = try ChildProcess([Self.python, Self.root.appending(path: "Scripts/peers/sip-caller.py").path, "--record", folder.path])
        port = try #require(Int(process.readLine() ?? ""), "the peer says its port")
    }

    func tell(_ command: String) { process.write(command + "\n") }

    /// The next line that begins with a word; nil when the peer ended.
    func wait(for word: String) -> String? {
        while let line = process.readLine() {
            if line.hasPrefix(word) { return line }
        }
        return nil
    }

    deinit {
        process.closeInput()
        _ = process.wait()
        try? FileManager.default.removeItem(at: folder)
    }
}
