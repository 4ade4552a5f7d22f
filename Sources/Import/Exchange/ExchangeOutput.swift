import Foundation
import GeoModel
import Glibc

/// A file that the exchange process has written, whole, beside its place: it appears there when it is committed, or never.
package final class ExchangeOutput {
    private let path: String
    private let name: String
    /// Beside the file's place, so that it can be moved there in one step.
    private let folder: String
    private let file: String

    /// Has the file written.
    ///
    /// - Parameters:
    ///   - verb: of the exchange process, which writes the file.
    ///   - format: the word for what it writes, and the ending of the file's name.
    ///   - lines: tells it what to write, and returns how many lines came after the head.
    /// - Throws: `ImportError` for what the process failed at, and what `lines` throws.
    init(to path: String, verb: String, format: String, lines: (inout ExchangeInput) throws -> Int) throws {
        self.path = path
        name = URL(filePath: path).lastPathComponent
        let parent = URL(filePath: path).deletingLastPathComponent().path
        guard let folder = TemporaryPlace.folder(in: parent, prefix: ".tocsin-") else {
            throw ImportError.unwritable(file: name, reason: "nothing can be written in its folder")
        }
        self.folder = folder
        file = folder + "/whole." + format
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
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// Puts the file in its place; one that was there is replaced.
    package func commit() throws {
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        let isOnDisk = descriptor >= 0 && fsync(descriptor) == 0
        if descriptor >= 0 { close(descriptor) }
        guard isOnDisk, rename(file, path) == 0 else {
            throw ImportError.unwritable(file: name, reason: "it could not be put in its place")
        }
    }
}
