import Foundation
import Telephony

/// A call led by a fax modem, which is a process of its own.
package struct FaxCall: Sendable {
    /// Twenty pages at the slowest rate that is usual, and more: something is wrong with what lasts longer.
    private static let longest = Duration.seconds(1_800)
    /// After its call, a modem has no more to do.
    private static let grace = Duration.seconds(5)
    private static let modem = "tocsin-fax"
    private static let memory = 512 << 20

    private enum Happening: Sendable {
        case call(CallEvent)
        case modemEnded
        case tooLong
    }

    /// - Parameters:
    ///   - call: just dialled.
    ///   - station: the number that the other machine shows and prints (TSI): digits, plus and blanks, 20 at most.
    /// - Throws: `FaxError` where there is no modem; the call is over then.
    package static func run(_ call: Call, _ document: FaxDocument, station: String) async throws(FaxError) -> FaxResult {
        let folder: OwnFolder
        do {
            folder = try OwnFolder()
            _ = try folder.write(document.tiff, "document.tif")
        } catch {
            call.hangUp()
            throw error
        }
        defer { folder.remove() }
        let (happenings, mouth) = AsyncStream.makeStream(of: Happening.self)
        let events = call.events
        let listener = Task {
            for await event in events { mouth.yield(.call(event)) }
        }
        let guardian = Task {
            try await Task.sleep(for: longest)
            mouth.yield(.tooLong)
        }
        defer {
            listener.cancel()
            guardian.cancel()
        }
        var modem: Program?
        var fault: FaxError?
        var end: CallEnd?
        for await happening in happenings {
            switch happening {
            case .call(.answered):
                do throws(FaxError) {
                    modem = try start(folder, station: station, on: call) { mouth.yield(.modemEnded) }
                } catch {
                    fault = error
                    call.hangUp()
                }
            case .call(.ended(let ended)):
                end = ended
                guard modem != nil else { break }
                Task {
                    try await Task.sleep(for: grace)
                    mouth.yield(.tooLong)
                }
            case .call: break
            case .modemEnded:
                modem = nil
                call.hangUp()
            case .tooLong:
                modem?.kill()
                call.hangUp()
            }
            if let end, modem == nil {
                if let fault { throw fault }
                return FaxResult(end: end, session: folder.read("result").flatMap { FaxResult.Session(String(decoding: $0, as: UTF8.self)) })
            }
        }
        preconditionFailure("a call's events end with its end")
    }

    private static func start(
        _ folder: OwnFolder, station: String, on call: Call, ended: @escaping @Sendable () -> Void
    ) throws(FaxError) -> Program {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        let path = URL(filePath: own).deletingLastPathComponent().appending(path: modem).path
        guard FileManager.default.isExecutableFile(atPath: path) else { throw FaxError(.missing, program: path) }
        let program = try Program([
            "/usr/bin/prlimit", "--as=\(memory)", "--fsize=\(1 << 20)", "--core=0", path, "\(folder.path)/document.tif", station,
            "\(folder.path)/result",
        ])
        call.bridge(to: program.input, from: program.output)
        BlockingThread.run {
            _ = program.wait()
            ended()
        }
        return program
    }
}
