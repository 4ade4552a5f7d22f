import Foundation
import Testing

@testable import Speech

@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/espeak-ng"), "espeak-ng is not installed: run Scripts/bootstrap"))
struct SpeakerTests {
    @Test func `a text becomes sound as telephones carry it, once`() async throws {
        let speaker = Speaker()
        let sound = try await speaker.aLaw(of: "Alerte. La rivière monte : quittez le rez-de-chaussée.", language: "fr")
        // Some four seconds, and no silence: A-law's silence is 0xD5.
        #expect((16_000...64_000).contains(sound.count))
        #expect(sound.count { $0 != 0xD5 && $0 != 0x55 } > sound.count / 2)
        #expect(try await speaker.aLaw(of: "Alerte. La rivière monte : quittez le rez-de-chaussée.", language: "fr") == sound)
        #expect(try await speaker.aLaw(of: "Alerte. La rivière monte : quittez le rez-de-chaussée.", language: "en") != sound)
    }

    @Test func `a language without a voice is spoken by the French one`() async throws {
        let speaker = Speaker()
        let sound = try await speaker.aLaw(of: "Alerte.", language: "xx-nowhere")
        #expect(try await speaker.aLaw(of: "Alerte.", language: "fr") == sound)
    }

    @Test func `a program that is not there, fails, hangs on or speaks without end is told apart`() async throws {
        func code(_ words: [String]) async throws -> SpeechError.Code? {
            let speaker = Speaker(command: try #require(SpeechCommand(words)))
            return await #expect(throws: SpeechError.self) { try await speaker.aLaw(of: "a", language: "fr") }?.code
        }
        #expect(try await code(["/usr/bin/nothing-here"]) == .missing)
        #expect(try await code(["/bin/false"]) == .failed)
        #expect(try await code(["/usr/bin/yes"]) == .tooLong)
        #expect(try await code(["/bin/cat"]) == .failed)
        let silent = await #expect(throws: SpeechError.self) { try await Speaker().aLaw(of: " \n", language: "fr") }
        #expect(silent?.code == .silent)
        #expect(SpeechCommand(["espeak-ng"]) == nil && SpeechCommand([]) == nil)
    }
}
