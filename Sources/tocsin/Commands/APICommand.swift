import ArgumentParser
import Foundation

struct APICommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "api", abstract: "Print the description of the JSON API (OpenAPI 3.1), as the server gives it at /api/openapi.json.")

    @Option(
        help: ArgumentHelp(
            "The console's pages (default: TOCSIN_PUBLIC, or found beside the executable).", valueName: "folder"))
    var publicFolder: String?

    func run() throws {
        let file = URL(filePath: try PublicFolder.path(named: publicFolder)).appending(path: "openapi.json")
        guard let data = try? Data(contentsOf: file) else {
            throw ValidationError("the console's pages lack openapi.json: the installation is not whole")
        }
        Terminal.out(String(decoding: data, as: UTF8.self))
    }
}
