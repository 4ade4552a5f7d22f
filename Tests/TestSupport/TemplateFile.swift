import Foundation
import Synchronization

/// A file that is costly to make: made once per run, copied for each test into a folder of its own.
package final class TemplateFile: Sendable {
    private let label: String
    private let file: Result<URL, any Error>

    /// - Parameters:
    ///   - label: of the folders, beside a number that no other has.
    ///   - make: makes the file in a new folder, which is removed when the process ends.
    package init(_ label: String, make: (_ folder: URL) throws -> URL) {
        self.label = label
        file = Result {
            let folder = try Self.newFolder(label)
            Self.templates.withLock { $0.append(folder) }
            _ = Self.isRemovedAtExit
            return try make(folder)
        }
    }

    /// A copy of the file under its own name, in a new folder that whoever asks removes.
    package func copy() throws -> URL {
        let original = try file.get()
        let copy = try Self.newFolder(label).appending(path: original.lastPathComponent)
        try FileManager.default.copyItem(at: original, to: copy)
        return copy
    }

    private static let templates = Mutex<[URL]>([])

    private static let isRemovedAtExit: Bool = {
        atexit { TemplateFile.templates.withLock { for folder in $0 { try? FileManager.default.removeItem(at: folder) } } }
        return true
    }()

    package static func newFolder(_ label: String) throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appending(path: "tocsin-\(label)-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }
}
