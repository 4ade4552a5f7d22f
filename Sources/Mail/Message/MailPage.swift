/// A message's text as a page of HTML: French around it, no table, no script, nothing fetched from anywhere, readable by
/// a screen reader from top to bottom.
struct MailPage {
    let subject: String
    let text: String
    /// What the picture shows, for who cannot see it; nil without a picture.
    let pictureText: String?

    /// The picture's content id, in the message and in the page.
    static let pictureID = "carte@tocsin"

    private static let bodyStyle =
        "margin:0;padding:16px;background:#ffffff;color:#1b2830;font:16px/1.5 Arial,Helvetica,sans-serif"
    private static let buttonStyle =
        "display:inline-block;padding:12px 20px;background:#0b4f8a;color:#ffffff;font-weight:bold;"
        + "text-decoration:none;border-radius:4px"

    /// Up to where the links stand.
    var top: String {
        var lines = [
            "<!DOCTYPE html>", "<html lang=\"fr\">", "<head>", "<meta charset=\"utf-8\">",
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">",
            "<title>\(Self.escaped(subject))</title>", "</head>", "<body style=\"\(Self.bodyStyle)\">",
            "<main style=\"max-width:640px;margin:0 auto\">",
            "<h1 style=\"font-size:22px;line-height:1.3;margin:0 0 16px\">\(Self.escaped(subject))</h1>",
        ]
        lines += paragraphs.map { "<p style=\"margin:0 0 16px\">\($0)</p>" }
        if let pictureText {
            lines.append(
                "<p style=\"margin:0 0 16px\"><img src=\"cid:\(Self.pictureID)\" alt=\"\(Self.escaped(pictureText))\" "
                    + "style=\"display:block;width:100%;max-width:\(MailPicture.shownWidth)px;height:auto\"></p>")
        }
        return lines.joined(separator: "\n")
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
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: QuotedPrintable.isLineEnd) {
            if line.allSatisfy(\.isWhitespace) {
                if paragraphs.last?.isEmpty == false { paragraphs.append([]) }
            } else {
                paragraphs[paragraphs.count - 1].append(line)
            }
        }
        return paragraphs.filter { !$0.isEmpty }.map { lines in
            lines.map { Self.escaped(String($0)) }.joined(separator: "<br>\n")
        }
    }

    /// Text for a page, and for an attribute's value: a control character has no place in HTML.
    static func escaped(_ text: String) -> String {
        var output = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": output += "&amp;"
            case "<": output += "&lt;"
            case ">": output += "&gt;"
            case "\"": output += "&quot;"
            case "\t": output += " "
            default: output.unicodeScalars.append(scalar.properties.generalCategory == .control ? "\u{FFFD}" : scalar)
            }
        }
        return output
    }
}
