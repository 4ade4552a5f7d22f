import AlertModel
import Crypto
import Foundation

/// A message but for its recipient: RFC 5322 with MIME, a text and a page of HTML that say the same
/// (multipart/alternative), the page with its picture (multipart/related). Lines end in CRLF; none is over 76 characters but
/// for long addresses. Dots are left to the SMTP layer.
package struct MailTemplate: Sendable {
    package let frame: MailFrame
    package var sender: MailSender { frame.sender }
    package var asksAcknowledgement: Bool { frame.asksAcknowledgement }
    package var offersUnsubscription: Bool { frame.offersUnsubscription }

    private enum Piece: Sendable {
        case fixed(MailFrame.Bytes)
        case acknowledge, unsubscribe
    }

    private let head: String
    private let pieces: [Piece]
    /// After the first piece, which is most of the body where it serves many recipients.
    private let start: SHA256
    private let size: Int

    /// As `MailFrame.init`, with words that go to everybody.
    package init(
        from sender: MailSender, subject: String, text: String, picture: MailPicture? = nil,
        asksAcknowledgement: Bool = false, isInformation: Bool = false, offersUnsubscription: Bool = false,
        headers: [(name: String, value: String)] = [], signer: DKIMSigner? = nil
    ) throws(MailError) {
        let frame = try MailFrame(
            from: sender, picture: picture, asksAcknowledgement: asksAcknowledgement, isInformation: isInformation,
            offersUnsubscription: offersUnsubscription, headers: headers, signer: signer)
        try self.init(frame, subject: subject, text: text)
    }

    /// - Parameter isForOne: it goes to one recipient: what the frame has encoded is not copied for it.
    /// - Throws: `MailError.unsafeHeader` when the subject holds a line end or another control character.
    package init(_ frame: MailFrame, subject: String, text: String, isForOne: Bool = false) throws(MailError) {
        guard !subject.containsControl else {
            throw MailError(.unsafeHeader, "the subject holds a line end or another control character")
        }
        self.frame = frame
        head = frame.from + "Subject: \(EncodedWords.encode(subject))\r\n"
        let page = MailPage(subject: subject, text: text)
        let isSigned = frame.signer != nil
        var pieces: [Piece] = []
        func add(_ bytes: MailFrame.Bytes) {
            if !isForOne, case .fixed(let earlier)? = pieces.last {
                pieces[pieces.count - 1] = .fixed(earlier.followed(by: bytes))
            } else {
                pieces.append(.fixed(bytes))
            }
        }
        for piece in frame.pieces {
            switch piece {
            case .fixed(let bytes): add(bytes)
            case .text: add(MailFrame.Bytes(QuotedPrintable.encode(text), isSigned: isSigned))
            case .title: add(MailFrame.Bytes(QuotedPrintable.encode(page.title), isSigned: isSigned))
            case .words: add(MailFrame.Bytes(QuotedPrintable.encode(page.words), isSigned: isSigned))
            case .acknowledge: pieces.append(.acknowledge)
            case .unsubscribe: pieces.append(.unsubscribe)
            }
        }
        self.pieces = pieces
        size = pieces.reduce(1_500) { sum, piece in if case .fixed(let bytes) = piece { sum + bytes.sent.count } else { sum + 200 } }
        var start = SHA256()
        if case .fixed(let bytes)? = pieces.first { start.update(data: bytes.canonical) }
        self.start = start
    }

    /// One recipient's message, as it travels.
    ///
    /// - Parameters:
    ///   - dateMilliseconds: since 1970 UTC.
    ///   - messageID: without its angle brackets, `left@domain`.
    ///   - links: those the template asks for.
    /// - Throws: `MailError.unsafeHeader`, `.link`, `.signature`.
    package func message(
        to: EmailAddress, dateMilliseconds: Int64, messageID: String, links: MailLinks = .none
    ) throws(MailError) -> [UInt8] {
        guard !messageID.containsControl, messageID.utf8.allSatisfy({ $0 < 128 }) else {
            throw MailError(.unsafeHeader, "the message's identifier is not plain ASCII")
        }
        guard links.isSafe, (links.acknowledge != nil) == asksAcknowledgement,
            (links.unsubscribe != nil) == offersUnsubscription
        else { throw MailError(.link, "a link of the message is missing, or is no web address: correct TOCSIN_PUBLIC_URL") }
        var header = head + "To: <\(to.text)>\r\nDate: \(MailDate.format(milliseconds: dateMilliseconds))\r\n"
            + "Message-ID: <\(messageID)>\r\n" + frame.tail
        if let unsubscribe = links.unsubscribe {
            header += "List-Unsubscribe:\r\n <\(unsubscribe)>\r\n"
            // RFC 8058 §3.1 asks for https.
            if unsubscribe.hasPrefix("https:") { header += "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" }
        }
        let inserts = (
            acknowledge: links.acknowledge.map(QuotedPrintable.encodeInside) ?? [],
            unsubscribe: links.unsubscribe.map(QuotedPrintable.encodeInside) ?? [])
        var message: [UInt8] = []
        message.reserveCapacity(size)
        if let signer = frame.signer {
            message += try signer.signature(
                over: Array(header.utf8), bodyHash: bodyHash(inserts), atSeconds: dateMilliseconds / 1000)
        }
        message += header.utf8
        message += [0x0D, 0x0A]
        for piece in pieces {
            switch piece {
            case .fixed(let bytes): message += bytes.sent
            case .acknowledge: message += inserts.acknowledge
            case .unsubscribe: message += inserts.unsubscribe
            }
        }
        return message
    }

    /// What the relaxed form of the body hashes to (RFC 6376 §3.7). Every piece ends with its line, so that the whole's
    /// relaxed form is that of its pieces, one after the other.
    private func bodyHash(_ inserts: (acknowledge: [UInt8], unsubscribe: [UInt8])) -> SHA256.Digest {
        var hash = start
        for piece in pieces.dropFirst() {
            switch piece {
            case .fixed(let bytes): hash.update(data: bytes.canonical)
            case .acknowledge: hash.update(data: inserts.acknowledge)
            case .unsubscribe: hash.update(data: inserts.unsubscribe)
            }
        }
        return hash.finalize()
    }
}
