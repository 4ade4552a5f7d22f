import CCurl

/// What came of handing one message to the relay.
package enum MailOutcome: Hashable, Sendable {
    /// The command a relay answered with a refusal.
    package enum Stage: String, Sendable { case connect, sender, recipient, data, end }

    /// The relay took the message and answers for it.
    case accepted(reply: Int)
    /// The relay said no, in its own words' numbers: 4xx for now, 5xx for good.
    case rejected(stage: Stage, reply: Int, enhanced: String?)
    /// Nothing was handed over: no connection, no TLS, no answer, or a drop before the end of the message.
    case unreachable(reason: String)
    /// The connection ended between the message's last byte and the relay's answer: it may have been taken.
    case inDoubt(reason: String)
    /// Nothing was handed over: whoever gave it no longer wanted it when its turn came.
    case withdrawn

    init(_ result: ccurl_smtp_result) {
        let reason = String(cString: ccurl_describe(result.curl_code))
        if result.curl_code == 0 || (200..<300).contains(result.final_reply) {
            // An error after a positive final answer changes nothing: the relay has the message.
            self = .accepted(reply: Int(result.final_reply == 0 ? result.reply : result.final_reply))
        } else if result.final_reply >= 400 {
            self = .rejected(stage: .end, reply: Int(result.final_reply), enhanced: Self.enhanced(result))
        } else if result.body_sent == 1 {
            self = .inDoubt(reason: reason)
        } else if result.reply >= 400 {
            self = .rejected(stage: Self.stage(result.stage), reply: Int(result.reply), enhanced: Self.enhanced(result))
        } else {
            self = .unreachable(reason: reason)
        }
    }

    private static func stage(_ stage: Int32) -> Stage {
        switch Int(stage) {
        case CCURL_STAGE_MAIL: .sender
        case CCURL_STAGE_RCPT: .recipient
        case CCURL_STAGE_DATA: .data
        case CCURL_STAGE_END: .end
        default: .connect
        }
    }

    /// "5.1.1", or nil.
    private static func enhanced(_ result: ccurl_smtp_result) -> String? {
        let code = withUnsafeBytes(of: result.enhanced) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        return code.isEmpty ? nil : code
    }
}
