import Foundation
import GeoModel
import Glibc

/// Writes a report as PDF, laid out by `tocsin-exchange`: whole, or not at all.
package enum PDFWriter {
    /// Writes to `path`, in place of what is there, once it is whole.
    ///
    /// - Parameter lines: writes the page's lines with what it is given (`ReportPage.lines`), and returns how many came
    ///   after the head.
    /// - Throws: `ImportError` with the file's name and a reason, and what `lines` throws; `path` is as it was then.
    package static func write(
        to path: String, lines: (_ line: ((inout JSONWriter) -> Void) throws -> Void) throws -> Int
    ) throws {
        try ExchangeOutput.write(to: path, extension: "pdf") { file in
            try ExchangeProcess(limits: .writing).run("write-pages", ["pdf", file], hasInput: true) { input in
                let count = try lines { body in try input.line(body) }
                try input.line { $0.raw(#"{"end":"#); $0.number(Double(count)); $0.raw("}") }
            } _: { _ in
                throw ExchangeProcess.Failure.crashed
            }
        }
    }
}

/// A file that the exchange process writes, put in its place when it is whole.
enum ExchangeOutput {
    /// - Parameter body: has the file written at the path it is given.
    /// - Throws: `ImportError` for what the process failed at, and what `body` throws; `path` is as it was then.
    static func write(to path: String, extension suffix: String, _ body: (_ file: String) throws -> Void) throws {
        let name = URL(filePath: path).lastPathComponent
        // Beside its place, so that it can be moved there in one step.
        let folder = URL(filePath: path).deletingLastPathComponent().path
        var template = Array((folder + "/.tocsin-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else {
            throw ImportError.unwritable(file: name, reason: "nothing can be written in its folder")
        }
        let temporary = String(decoding: template.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        defer { try? FileManager.default.removeItem(atPath: temporary) }
        let file = temporary + "/whole." + suffix
        do {
            try body(file)
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
