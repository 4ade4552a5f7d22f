import Foundation
import GeoModel
import Glibc

/// A file that the exchange process writes, put in its place when it is whole.
enum ExchangeOutput {
    /// - Parameters:
    ///   - verb: of the exchange process, which writes the file.
    ///   - format: the word for what it writes, and the ending of the file's name.
    ///   - lines: tells it what to write, and returns how many lines came after the head.
    /// - Throws: `ImportError` for what the process failed at, and what `lines` throws; `path` is as it was then.
    static func write(
        to path: String, verb: String, format: String, lines: (inout ExchangeInput) throws -> Int
    ) throws {
        let name = URL(filePath: path).lastPathComponent
        // Beside its place, so that it can be moved there in one step.
        let folder = URL(filePath: path).deletingLastPathComponent().path
        var template = Array((folder + "/.tocsin-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else {
            throw ImportError.unwritable(file: name, reason: "nothing can be written in its folder")
        }
        let temporary = String(decoding: template.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        defer { try? FileManager.default.removeItem(atPath: temporary) }
        let file = temporary + "/whole." + format
        do {
            try ExchangeProcess(limits: .writing).run(verb, [format, file], hasInput: true) { input in
                let count = try lines(&input)
                try input.line { $0.raw(#"{"end":"#); $0.number(Double(count)); $0.raw("}") }
            } _: { _ in
                throw ExchangeProcess.Failure.crashed
            }
        } catch let failure as ExchangeProcess.Failure {
            throw ImportError.unwritable(file: name, reason: failure.reason)
        }
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        let isOnDisk = descriptor >= 0 && fsync(descriptor) == 0
        if descriptor >= 0 { close(descriptor) }
        guard isOnDisk, rename(file, path) == 0 else {
            throw ImportError.unwritable(file: name, reason: "it could not be put in its place")
        }
    }
}
