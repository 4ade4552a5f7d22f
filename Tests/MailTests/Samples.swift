import AlertModel
import Testing

@testable import Mail

extension MailLetter {
    static func sample(to: String, text: String = "Montez.", id: String) throws -> MailLetter {
        let sender = try MailSender("alerte@example.org")
        let to = try #require(EmailAddress(to))
        let template = try MailTemplate(from: sender, subject: "Crue", text: text)
        return MailLetter(returnTo: sender.address, to: to) { () throws(MailError) in
            try template.message(to: to, dateMilliseconds: 0, messageID: id)
        }
    }
}
