import Foundation
import Glibc

/// A private folder in which files go by plain names, so that no name a stranger chose reaches a parser.
///
/// GDAL finds some formats by their extension, and gives names that start like `/vsicurl/` or `MYSQL:` a meaning.
struct PrivateLinks: ~Copyable {
    let folder: String

    init() throws {
        guard let folder = TemporaryPlace.folder(in: NSTemporaryDirectory(), prefix: "tocsin-") else {
            throw ImportError.unreadable(file: NSTemporaryDirectory(), reason: "no folder can be made in it")
        }
        self.folder = folder
    }

    /// - Returns: the path under which the file can be found.
    func add(_ path: String, as name: String) throws -> String {
        let link = folder + "/" + name
        guard let real = realpath(path, nil) else { throw ImportError.unreadable(file: name, reason: "it is gone") }
        defer { free(real) }
        guard symlink(real, link) == 0 else { throw ImportError.unreadable(file: name, reason: "it can't be linked to") }
        return link
    }

    deinit {
        // Removes the links, and follows none.
        try? FileManager.default.removeItem(atPath: folder)
    }
}
