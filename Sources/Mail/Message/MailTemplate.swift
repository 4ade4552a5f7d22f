import AlertModel
import Crypto
import Foundation

/// What all messages of a campaign have in common, encoded once: RFC 5322 with MIME, a text and a page of HTML that say
/// the same (multipart/alternative), the page with its picture (multipart/related). Lines end in CRLF; none is over 76
/// characters but for long addresses. Dots are left to the SMTP layer.
package struct MailTemplate: Sendable {
    package let sender: MailSender
    /// Whether messages ask to be acknowledged, and whether they offer to be the last of their kind: each message then
    /// needs that link.
    package let asksAcknowledgement: Bool
    package let offersUnsubscription: Bool

    private enum Piece: Sendable {
        case fixed([UInt8], canonical: [UInt8])
        case acknowledge, unsubscribe
    }

    private let head: String
    private let tail: String
    private let pieces: [Piece]
    private let signer: DKIMSigner?
    /// After the first piece, which is most of the body.
    private let start: SHA256
    private let size: Int

    /// No quoted-printable or base64 text can hold these: after an equals sign come hexadecimal digits or a line end.
    private static let alternative = "=_tocsin_alternative"
    private static let related = "=_tocsin_related"

    /// - Parameters:
    ///   - isInformation: not urgent, and sent to many (RFC 2076 `Precedence`); an alert says that it is important.
    ///   - headers: further ones, in order; ASCII.
    /// - Throws: `MailError.unsafeHeader` when a header's text holds a line end or another control character.
    package init(
        from sender: MailSender, subject: String, text: String, picture: MailPicture? = nil,
        asksAcknowledgement: Bool = false, isInformation: Bool = false, offersUnsubscription: Bool = false,
        headers: [(name: String, value: String)] = [], signer: DKIMSigner? = nil
    ) throws(MailError) {
        guard !subject.containsControl, headers.allSatisfy({ !$0.value.containsControl }) else {
            throw MailError(.unsafeHeader, "the subject or a header holds a line end or another control character")
        }
        guard headers.allSatisfy({ $0.name.isHeaderName && $0.value.utf8.allSatisfy { $0 < 128 } }) else {
            throw MailError(.unsafeHeader, "a header's name or value is not plain ASCII")
        }
        self.sender = sender
        self.asksAcknowledgement = asksAcknowledgement
        self.offersUnsubscription = offersUnsubscription
        self.signer = signer
        // The address on a line of its own: an encoded name fills its line.
        let name = sender.name.map { EncodedWords.encode(phrase: $0) + "\r\n " } ?? ""
        head = "From: \(name)<\(sender.address.text)>\r\nSubject: \(EncodedWords.encode(subject))\r\n"
        var lines = [
            "MIME-Version: 1.0", "Content-Type: multipart/alternative;\r\n boundary=\"\(Self.alternative)\"",
            "Content-Language: fr",
            // RFC 3834 §5: no out-of-office answers to an alert.
            "Auto-Submitted: auto-generated",
        ]
        lines.append(isInformation ? "Precedence: bulk" : "Importance: high")
        lines += headers.map { "\($0.name): \($0.value)" }
        tail = lines.joined(separator: "\r\n") + "\r\n"

        var body = BodyWriter()
        body.part(Self.alternative, "text/plain; charset=utf-8")
        body.text(text)
        if asksAcknowledgement {
            body.text("\nAvez-vous bien reçu ce message ? Dites-le sur cette page :")
            body.link(.acknowledge)
        }
        if offersUnsubscription {
            body.text("\nPour ne plus recevoir d’informations (les alertes vous seront toujours envoyées) :")
            body.link(.unsubscribe)
        }
        let page = MailPage(subject: subject, text: text, pictureText: picture?.text)
        if picture != nil {
            body.raw("\r\n--\(Self.alternative)\r\nContent-Type: multipart/related; type=\"text/html\";\r\n "
                + "boundary=\"\(Self.related)\"\r\n\r\n")
        }
        body.part(picture == nil ? Self.alternative : Self.related, "text/html; charset=utf-8")
        body.text(page.top)
        if asksAcknowledgement { body.link(.acknowledge, in: MailPage.acknowledgement) }
        if offersUnsubscription { body.link(.unsubscribe, in: MailPage.unsubscription) }
        body.text(MailPage.bottom)
        if let picture {
            body.raw("\r\n--\(Self.related)\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n"
                + "Content-ID: <\(MailPage.pictureID)>\r\nContent-Disposition: inline; filename=\"carte.png\"\r\n\r\n")
            body.raw(Data(picture.bytes).base64EncodedString(
                options: [.lineLength76Characters, .endLineWithCarriageReturn, .endLineWithLineFeed]))
            body.raw("\r\n--\(Self.related)--\r\n")
        }
        body.raw("\r\n--\(Self.alternative)--\r\n")
        pieces = body.pieces.map { piece in
            switch piece {
            case .fixed(let bytes): .fixed(bytes, canonical: signer == nil ? [] : DKIMSigner.canonicalBody(bytes))
            case .acknowledge: .acknowledge
            case .unsubscribe: .unsubscribe
            }
        }
        size = body.pieces.reduce(1_500) { sum, piece in if case .fixed(let bytes) = piece { sum + bytes.count } else { sum + 200 } }
        var start = SHA256()
        if case .fixed(_, let canonical)? = pieces.first { start.update(data: canonical) }
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
            + "Message-ID: <\(messageID)>\r\n" + tail
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
        if let signer {
            message += try signer.signature(
                over: header, bodyHash: bodyHash(inserts), atSeconds: dateMilliseconds / 1000).utf8
        }
        message += header.utf8
        message += [0x0D, 0x0A]
        for piece in pieces {
            switch piece {
            case .fixed(let bytes, _): message += bytes
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
            case .fixed(_, let canonical): hash.update(data: canonical)
            case .acknowledge: hash.update(data: inserts.acknowledge)
            case .unsubscribe: hash.update(data: inserts.unsubscribe)
            }
        }
        return hash.finalize()
    }
}

/// Writes a body down, with the places where each recipient's links go.
private struct BodyWriter {
    enum Piece {
        case fixed([UInt8])
        case acknowledge, unsubscribe
    }

    private(set) var pieces: [Piece] = []

    mutating func raw(_ text: String) { add(Array(text.utf8)) }

    /// The line end before a boundary is the boundary's (RFC 2046 §5.1.1): the text keeps its own.
    mutating func part(_ boundary: String, _ type: String) {
        raw("\(pieces.isEmpty ? "" : "\r\n")--\(boundary)\r\nContent-Type: \(type)\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n")
    }

    mutating func text(_ text: String) { add(QuotedPrintable.encode(text)) }

    /// A link on a line of its own.
    mutating func link(_ piece: Piece) {
        pieces.append(piece)
        add([0x0D, 0x0A])
    }

    mutating func link(_ piece: Piece, in surroundings: (before: String, after: String)) {
        add(QuotedPrintable.encodeInside(surroundings.before))
        pieces.append(piece)
        text(surroundings.after)
    }

    private mutating func add(_ bytes: [UInt8]) {
        if case .fixed(let earlier)? = pieces.last {
            pieces[pieces.count - 1] = .fixed(earlier + bytes)
        } else {
            pieces.append(.fixed(bytes))
        }
    }
}

extension String {
    /// RFC 5322 §3.6.8.
    fileprivate var isHeaderName: Bool { !isEmpty && utf8.allSatisfy { (33...126).contains($0) && $0 != 0x3A } }
}
