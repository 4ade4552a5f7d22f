import AlertModel
import Foundation

/// What all messages of a campaign have in common whatever they say, encoded once: headers, the zone's map, and what stands
/// around the words.
package struct MailFrame: Sendable {
    package let sender: MailSender
    /// Whether messages ask to be acknowledged, and whether they offer to be the last of their kind: each message then
    /// needs that link.
    package let asksAcknowledgement: Bool
    package let offersUnsubscription: Bool
    let signer: DKIMSigner?
    /// The header's lines before the subject, and after the message's own.
    let from: String
    let tail: String
    let pieces: [Piece]

    enum Piece: Sendable {
        case fixed(Bytes)
        /// The message's text; its title, and its heading and paragraphs, as lines of HTML.
        case text, title, words
        /// Where each recipient's links go.
        case acknowledge, unsubscribe
    }

    /// Whole lines as they travel, and in the relaxed form that is signed (RFC 6376 §3.4.4).
    struct Bytes: Sendable {
        let sent: [UInt8]
        /// Empty where nothing is signed.
        let canonical: [UInt8]

        init(_ sent: [UInt8], isSigned: Bool) {
            self.init(sent: sent, canonical: isSigned ? DKIMSigner.canonicalBody(sent) : [])
        }

        private init(sent: [UInt8], canonical: [UInt8]) {
            self.sent = sent
            self.canonical = canonical
        }

        func followed(by other: Bytes) -> Bytes { Bytes(sent: sent + other.sent, canonical: canonical + other.canonical) }
    }

    /// No quoted-printable or base64 text can hold these: after an equals sign come hexadecimal digits or a line end.
    private static let alternative = "=_tocsin_alternative"
    private static let related = "=_tocsin_related"

    /// - Parameters:
    ///   - isInformation: not urgent, and sent to many (RFC 2076 `Precedence`); an alert says that it is important.
    ///   - headers: further ones, in order; ASCII.
    /// - Throws: `MailError.unsafeHeader` when a header's text holds a line end or another control character.
    package init(
        from sender: MailSender, picture: MailPicture? = nil, asksAcknowledgement: Bool = false, isInformation: Bool = false,
        offersUnsubscription: Bool = false, headers: [(name: String, value: String)] = [], signer: DKIMSigner? = nil
    ) throws(MailError) {
        guard headers.allSatisfy({ !$0.value.containsControl }) else {
            throw MailError(.unsafeHeader, "a header holds a line end or another control character")
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
        from = "From: \(name)<\(sender.address.text)>\r\n"
        var lines = [
            "MIME-Version: 1.0", "Content-Type: multipart/alternative;\r\n boundary=\"\(Self.alternative)\"",
            "Content-Language: fr",
            // RFC 3834 §5: no out-of-office answers to an alert.
            "Auto-Submitted: auto-generated",
        ]
        lines.append(isInformation ? "Precedence: bulk" : "Importance: high")
        lines += headers.map { "\($0.name): \($0.value)" }
        tail = lines.joined(separator: "\r\n") + "\r\n"

        var body = BodyWriter(isSigned: signer != nil)
        body.part(Self.alternative, "text/plain; charset=utf-8")
        body.place(.text)
        if asksAcknowledgement {
            body.text("\nAvez-vous bien reçu ce message ? Dites-le sur cette page :")
            body.link(.acknowledge)
        }
        if offersUnsubscription {
            body.text("\nPour ne plus recevoir d’informations (les alertes vous seront toujours envoyées) :")
            body.link(.unsubscribe)
        }
        if picture != nil {
            body.raw("\r\n--\(Self.alternative)\r\nContent-Type: multipart/related; type=\"text/html\";\r\n "
                + "boundary=\"\(Self.related)\"\r\n\r\n")
        }
        body.part(picture == nil ? Self.alternative : Self.related, "text/html; charset=utf-8")
        body.text(MailPage.opening)
        body.place(.title)
        body.text(MailPage.beginning)
        body.place(.words)
        if let picture { body.text(MailPage.picture(picture.text)) }
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
        pieces = body.finished
    }
}

/// Writes a body down, with the places where each message's own goes.
private struct BodyWriter {
    private let isSigned: Bool
    private var pieces: [MailFrame.Piece] = []
    /// What stands since the last place.
    private var bytes: [UInt8] = []

    init(isSigned: Bool) {
        self.isSigned = isSigned
    }

    var finished: [MailFrame.Piece] {
        bytes.isEmpty ? pieces : pieces + [.fixed(MailFrame.Bytes(bytes, isSigned: isSigned))]
    }

    mutating func raw(_ text: String) { bytes += text.utf8 }

    /// The line end before a boundary is the boundary's (RFC 2046 §5.1.1): the text keeps its own.
    mutating func part(_ boundary: String, _ type: String) {
        let isFirst = pieces.isEmpty && bytes.isEmpty
        raw("\(isFirst ? "" : "\r\n")--\(boundary)\r\nContent-Type: \(type)\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n")
    }

    mutating func text(_ text: String) { bytes += QuotedPrintable.encode(text) }

    mutating func place(_ piece: MailFrame.Piece) {
        pieces = finished + [piece]
        bytes = []
    }

    /// A link on a line of its own.
    mutating func link(_ piece: MailFrame.Piece) {
        place(piece)
        raw("\r\n")
    }

    mutating func link(_ piece: MailFrame.Piece, in surroundings: (before: String, after: String)) {
        bytes += QuotedPrintable.encodeInside(surroundings.before)
        place(piece)
        text(surroundings.after)
    }
}

extension String {
    /// RFC 5322 §3.6.8.
    fileprivate var isHeaderName: Bool { !isEmpty && utf8.allSatisfy { (33...126).contains($0) && $0 != 0x3A } }
}
