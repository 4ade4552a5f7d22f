import AlertModel
import Foundation
import GeoModel

/// A request that a provider made to us.
package struct Callback: Sendable {
    /// Bytes of its body: some fields and a text of ten parts.
    package static let longestBody = 65_536

    /// As the provider called it, from the public address on.
    package let url: String
    package let query: String
    /// Names in lower case.
    package let headers: [String: String]
    package let body: [UInt8]

    package init(url: String, query: String, headers: [String: String], body: [UInt8]) {
        self.url = url
        self.query = query
        self.headers = headers
        self.body = body
    }

    /// The body's fields: a form's, or a JSON object's own texts and numbers.
    var bodyFields: [(name: String, value: String)] {
        guard !body.isEmpty else { return [] }
        if headers["content-type"]?.lowercased().contains("json") == true {
            guard let node = try? JSONNode.read(body, limits: JSONNode.Limits(maxDepth: 16, maxValues: 1_000)) else { return [] }
            return node.leaves(at: "")
        }
        return WebForm.decode(String(decoding: body, as: UTF8.self))
    }

    /// Fields of the query and the body, the first of a name counting.
    var fields: [String: String] {
        Dictionary((WebForm.decode(query) + bodyFields).map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    }
}

extension JSONNode {
    /// Texts, numbers and truths, by their path: `a.b`, `list.0.c`.
    fileprivate func leaves(at path: String) -> [(name: String, value: String)] {
        func join(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
        switch self {
        case .string(let text): return [(path, text)]
        case .number(let number):
            // Beyond this a whole number has lost its last digits: an id that is not quite one would be another's.
            guard abs(number) <= 9_007_199_254_740_992 else { return [] }
            return [(path, number == number.rounded() ? String(Int64(number)) : String(number))]
        case .bool(let bool): return [(path, bool ? "true" : "false")]
        case .object(let members): return members.sorted { $0.key < $1.key }.flatMap { $1.leaves(at: join($0)) }
        case .array(let elements): return elements.enumerated().flatMap { $1.leaves(at: join(String($0))) }
        case .null, .text, .area: return []
        }
    }

    /// The leaf at a path as above.
    func leaf(_ path: String) -> String? { leaves(at: "").first { $0.name == path }?.value }
}

/// What a callback tells.
package struct CallbackNews: Sendable {
    /// By the message's id, as its submission was answered.
    package var receipts: [(reference: String, outcome: Outcome)] = []
    package var messages: [(id: String?, sender: Redacted<String>, recipient: String, text: Redacted<String>)] = []

    package init() {}
}

package enum CallbackRefusal: Error, Hashable, Sendable {
    /// Its signature is not the provider's.
    case forged
    /// It holds nothing that can be read.
    case unreadable
}

/// What turns callbacks of one gateway into receipts and messages.
package struct CallbackReader: Sendable {
    private let provider: any WebProvider

    init(_ provider: any WebProvider) { self.provider = provider }

    package func read(_ callback: Callback) throws(CallbackRefusal) -> CallbackNews { try provider.read(callback) }
}
