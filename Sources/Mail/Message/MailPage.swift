import AlertModel

/// A message's text as a page of HTML: French around it, no table, no script, nothing fetched from anywhere, readable by
/// a screen reader from top to bottom.
struct MailPage {
    let subject: String
    let text: String

    /// The picture's content id, in the message and in the page.
    static let pictureID = "carte@tocsin"

    private static let bodyStyle =
        "margin:0;padding:16px;background:#ffffff;color:#1b2830;font:16px/1.5 Arial,Helvetica,sans-serif"
    private static let buttonStyle =
        "display:inline-block;padding:12px 20px;background:#0b4f8a;color:#ffffff;font-weight:bold;"
        + "text-decoration:none;border-radius:4px"

    /// Up to where the links stand, in pieces of whole lines.
    static let opening = [
        "<!DOCTYPE html>", "<html lang=\"fr\">", "<head>", "<meta charset=\"utf-8\">",
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">",
    ].joined(separator: "\n")

    var title: String { "<title>\(HTMLText.escaped(subject))</title>" }

    static let beginning = [
        "</head>", "<body style=\"\(bodyStyle)\">", "<main style=\"max-width:640px;margin:0 auto\">",
    ].joined(separator: "\n")

    /// The heading and the paragraphs.
    var words: String {
        let heading = "<h1 style=\"font-size:22px;line-height:1.3;margin:0 0 16px\">\(HTMLText.escaped(subject))</h1>"
        return ([heading] + paragraphs.map { "<p style=\"margin:0 0 16px\">\($0)</p>" }).joined(separator: "\n")
    }

    /// - Parameter text: what the picture shows, for who cannot see it.
    static func picture(_ text: String) -> String {
        "<p style=\"margin:0 0 16px\"><img src=\"cid:\(pictureID)\" alt=\"\(HTMLText.escaped(text))\" "
            + "style=\"display:block;width:100%;max-width:\(MailPicture.shownWidth)px;height:auto\"></p>"
    }

    /// Before and after the address of the page that acknowledges.
    static let acknowledgement = (
        before: "<p style=\"margin:24px 0\"><a style=\"\(buttonStyle)\" href=\"",
        after: "\">J’ai bien reçu ce message</a></p>")

    /// Before and after the address of the page that unsubscribes.
    static let unsubscription = (
        before: "<p style=\"margin:24px 0 0;font-size:14px\">Vous recevez ces informations parce que vous êtes inscrit "
            + "auprès de l’expéditeur. <a style=\"color:#0b4f8a\" href=\"",
        after: "\">Ne plus recevoir d’informations</a>. Les alertes vous seront toujours envoyées.</p>")

    static let bottom = "</main>\n</body>\n</html>"

    /// Blank lines part paragraphs; other line ends are kept.
    private var paragraphs: [String] {
        var paragraphs: [[Substring]] = [[]]
        for line in lines {
            if Self.isBlank(line) {
                if paragraphs.last?.isEmpty == false { paragraphs.append([]) }
            } else {
                paragraphs[paragraphs.count - 1].append(line)
            }
        }
        return paragraphs.filter { !$0.isEmpty }.map { lines in
            lines.map { HTMLText.escaped(String($0)) }.joined(separator: "<br>\n")
        }
    }

    /// Byte by byte, since personal messages are written for each recipient.
    private var lines: [Substring] {
        let bytes = text.utf8
        var lines: [Substring] = []
        var start = bytes.startIndex, index = start
        while index < bytes.endIndex {
            let end = index
            let byte = bytes[index]
            bytes.formIndex(after: &index)
            guard byte == 0x0A || byte == 0x0D else { continue }
            if byte == 0x0D, index < bytes.endIndex, bytes[index] == 0x0A { bytes.formIndex(after: &index) }
            lines.append(text[start..<end])
            start = index
        }
        return lines + [text[start...]]
    }

    private static func isBlank(_ line: Substring) -> Bool {
        // No blank begins with one of these.
        if let first = line.utf8.first, (0x21...0x7E).contains(first) { return false }
        return line.allSatisfy(\.isWhitespace)
    }
}
