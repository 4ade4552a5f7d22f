import Foundation
import Import
import Reports

/// A document in the form it is wanted in.
enum Rendition: Sendable {
    /// A page for people's eyes, a table or an object for programs.
    case text(String)
    /// A page laid out on numbered sheets.
    case pdf(ReportPage)

    /// Writes a file, whole or not at all; what is there is replaced.
    ///
    /// - Throws: `AtomicFile.WriteError` when it cannot be written; `PDFWriter`'s errors.
    func write(to path: String) throws {
        switch self {
        case .pdf(let page): try PDFWriter.write(to: path) { write in try page.lines(write) }
        case .text(let text):
            let file = try AtomicFile(path: path)
            try file.write(text)
            try file.commit()
        }
    }

    /// Writes the file, or to standard output where none is named.
    func put(to path: String?) throws {
        if let path { try write(to: path) } else { Terminal.out(String(decoding: try bytes(), as: UTF8.self)) }
    }

    /// As bytes, through a file of its own for PDF.
    func bytes() throws -> [UInt8] {
        switch self {
        case .pdf: try OwnFolder.holding("document.pdf") { path in try write(to: path) }
        case .text(let text): Array(text.utf8)
        }
    }
}

extension RawRepresentable<String> {
    /// The form that a file's ending names.
    init?(fileName: String) {
        self.init(rawValue: URL(filePath: fileName).pathExtension.lowercased())
    }
}

/// A folder that nobody else reads, for what can only be written to a file.
enum OwnFolder {
    /// - Returns: what `write` wrote to the file of that name; nothing is left of it.
    static func holding(_ name: String, _ write: (_ path: String) throws -> Void) throws -> [UInt8] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "tocsin-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: name)
        try write(file.path)
        return Array(try Data(contentsOf: file))
    }
}
