/// A message that came to the return address: what a relay says of one of ours (RFC 3464, and the forms of relays that
/// do not follow it), or something else.
///
/// Anyone can write to that address. What is read is bounded, nothing of it is kept but codes, and nothing is believed
/// of a message whose return address does not carry a token of ours.
package struct ReturnedMessage: Hashable, Sendable {
    package enum Meaning: Hashable, Sendable {
        /// It was given up.
        case failed(EnhancedStatus?, reply: Int?)
        /// It is still being tried.
        case delayed
        /// It arrived.
        case delivered
        /// An out-of-office answer, an advertisement: nothing about delivery.
        case other
    }

    package let meaning: Meaning
    /// The addresses it came to, as its headers tell them, in lower case.
    package let addresses: [String]

    /// What is read of a message. A report comes before the message that it returns.
    package static let byteLimit = 1 << 20
    private static let headerLimit = 200
    private static let addressLimit = 20
    /// Lines of text looked at for a code in a message that is no report.
    private static let lineLimit = 400

    package init(_ bytes: some Sequence<UInt8>) {
        let text = String(decoding: Array(bytes.prefix(Self.byteLimit)), as: UTF8.self)
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: QuotedPrintable.isLineEnd)
        // The "From " line of an mbox is no header.
        let start = lines.first?.hasPrefix("From ") == true ? 1 : 0
        let (fields, body) = Self.fields(lines[start...])
        addresses = Self.addresses(fields)
        if let report = Self.report(fields, lines[body...]) {
            meaning = report
        } else if Self.isAnswer(fields) {
            meaning = .other
        } else if Self.isFromRelay(fields) {
            meaning = Self.guess(lines[body...])
        } else {
            meaning = .other
        }
    }

    private typealias Field = (name: String, value: String)

    /// Header fields up to the empty line, unfolded, and where what follows begins.
    private static func fields(_ lines: ArraySlice<Substring>) -> (fields: [Field], body: Int) {
        var fields: [Field] = []
        for (index, line) in zip(lines.indices, lines) {
            if line.isEmpty { return (fields, index + 1) }
            if line.first == " " || line.first == "\t" {
                guard let last = fields.indices.last, fields[last].value.utf8.count < 4_096 else { continue }
                fields[last].value += " " + line.drop { $0 == " " || $0 == "\t" }
            } else if let colon = line.firstIndex(of: ":"), fields.count < headerLimit {
                let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
                fields.append((line[..<colon].lowercased(), String(value)))
            }
        }
        return (fields, lines.endIndex)
    }

    private static func value(_ name: String, _ fields: [Field]) -> String? { fields.first { $0.name == name }?.value }

    private static func addresses(_ fields: [Field]) -> [String] {
        var found: [String] = []
        for name in ["x-original-to", "delivered-to", "envelope-to", "to"] {
            for field in fields where field.name == name {
                for word in field.value.lowercased().split(whereSeparator: { " ,;<>\"()\t".contains($0) }) {
                    if word.contains("@"), word.utf8.count <= 320, found.count < addressLimit { found.append(String(word)) }
                }
            }
        }
        return found
    }

    // MARK: Reports as RFC 3464 has them

    private static func report(_ fields: [Field], _ body: ArraySlice<Substring>) -> Meaning? {
        guard let type = value("content-type", fields), type.lowercased().hasPrefix("multipart/"),
            let boundary = parameter("boundary", of: type)
        else { return nil }
        let mark = "--" + boundary
        var rest = body
        while let index = rest.firstIndex(where: { $0.hasPrefix(mark) }) {
            let (part, start) = Self.fields(rest[(index + 1)...])
            rest = rest[min(start, rest.endIndex)...]
            let kind = value("content-type", part)?.lowercased() ?? ""
            if kind.hasPrefix("message/delivery-status") || kind.hasPrefix("message/global-delivery-status") {
                return meaning(ofStatus: rest.prefix { !$0.hasPrefix(mark) })
            }
        }
        return nil
    }

    /// Groups of fields, parted by empty lines: the first of the message, the others of its recipients.
    private static func meaning(ofStatus lines: ArraySlice<Substring>) -> Meaning {
        var failure: Meaning?
        var isDelayed = false
        var rest = lines
        while !rest.isEmpty {
            let (group, next) = fields(rest)
            rest = rest[min(next, rest.endIndex)...]
            guard let action = value("action", group)?.lowercased().prefix(while: { $0.isLetter }) else { continue }
            switch action {
            // Ours have one recipient: where an alias made many of it, one that arrived is enough.
            case "delivered", "relayed", "expanded": return action == "delivered" ? .delivered : .other
            case "failed":
                let status = value("status", group).flatMap { EnhancedStatus($0.prefix { $0.isNumber || $0 == "." }) }
                let said = value("diagnostic-code", group).flatMap { codes(in: Substring($0)) }
                failure = failure ?? .failed(finer(status, said?.status), reply: said?.reply)
            case "delayed": isDelayed = true
            default: break
            }
        }
        return failure ?? (isDelayed ? .delayed : .other)
    }

    /// Relays that know no more say 5.0.0; what they were told is better.
    private static func finer(_ status: EnhancedStatus?, _ said: EnhancedStatus?) -> EnhancedStatus? {
        guard let status else { return said }
        return status.subject == 0 ? said ?? status : status
    }

    // MARK: The others

    /// RFC 3834 §5: an automatic answer is no report.
    private static func isAnswer(_ fields: [Field]) -> Bool {
        value("auto-submitted", fields)?.lowercased().hasPrefix("auto-replied") == true
            || value("x-autoreply", fields) != nil || value("x-autorespond", fields) != nil
    }

    private static func isFromRelay(_ fields: [Field]) -> Bool {
        if value("x-failed-recipients", fields) != nil { return true }
        let sender = (value("from", fields) ?? "").lowercased()
        let path = value("return-path", fields) ?? ""
        let subject = (value("subject", fields) ?? "").lowercased()
        let isRelay = ["mailer-daemon", "postmaster", "mail delivery sub", "mail delivery sys"].contains { sender.contains($0) }
        let isNotice = [
            "undeliver", "delivery status", "delivery fail", "failure notice", "returned mail", "mail delivery failed", "non remis",
            "non distribu", "echec", "échec",
        ].contains { subject.contains($0) }
        return isRelay && (isNotice || path == "<>") || isNotice && path == "<>"
    }

    /// The first code of a refusal in the text; a relay that names none has still given up.
    private static func guess(_ lines: ArraySlice<Substring>) -> Meaning {
        var reply: Int?
        for line in lines.prefix(lineLimit) where line.utf8.count <= 998 {
            guard let found = codes(in: line) else { continue }
            if found.status != nil { return .failed(found.status, reply: found.reply ?? reply) }
            reply = reply ?? found.reply
        }
        return .failed(nil, reply: reply)
    }

    /// "550 5.1.1", "550-5.1.1", "#5.1.1", or one of both, where they stand as words of their own.
    private static func codes(in line: Substring) -> (reply: Int?, status: EnhancedStatus?)? {
        var reply: Int?
        for word in line.split(whereSeparator: { !($0.isASCII && ($0.isNumber || $0 == ".")) }) {
            if let status = EnhancedStatus(word.last == "." ? word.dropLast() : word), status.kind != 2 { return (reply, status) }
            if reply == nil, word.utf8.count == 3, let number = Int(word), (400...599).contains(number) { reply = number }
        }
        return reply.map { ($0, nil) }
    }

    private static func parameter(_ name: String, of value: String) -> String? {
        for part in value.split(separator: ";").dropFirst() {
            let trimmed = part.drop { $0 == " " || $0 == "\t" }
            guard trimmed.lowercased().hasPrefix(name + "=") else { continue }
            let text = trimmed.dropFirst(name.count + 1)
            let bare = text.first == "\"" ? text.dropFirst().prefix { $0 != "\"" } : text.prefix { !$0.isWhitespace }
            // RFC 2046 §5.1.1.
            return (1...70).contains(bare.utf8.count) ? String(bare) : nil
        }
        return nil
    }
}
