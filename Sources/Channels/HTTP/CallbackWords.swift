import AlertModel
import Dispatching
import GeoModel

/// How a provider of the template's callbacks name what they tell: fields of the query, of a form, or by their path in
/// JSON (`a.b`, `list.0.c`).
struct CallbackWords: Hashable, Sendable {
    private struct Receipts: Hashable {
        let id: String
        let state: String
        let delivered: Set<String>
        let failed: [String: FailureCause]
    }

    private struct Replies: Hashable {
        let sender: String
        let text: String
        let recipient: String?
        let id: String?
    }

    private static let mostWords = 50

    private let receipts: Receipts?
    private let replies: Replies?

    init(_ settings: inout JSONMembers) throws(JSONMemberError) {
        if settings.has("receiptFields") {
            var members = try settings.members("receiptFields")
            guard case .array(let delivered) = try members.node("delivered"), delivered.count <= Self.mostWords else {
                throw members.fault("delivered", "the words for delivered are due, in an array")
            }
            var failed: [String: FailureCause] = [:]
            if members.has("failed") {
                guard case .object(let words) = try members.node("failed"), words.count <= Self.mostWords else {
                    throw members.fault("failed", "an object of words and causes is due")
                }
                for (word, value) in words {
                    guard case .string(let text) = value, let cause = FailureCause(rawValue: text),
                        [.busy, .noAnswer, .network, .refused, .invalidAddress, .expired].contains(cause)
                    else { throw members.fault("failed.\(word.prefix(40))", "one of busy, no_answer, network, refused, invalid_address, expired is due") }
                    failed[word] = cause
                }
            }
            receipts = Receipts(
                id: try members.text("id"), state: try members.text("state"),
                delivered: Set(delivered.compactMap { if case .string(let text) = $0 { text } else { nil } }), failed: failed)
            try members.finish()
        } else {
            receipts = nil
        }
        guard settings.has("replyFields") else {
            replies = nil
            return
        }
        var members = try settings.members("replyFields")
        replies = Replies(
            sender: try members.text("sender"), text: try members.text("text"), recipient: try members.optionalText("recipient"),
            id: try members.optionalText("id"))
        try members.finish()
    }

    func read(_ fields: [String: String]) throws(CallbackRefusal) -> CallbackNews {
        var news = CallbackNews()
        if let receipts, let id = fields[receipts.id], let state = fields[receipts.state] {
            if receipts.delivered.contains(state) {
                news.receipts = [(id, .delivered)]
            } else if let cause = receipts.failed[state] {
                news.receipts = [(id, .failed(cause))]
            }
            return news
        }
        guard let replies, let sender = fields[replies.sender], let text = fields[replies.text] else { throw .unreadable }
        news.messages = [(
            replies.id.flatMap { fields[$0] }, Redacted(sender), replies.recipient.flatMap { fields[$0] } ?? "", Redacted(text)
        )]
        return news
    }
}
