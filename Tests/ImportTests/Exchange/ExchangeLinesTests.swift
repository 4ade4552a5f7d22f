import Foundation
import GeoModel
import Testing

@testable import Import

@Suite struct ExchangeLinesTests {
    private func read(_ text: String, limits: ExchangeLimits = .table, pieces: Int = 7) throws -> (lines: [String], isWhole: Bool) {
        var reader = ExchangeLines(limits: limits)
        var lines: [String] = []
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: pieces) {
            try reader.feed(bytes[start..<min(bytes.count, start + pieces)]) { lines.append(String(decoding: $0, as: UTF8.self)) }
        }
        return (lines, reader.isComplete)
    }

    @Test(arguments: [1, 3, 1000])
    func `lines are whole only with a last one that counts them`(pieces: Int) throws {
        let whole = try read("{}\n[1]\n[2]\n{\"end\":2}\n", pieces: pieces)
        #expect(whole.lines == ["{}", "[1]", "[2]"] && whole.isWhole)
        #expect(try !read("{}\n[1]\n[2]\n", pieces: pieces).isWhole)
        #expect(try !read("{}\n[1]\n{\"end\":1}", pieces: pieces).isWhole)
    }

    @Test(arguments: ["{}\n[1]\n{\"end\":2}\n", "{}\n{\"end\":0}\n[1]\n", "{\"error\":\n", "{\"end\":\"x\"}\n"])
    func `a process that contradicts itself has crashed`(text: String) {
        #expect { try read(text) } throws: { error in
            if case ExchangeProcess.Failure.crashed = error { true } else { false }
        }
    }

    @Test func `too long a line and too much of it end the reading`() {
        var limits = ExchangeLimits.table
        limits.lineBytes = 10
        limits.outputBytes = 30
        for text in [String(repeating: "x", count: 20), String(repeating: "[1]\n", count: 20)] {
            #expect { try read(text, limits: limits) } throws: { error in
                if case ExchangeProcess.Failure.tooMuchOutput = error { true } else { false }
            }
        }
    }

    @Test func `an error is told from a row`() {
        #expect { try read("{}\n[\"{\\\"error\\\":\"]\n{\"error\":\"several_sheets\",\"names\":[\"a\",\"b\"]}\n") } throws: { error in
            guard case ExchangeProcess.Failure.refused(let fault) = error else { return false }
            return fault.names == ["a", "b"] && fault.reason.contains("“a”, “b”")
        }
    }

    @Test func `every word of the process has a sentence of its own`() throws {
        let source = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "../../../Sources/Exchange/Fault.swift").standardized
        let text = try String(contentsOf: source, encoding: .utf8)
        let list = try #require(text.firstMatch(of: /enum Word: String \{(.*?)\n    \}/.dotMatchesNewlines())).1
        var words = list.matches(of: /case \w+ = "(\w+)"/).map { String($0.1) }
        for plain in list.matches(of: /case ([\w, ]+)\n/) {
            words += plain.1.split(separator: ", ").map(String.init)
        }
        #expect(words.count > 20 && words.contains("damaged") && words.contains("no_system"))
        let unknown = ExchangeFault(.null).reason
        for word in words where word != "unconfined" {
            #expect(ExchangeFault(.object(JSONObject([.init(key: "error", value: .string(word))]))).reason != unknown, "\(word)")
        }
    }
}
