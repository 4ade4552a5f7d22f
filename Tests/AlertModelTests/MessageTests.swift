import GeoModel
import Testing

@testable import AlertModel

@Suite struct MessageTests {
    private static func variant(_ language: String?, _ channel: Channel?, _ text: String, subject: String? = nil) throws
        -> MessageVariant
    {
        MessageVariant(try #require(MessageVariant.Use(language: language, channel: channel)), subject: subject, text: text)
    }

    private func message() throws -> Message {
        Message(
            subject: "Crue", text: "Évacuez",
            variants: [
                try Self.variant("pt-BR", nil, "Saia já"), try Self.variant("pt", nil, "Saia", subject: "Cheia"),
                try Self.variant(nil, .sms, "Crue. Évacuez"), try Self.variant("en", .sms, "Flood. Leave"),
                try Self.variant("en", nil, "Leave your home"),
            ])
    }

    @Test(arguments: [
        ("fr", Channel.email, "Évacuez", "Crue"), ("", .sms, "Crue. Évacuez", "Crue"), ("en", .sms, "Flood. Leave", "Crue"),
        ("EN-gb", .sms, "Flood. Leave", "Crue"), ("en", .voice, "Leave your home", "Crue"), ("pt", .sms, "Saia", "Cheia"),
        ("pt-br", .sms, "Saia já", "Crue"), ("pt-PT", .email, "Saia", "Cheia"), ("eng", .email, "Évacuez", "Crue"),
        ("de", .sms, "Crue. Évacuez", "Crue"),
    ])
    func `each person gets the nearest wording`(language: String, channel: Channel, text: String, subject: String) throws {
        let worded = try message().worded(for: channel, language: language)
        #expect(worded == Message(subject: subject, text: text))
    }

    @Test func `in an exercise every wording starts with EXERCICE, once`() throws {
        let marked = try message().marked(for: .exercise)
        #expect(marked.isMarkedAsExercise)
        #expect(try !message().isMarkedAsExercise)
        #expect(marked.marked(for: .exercise) == marked)
        for channel in Channel.allCases {
            for language in ["", "en", "pt", "pt-br"] {
                let worded = marked.worded(for: channel, language: language)
                #expect(worded.text.hasPrefix("EXERCICE - ") && worded.subject.hasPrefix("EXERCICE - "))
            }
        }
        #expect(try message().marked(for: .real) == message())
    }

    @Test func `the wordings of a channel are listed once each`() throws {
        #expect(try message().wordings(on: .sms).map(\.text) == ["Crue. Évacuez", "Flood. Leave", "Saia", "Saia já"])
        #expect(Message(subject: "", text: "x").wordings(on: .fax).count == 1)
    }

    @Test func `a document gives the message back, and has one text`() throws {
        let text = MessageDocument.encode(try message())
        #expect(try MessageDocument.decode(Array(text.utf8)) == message())
        let other = Message(subject: "Crue", text: "Évacuez", variants: try message().variants.reversed())
        #expect(MessageDocument.encode(other) == text)
    }

    @Test(arguments: [
        (#"{"subject":"a"}"#, "text"), (#"{"text":1}"#, "text"), (#"{"text":"a","texte":"b"}"#, "texte"),
        (#"{"text":"a","variants":[{"text":"b"}]}"#, "variants[0].language"),
        (#"{"text":"a","variants":[{"language":"e","text":"b"}]}"#, "variants[0].language"),
        (#"{"text":"a","variants":[{"language":"en","channel":"pigeon","text":"b"}]}"#, "variants[0].channel"),
        (#"{"text":"a","variants":[{"language":"en","text":"b"},{"language":"EN","text":"c"}]}"#, "variants[1]"),
        (#"{"text":"a","variants":[{"language":"en"}]}"#, "variants[0].text"), (#"{"text":"a","variants":{}}"#, "variants"),
        ("[]", ""), ("", ""),
    ])
    func `a fault is named by its place`(document: String, path: String) {
        #expect {
            try MessageDocument.decode(Array(document.utf8))
        } throws: { ($0 as? JSONMemberError)?.path == path }
    }
}
