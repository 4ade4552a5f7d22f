import AlertModel

/// One plain-text message to one person, ready to be written out.
package struct MailMessage: Sendable {
    package let from: MailSender
    package let to: EmailAddress
    package let subject: String
    package let text: String
    /// Milliseconds since 1970 UTC.
    package let dateMilliseconds: Int64
    /// Without its angle brackets: `left@domain`.
    package let messageID: String
    /// Further headers, in order; ASCII.
    package let headers: [(name: String, value: String)]

    package init(
        from: MailSender, to: EmailAddress, subject: String, text: String, dateMilliseconds: Int64, messageID: String,
        headers: [(name: String, value: String)] = []
    ) {
        self.from = from
        self.to = to
        self.subject = subject
        self.text = text
        self.dateMilliseconds = dateMilliseconds
        self.messageID = messageID
        self.headers = headers
    }

    /// The message as it travels: RFC 5322 with MIME, CRLF line ends, no line over 76 characters but for a long
    /// address. Dots are left to the SMTP layer.
    /// - Throws: `MailError.unsafeHeader` when a header's text holds a line end or another control character.
    package func bytes() throws(MailError) -> [UInt8] {
        for text in [subject, messageID] + headers.flatMap({ [$0.name, $0.value] }) where text.containsControl {
            throw MailError(.unsafeHeader, "the subject or a header holds a line end or another control character")
        }
        guard headers.allSatisfy({ $0.name.isHeaderName && $0.value.utf8.allSatisfy { $0 < 128 } }) else {
            throw MailError(.unsafeHeader, "a header's name or value is not plain ASCII")
        }
        let body = MailBody(text)
        var lines = [
            "From: " + sender, "To: <\(to.text)>", "Subject: " + EncodedWords.encode(subject),
            "Date: " + MailDate.format(milliseconds: dateMilliseconds), "Message-ID: <\(messageID)>",
            "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8",
            "Content-Transfer-Encoding: " + body.encoding,
            // RFC 3834 §5: no out-of-office answers to an alert.
            "Auto-Submitted: auto-generated",
        ]
        lines += headers.map { "\($0.name): \($0.value)" }
        lines += ["", ""]
        return Array(lines.joined(separator: "\r\n").utf8) + body.bytes
    }

    private var sender: String {
        guard let name = from.name else { return "<\(from.address.text)>" }
        return EncodedWords.encode(phrase: name) + " <\(from.address.text)>"
    }
}

extension String {
    /// RFC 5322 §3.6.8.
    fileprivate var isHeaderName: Bool { !isEmpty && utf8.allSatisfy { (33...126).contains($0) && $0 != 0x3A } }
}

/// RFC 5322 §3.3 dates, in UTC, without a locale.
package enum MailDate {
    package static func format(milliseconds: Int64) -> String {
        let seconds = Int((milliseconds >= 0 ? milliseconds : milliseconds - 999) / 1000)
        let day = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
        let time = seconds - day * 86_400
        let (year, month, dayOfMonth) = civil(fromDay: day)
        let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][((day % 7) + 7) % 7]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        return "\(weekday), \(dayOfMonth) \(months[month - 1]) \(year) "
            + [time / 3600, time / 60 % 60, time % 60].map(pad).joined(separator: ":") + " +0000"
    }

    /// Howard Hinnant's civil_from_days: days since 1970-01-01 to the proleptic Gregorian calendar.
    private static func civil(fromDay day: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    private static func pad(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
