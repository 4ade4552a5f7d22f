import AlertModel
import Campaigns
import Dispatching
import Foundation
import Testing

@testable import Store

@Suite struct RecordingsTests {
    @Test func `a recording is kept under its name, known by its sound, and removed`() throws {
        let bench = try StoreBench()
        let store = bench.database, town = try store.organisation(named: "Mairie")
        let sound = [UInt8](repeating: 0x2A, count: 12_000)
        let hash = try store.addRecording(named: "crue", sound, of: town, by: "root", now: .now).hash
        #expect(try store.sound(hash) == sound)
        let saved = try #require(try store.recordings(of: town).first)
        #expect((saved.name, saved.hash, saved.seconds, saved.createdBy) == ("crue", hash, 1.5, "root"))
        #expect(throws: RecordingError.exists(name: "crue")) { try store.addRecording(named: "crue", sound, of: town, by: "root", now: .now) }
        for name in ["", " crue", "a\nb", String(repeating: "a", count: 101)] {
            #expect(throws: RecordingError.invalidName) { try store.addRecording(named: name, sound, of: town, by: "root", now: .now) }
        }
        #expect(throws: RecordingError.unknown(name: "feu", known: ["crue"])) { try store.recording(named: "feu", of: town) }
        try store.removeRecording(named: "crue", of: town, by: "root")
        #expect(try store.recordings(of: town).isEmpty && store.sound(hash) == nil)
    }

    @Test func `what a template plays is not removed`() throws {
        let bench = try StoreBench()
        let store = bench.database, town = try store.organisation(named: "Mairie")
        let hash = try store.addRecording(named: "crue", [1, 2, 3], of: town, by: "root", now: .now).hash
        func save(_ variant: String) throws {
            let document = #"{"version": 1, "message": {"subject": "a", "text": "b"\#(variant)}, "correction": {"text": "b"}, "allClear": {"text": "b"}}"#
            _ = try store.save(MessageTemplate(Array(document.utf8)), named: "crue", of: town, actor: "root")
        }
        try save(#", "variants": [{"channel": "voice", "text": "b", "recording": "\#(hash.hexadecimal)"}]"#)
        #expect(throws: RecordingError.inUse(name: "crue", by: ["a template"])) { try store.removeRecording(named: "crue", of: town, by: "root") }
        try save("")
        try store.removeRecording(named: "crue", of: town, by: "root")
    }
}
