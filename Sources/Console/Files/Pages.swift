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
    case account = "compte.html"
    case people = "administration.html"
    case organisations = "organismes.html"
    case scenarios = "scenarios.html"
    case register = "registre.html"
    case inbox = "messages.html"
    case templates = "modeles.html"
    case statistics = "statistiques.html"
    case schedules = "programmations.html"
    case help = "aide.html"
    case gateways = "passerelles.html"
    case doubles = "doublons.html"
    case lists = "listes.html"

    /// What the pages of the desk have in common: head, way back, language. Their own files hold their content alone.
    private static let desk = "desk.html"

    /// Stylesheets of its own; nil for a page that is a document by itself.
    private var deskStyles: [String]? {
        switch self {
        case .account, .people, .organisations: []
        case .approvals, .scenarios: ["approvals"]
        case .inbox, .templates, .statistics, .schedules, .help: ["daily"]
        case .gateways, .doubles, .lists: ["daily", "means"]
        case .journal: ["journal"]
        case .register: ["register"]
        case .home, .signIn, .password, .apiDescription: nil
        }
    }

    /// Whether its scripts draw maps.
    private var hasMap: Bool { self == .register }

    private static let map = """
        <link rel="stylesheet" href="/vendor/ol-10.9.0/ol.css">
        <link rel="stylesheet" href="/static/css/panels.css">
        <script src="/vendor/ol-10.9.0/ol.js" defer></script>

        """

    /// - Throws: `not_found` when the installation lacks the page.
    func bytes(in folder: String) async throws -> [UInt8] {
        let content = try await Self.read(rawValue, in: folder)
        guard let deskStyles else { return content }
        let links = (hasMap ? Self.map : "")
            + deskStyles.map { "<link rel=\"stylesheet\" href=\"/static/css/\($0).css\">\n" }.joined()
        return Array(
            String(decoding: try await Self.read(Self.desk, in: folder), as: UTF8.self)
                .replacing("{{styles}}", with: links)
                .replacing("{{page}}", with: rawValue.prefix { $0 != "." })
                .replacing("{{content}}", with: String(decoding: content, as: UTF8.self)).utf8)
    }

    private static func read(_ name: String, in folder: String) async throws -> [UInt8] {
        let url = URL(filePath: folder, directoryHint: .isDirectory).appending(path: name)
        let data = try await NIOThreadPool.singleton.runIfActive { try? Data(contentsOf: url) }
        guard let data else { throw ConsoleProblem(.notFound) }
        return Array(data)
    }
}
