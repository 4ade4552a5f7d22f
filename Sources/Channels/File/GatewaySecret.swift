import Fax
import Foundation

/// Where a password is kept. Only the place is ever described.
package enum GatewaySecret: Hashable, Sendable, CustomStringConvertible {
    /// A file that holds it alone, with one line end at most; relative to the gateways' file.
    case file(String)
    /// A variable of the environment.
    case variable(String)

    /// Bytes: a password, or a token of some length; a larger file is another file.
    static let longest = 4_096

    package var description: String {
        switch self {
        case .file(let path): "file \(path)"
        case .variable(let name): "variable \(name)"
        }
    }
}

/// What is needed to read secrets, and what else the house gives its gateways.
package struct GatewaySecrets: Sendable {
    private let environment: [String: String]
    private let folder: String
    /// What e-mail gateways put in their messages besides the text; nil where no campaign is carried.
    let email: EmailExtras?
    /// What recordings sound like, for those that call.
    let recordings: RecordedSounds?
    /// How a message is laid out on paper.
    let sheets: FaxSheets

    /// - Parameter folder: where relative paths begin: the gateways' file's own folder.
    package init(
        environment: [String: String], folder: String, email: EmailExtras? = nil, recordings: RecordedSounds? = nil,
        sheets: @escaping FaxSheets = { _ in throw FaxError(.missing, program: "tocsin-exchange") }
    ) {
        self.sheets = sheets
        self.recordings = recordings
        self.environment = environment
        self.folder = folder
        self.email = email
    }

    /// A path of the gateways' file.
    package func path(_ text: String) -> String { text.hasPrefix("/") ? text : "\(folder)/\(text)" }

    /// - Throws: `GatewaySecretError`, which names the place and never the content.
    package func read(_ secret: GatewaySecret) throws(GatewaySecretError) -> String {
        let text: String
        switch secret {
        case .variable(let name):
            guard let value = environment[name] else { throw GatewaySecretError(secret, "is not set") }
            text = value
        case .file(let path):
            guard let handle = FileHandle(forReadingAtPath: self.path(path)) else {
                throw GatewaySecretError(secret, "can't be read")
            }
            defer { try? handle.close() }
            guard let bytes = try? handle.read(upToCount: GatewaySecret.longest + 1), bytes.count <= GatewaySecret.longest
            else { throw GatewaySecretError(secret, "is longer than \(GatewaySecret.longest) bytes, or not a file") }
            guard let content = String(bytes: bytes, encoding: .utf8) else {
                throw GatewaySecretError(secret, "is not UTF-8")
            }
            text = content.hasSuffix("\r\n") || content.hasSuffix("\n") ? String(content.dropLast()) : content
        }
        guard !text.isEmpty, !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            throw GatewaySecretError(secret, "is empty, or holds a line end or another control character")
        }
        return text
    }
}

package struct GatewaySecretError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    init(_ secret: GatewaySecret, _ fault: String) { description = "the gateway's secret in \(secret) \(fault)" }
}
