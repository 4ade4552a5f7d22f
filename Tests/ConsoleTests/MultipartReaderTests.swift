import TestSupport
import Testing

@testable import Console

@Suite struct MultipartReaderTests {
    private struct Part: Hashable {
        var name: String
        var fileName: String?
        var bytes: [UInt8]
    }

    private static let type = "multipart/form-data; boundary=frontière".replacing("è", with: "e")

    /// Reads a body cut into pieces.
    private func read(_ pieces: [[UInt8]], type: String = type) throws -> [Part] {
        var reader = try MultipartReader(contentType: type)
        var parts: [Part] = []
        var isOpen = false
        for piece in pieces {
            try reader.feed(piece) { event in
                switch event {
                case .begin(let part):
                    #expect(!isOpen)
                    isOpen = true
                    parts.append(Part(name: part.name, fileName: part.fileName, bytes: []))
                case .bytes(let bytes):
                    #expect(isOpen && !bytes.isEmpty)
                    parts[parts.count - 1].bytes += bytes
                case .end: isOpen = false
                }
            }
        }
        try reader.finish()
        return parts
    }

    private func fault(_ body: String, type: String = type) -> MultipartReader.Fault? {
        do {
            _ = try read([Array(body.utf8)], type: type)
            return nil
        } catch { return error as? MultipartReader.Fault }
    }

    /// What clients write, with bodies that look like delimiters.
    private static let body = Array("""
        ignored preamble\r\n--frontiere \t\r\nContent-Disposition: form-data; name="data"; filename="a \\"b\\";c.csv"\r
        Content-Type: text/csv; charset=ISO-8859-1\r\n\r\nid;x\r\n1;\r\n--frontier\r\n-\r\n--\r\n\r\n\r\n--frontiere\r
        content-disposition:form-data;name=columns\r\n\r\n\r\n--frontiere\r
        X-Other: 1\r\nContent-Disposition: form-data; name="a%22b"; filename=""\r\n\r\nz\r\n--frontiere--\r
        ignored epilogue --frontiere\r\n
        """.utf8)

    private static let parts = [
        Part(name: "data", fileName: "a \"b\";c.csv", bytes: Array("id;x\r\n1;\r\n--frontier\r\n-\r\n--\r\n\r\n".utf8)),
        Part(name: "columns", fileName: nil, bytes: []),
        Part(name: "a\"b", fileName: "", bytes: Array("z".utf8)),
    ]

    @Test func `a form is its parts`() throws {
        #expect(try read([Self.body]) == Self.parts)
    }

    @Test func `cut in two anywhere it is the same form`() throws {
        for cut in 0...Self.body.count {
            #expect(try read([Array(Self.body[..<cut]), Array(Self.body[cut...])]) == Self.parts, "at \(cut)")
        }
    }

    @Test func `byte by byte it is the same form`() throws {
        #expect(try read(Self.body.map { [$0] }) == Self.parts)
    }

    @Test func `cut at random it is the same form, and any part of it is incomplete`() throws {
        var dice = SeededGenerator(seed: 7)
        for _ in 0..<300 {
            var pieces: [[UInt8]] = [], rest = Self.body[...]
            while !rest.isEmpty {
                let length = Int.random(in: 0...min(40, rest.count), using: &dice)
                pieces.append(Array(rest.prefix(length)))
                rest = rest.dropFirst(length)
            }
            #expect(try read(pieces) == Self.parts)
        }
        let text = String(decoding: Self.body, as: UTF8.self)
        let closing = try #require(text.ranges(of: "--frontiere--").first)
        let end = text.utf8.distance(from: text.startIndex, to: closing.upperBound)
        for length in stride(from: 0, to: end, by: 7) {
            #expect(throws: MultipartReader.Fault.self) { try read([Array(Self.body[..<length])]) }
        }
    }

    @Test func `a body of bytes at random comes back whole`() throws {
        var dice = SeededGenerator(seed: 11)
        for size in [0, 1, 2, 13, 14, 4_095, 70_000] {
            // Many line breaks and dashes: the beginnings of delimiters.
            let content = (0..<size).map { _ in
                [0x0D, 0x0A, 0x2D, UInt8.random(in: 0...255, using: &dice)].randomElement(using: &dice)!
            }
            let body = Array("--frontiere\r\nContent-Disposition: form-data; name=\"data\"\r\n\r\n".utf8) + content
                + Array("\r\n--frontiere--".utf8)
            let pieces = stride(from: 0, to: body.count, by: 1_000).map { Array(body[$0..<min($0 + 1_000, body.count)]) }
            #expect(try read(pieces).map(\.bytes) == [content])
        }
    }

    @Test func `noise is refused, and never a crash`() throws {
        var dice = SeededGenerator(seed: 3)
        for _ in 0..<2_000 {
            var body = Self.body
            for _ in 0..<Int.random(in: 1...6, using: &dice) {
                let place = Int.random(in: 0..<body.count, using: &dice)
                switch Int.random(in: 0..<3, using: &dice) {
                case 0: body[place] = UInt8.random(in: 0...255, using: &dice)
                case 1: body.remove(at: place)
                default: body.insert(contentsOf: body[place...].prefix(9), at: place)
                }
            }
            do { _ = try read([body]) } catch { #expect(error is MultipartReader.Fault) }
        }
    }

    @Test func `what is no form is refused by what is wrong with it`() {
        let head = "--frontiere\r\n"
        #expect(fault("", type: "text/csv") == .notMultipart)
        #expect(fault("", type: "multipart/form-data") == .notMultipart)
        #expect(fault("", type: "multipart/mixed; boundary=x") == .notMultipart)
        #expect(fault("", type: "multipart/form-data; boundary=\(String(repeating: "x", count: 71))") == .notMultipart)
        #expect(fault("") == .malformed)
        #expect(fault("no boundary at all") == .malformed)
        #expect(fault(head) == .truncated)
        #expect(fault("\(head)Content-Disposition: form-data; name=a\r\n\r\nx") == .truncated)
        #expect(fault("\(head)Content-Disposition: form-data\r\n\r\nx\r\n--frontiere--") == .malformedHeader)
        #expect(fault("\(head)Content-Disposition: attachment; name=a\r\n\r\nx\r\n--frontiere--") == .malformedHeader)
        #expect(fault("\(head)\r\nx\r\n--frontiere--") == .malformedHeader)
        #expect(fault("\(head)no colon\r\n\r\nx\r\n--frontiere--") == .malformedHeader)
        #expect(fault("--frontiereX\r\n\r\n") == .malformed)
        #expect(fault("\(head)A: \(String(repeating: "x", count: 9_000))\r\n\r\nx\r\n--frontiere--") == .headerTooLong)
        #expect(fault("--frontiere\(String(repeating: " ", count: 9_000))") == .malformed)
        let many = (0...MultipartReader.mostParts).map { "--frontiere\r\nContent-Disposition: form-data; name=\($0)\r\n\r\nx\r\n" }
        #expect(fault(many.joined() + "--frontiere--") == .tooManyParts)
    }
}
