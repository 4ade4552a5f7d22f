/// Where a gateway's provider tells us of receipts and answers: a path of the server that only the provider knows.
///
/// The word in it is made of the database's secret and the gateway's name, so that it need not be chosen, kept or
/// copied, and that one provider cannot speak for another.
package enum CallbackKey {
    /// Of the word, in characters.
    package static let length = 32
    /// What the paths begin with.
    package static let root = "/passerelles"

    package static func path(gateway: String, key: LinkKey) -> String { "\(root)/\(gateway)/\(word(gateway, key))" }

    /// Compared without telling by the time it takes where they differ.
    package static func isWord(_ text: String, gateway: String, key: LinkKey) -> Bool {
        let (given, due) = (Array(text.utf8), Array(word(gateway, key).utf8))
        return given.count == due.count && zip(given, due).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private static func word(_ gateway: String, _ key: LinkKey) -> String {
        let digits = Array("0123456789abcdef".utf8)
        let code = key.code(Array("callback:".utf8) + Array(gateway.utf8)).prefix(length / 2)
        return String(decoding: code.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
