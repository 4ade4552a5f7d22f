import Foundation

/// What is asked of a provider.
struct WebRequest: Sendable {
    var method = "POST"
    /// Absolute, with its query.
    var url: String
    var headers: [(name: String, value: String)] = []
    var body: [UInt8] = []
}

/// What a provider answered.
struct WebAnswer: Sendable {
    let status: Int
    /// Seconds the provider asks to be left alone for.
    let retryAfter: Int?
    let body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }
}

/// How names and values are written in queries and forms (WHATWG URL §5.2; a space is %20, which every reader knows).
enum WebForm {
    private static let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~".utf8)
    private static let digits = Array("0123456789ABCDEF".utf8)

    static func encode(_ text: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if plain.contains(byte) { bytes.append(byte) } else { bytes += [37, digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func encode(_ fields: [(name: String, value: String)]) -> String {
        fields.map { "\(encode($0.name))=\(encode($0.value))" }.joined(separator: "&")
    }

    /// - Parameter limit: fields beyond it are left out.
    static func decode(_ text: String, limit: Int = 200) -> [(name: String, value: String)] {
        text.split(separator: "&", maxSplits: limit, omittingEmptySubsequences: true).prefix(limit).map { pair in
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (plain(sides[0]), sides.count > 1 ? plain(sides[1]) : "")
        }
    }

    private static func plain(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        let given = Array(text.utf8)
        var index = 0
        while index < given.count {
            if given[index] == 37, index + 2 < given.count, let high = digit(given[index + 1]), let low = digit(given[index + 2]) {
                bytes.append(high << 4 | low)
                index += 3
            } else {
                bytes.append(given[index] == 43 ? 32 : given[index])
                index += 1
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 48...57: byte - 48
        case 65...70: byte - 55
        case 97...102: byte - 87
        default: nil
        }
    }
}
