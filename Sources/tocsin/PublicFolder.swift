import ArgumentParser
import Foundation

/// Where the console's pages are.
enum PublicFolder {
    /// The folder of pages: named, or `Public` beside the executable as a release ships it, or the checkout's own.
    /// - Throws: `ValidationError` when there is none.
    static func path(named publicFolder: String?) throws -> String {
        func holdsPages(_ folder: URL) -> Bool {
            FileManager.default.fileExists(atPath: folder.appending(path: "index.html").path)
        }
        if let named = publicFolder ?? ProcessInfo.processInfo.environment["TOCSIN_PUBLIC"] {
            guard holdsPages(URL(filePath: named)) else {
                throw ValidationError("\(named) does not hold the console's pages: it has no index.html")
            }
            return named
        }
        let executable = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        var folder = executable.deletingLastPathComponent()
        let candidates = [folder.appending(path: "Public")] + (0..<5).map { _ in
            folder.deleteLastPathComponent()
            return folder.appending(path: "Sources/Console/Public")
        }
        guard let found = candidates.first(where: holdsPages) else {
            throw ValidationError("the console's pages are not beside the executable: name them with --public-folder")
        }
        return found.path
    }
}
