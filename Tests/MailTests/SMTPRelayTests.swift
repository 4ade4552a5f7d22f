import Testing

@testable import Mail

@Suite struct SMTPRelayTests {
    @Test func `a URL says where, who and how`() throws {
        let relay = try SMTPRelay("smtp://user%40mairie:p%3Ass%2Fw@relay.example:587?connections=4&timeout=9")
        #expect(relay.url == "smtp://relay.example:587")
        #expect(relay.user == "user@mairie")
        #expect(relay.password == "p:ss/w")
        #expect(relay.startTLS == .required)
        #expect(relay.connections == 4)
        #expect(relay.timeoutSeconds == 9)
        #expect("\(relay)" == "smtp://relay.example:587")
    }

    @Test func `TLS is required with a password and used when offered without one`() throws {
        #expect(try SMTPRelay("smtp://relay.example").startTLS == .opportunistic)
        #expect(try SMTPRelay("smtp://relay.example?starttls=required").startTLS == .required)
        #expect(try SMTPRelay("smtps://u:p@relay.example").startTLS == .opportunistic, "TLS from the first byte")
        #expect(throws: MailError.self) { try SMTPRelay("smtp://u:p@relay.example?starttls=none") }
        #expect(throws: MailError.self) { try SMTPRelay("smtp://u:p@relay.example?starttls=try") }
    }

    @Test(arguments: [
        "", "relay.example", "http://relay.example", "smtp://", "smtp://relay.example/path", "smtp://u@relay.example",
        "smtp://relay.example?tls=yes", "smtp://relay.example?connections=0", "smtp://relay.example?timeout=x",
        "smtp://relay.example?starttls=maybe", "smtp://relay.example?ca=/nonexistent", "smtp://u:secret@[bad",
    ])
    func `anything else is refused without repeating it`(text: String) {
        let error = #expect(throws: MailError.self) { try SMTPRelay(text) }
        #expect(error?.description.contains("secret") == false)
    }
}
