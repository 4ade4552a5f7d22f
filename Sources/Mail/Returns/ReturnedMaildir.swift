import Foundation

/// The mailbox that returned messages come to, as a Maildir: read by us alone. What was read goes from `new` to `cur`,
/// where whoever looks after the mailbox finds it as seen.
package struct ReturnedMaildir: Sendable {
    private let folder: URL

    /// - Throws: `MailError.invalidReturn` when there is no Maildir at the path.
    package init(path: String) throws(MailError) {
        folder = URL(filePath: path, directoryHint: .isDirectory)
        for name in ["new", "cur"] {
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: folder.appending(path: name).path, isDirectory: &isFolder),
                isFolder.boolValue
            else { throw MailError(.invalidReturn, "\(path) is no Maildir: it has no folder named \(name)") }
        }
    }

    /// New messages, the oldest first by their names, at most so many.
    /// - Throws: when the folder cannot be listed.
    package func newMessages(limit: Int) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "new").path)
            .filter { !$0.hasPrefix(".") }.sorted().prefix(limit).map(\.self)
    }

    /// - Returns: nil for what is no file, or cannot be read.
    package func read(_ name: String) -> ReturnedMessage? {
        let path = folder.appending(path: "new/" + name).path
        // What is no regular file (a pipe, a device) would hold the reader for ever.
        guard (try? FileManager.default.attributesOfItem(atPath: path))?[.type] as? FileAttributeType == .typeRegular,
            let handle = FileHandle(forReadingAtPath: path)
        else { return nil }
        defer { try? handle.close() }
        do {
            return ReturnedMessage(try handle.read(upToCount: ReturnedMessage.byteLimit) ?? Data())
        } catch {
            return nil
        }
    }

    /// A message was read, and what it says is written.
    /// - Throws: when it cannot be moved.
    package func setAside(_ name: String) throws {
        let flags = name.contains(":2,") ? "" : ":2,S"
        try FileManager.default.moveItem(
            at: folder.appending(path: "new/" + name), to: folder.appending(path: "cur/" + name + flags))
    }
}
