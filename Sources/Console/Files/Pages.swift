import Foundation
import NIOPosix

/// The console's pages and the description of its API. They hold no data: scripts fetch it.
enum Page: String, CaseIterable, Sendable {
    case home = "index.html"
    case signIn = "connexion.html"
    case password = "mot-de-passe.html"
    case journal = "journal.html"
    case apiDescription = "openapi.json"
    case approvals = "approbations.html"

    /// - Throws: `not_found` when the installation lacks the page.
    func bytes(in folder: String) async throws -> [UInt8] {
        let url = URL(filePath: folder, directoryHint: .isDirectory).appending(path: rawValue)
        let data = try await NIOThreadPool.singleton.runIfActive { try? Data(contentsOf: url) }
        guard let data else { throw ConsoleProblem(.notFound) }
        return Array(data)
    }
}
