import Foundation

/// Reads `multipart/form-data` (RFC 7578, RFC 2046 section 5.1) as it arrives, in pieces cut anywhere.
///
/// A value without input or output of its own. Memory is one delimiter and one part's header, whatever the body.
struct MultipartReader {
    struct Part: Hashable, Sendable {
        /// The field's name.
        let name: String
        /// Of a file; never used as a path.
        let fileName: String?
        /// In lower case, from the part's content type.
        let charset: String?
    }

    enum Event: Hashable, Sendable {
        case begin(Part)
        case bytes([UInt8])
        case end
    }

    enum Fault: Error, Hashable, Sendable {
        case notMultipart, tooManyParts, headerTooLong, malformedHeader, truncated, malformed
    }

    /// A form for addresses has a file and a dozen fields; as many columns as anybody names fit.
    static let mostParts = 200
    /// A part's header names a field and a file.
    static let longestHeader = 8 << 10
    /// RFC 2046, section 5.1.1.
    static let longestBoundary = 70

    private enum State {
        /// Before the first delimiter: ignored.
        case preamble
        /// Right after a delimiter: its line's end, or the dashes that close the body.
        case delimited
        case header, content
        /// After the closing delimiter: ignored.
        case epilogue
    }

    private let delimiter: [UInt8]
    /// Not yet understood: at most a delimiter's length of content, or a header.
    private var pending: [UInt8]
    private var state = State.preamble
    private var parts = 0

    /// - Parameter contentType: of the request.
    init(contentType: String) throws(Fault) {
        let (type, parameters) = HeaderParameters.read(contentType)
        guard type.lowercased() == "multipart/form-data", let boundary = parameters["boundary"],
            (1...Self.longestBoundary).contains(boundary.utf8.count),
            boundary.utf8.allSatisfy({ (0x20...0x7E).contains($0) })
        else { throw .notMultipart }
        delimiter = Array("\r\n--\(boundary)".utf8)
        // The first delimiter may open the body, without the line break that precedes the others.
        pending = [0x0D, 0x0A]
    }

    /// Takes the next bytes and passes on what they complete.
    mutating func feed(_ bytes: some Sequence<UInt8>, _ body: (Event) throws -> Void) throws {
        if state == .epilogue { return }
        pending.append(contentsOf: bytes)
        while try step(body) {}
    }

    /// - Throws: `truncated` when the closing delimiter never came.
    func finish() throws(Fault) {
        guard state == .epilogue else { throw parts == 0 && state == .preamble ? .malformed : .truncated }
    }

    /// - Returns: whether more may be understood without more bytes.
    private mutating func step(_ body: (Event) throws -> Void) throws -> Bool {
        switch state {
        case .preamble:
            if let start = Self.find(delimiter, in: pending) {
                pending.removeFirst(start + delimiter.count)
                state = .delimited
                return true
            }
            keepTail()
            return false
        case .delimited: return try endOfDelimiter()
        case .header: return try header(body)
        case .content:
            if let start = Self.find(delimiter, in: pending) {
                if start > 0 { try body(.bytes(Array(pending[..<start]))) }
                try body(.end)
                pending.removeFirst(start + delimiter.count)
                state = .delimited
                return true
            }
            let sure = pending.count - (delimiter.count - 1)
            if sure > 0 {
                try body(.bytes(Array(pending[..<sure])))
                pending.removeFirst(sure)
            }
            return false
        case .epilogue:
            pending.removeAll()
            return false
        }
    }

    private mutating func keepTail() {
        let surplus = pending.count - (delimiter.count - 1)
        if surplus > 0 { pending.removeFirst(surplus) }
    }

    private mutating func endOfDelimiter() throws -> Bool {
        // Blanks may pad the line (RFC 2046, transport-padding).
        var index = 0
        while index < pending.count, pending[index] == 0x20 || pending[index] == 0x09 { index += 1 }
        guard index < Self.longestHeader else { throw Fault.malformed }
        guard pending.count >= index + 2 else { return false }
        switch (pending[index], pending[index + 1]) {
        case (0x2D, 0x2D) where index == 0: state = .epilogue
        case (0x0D, 0x0A):
            parts += 1
            guard parts <= Self.mostParts else { throw Fault.tooManyParts }
            // The line break stays: a header that is empty ends with the same one.
            pending.removeFirst(index)
            state = .header
        default: throw Fault.malformed
        }
        return true
    }

    private mutating func header(_ body: (Event) throws -> Void) throws -> Bool {
        guard let end = Self.find([0x0D, 0x0A, 0x0D, 0x0A], in: pending) else {
            guard pending.count <= Self.longestHeader else { throw Fault.headerTooLong }
            return false
        }
        guard end <= Self.longestHeader else { throw Fault.headerTooLong }
        let lines = String(decoding: pending[..<end], as: UTF8.self).split(separator: "\r\n")
        var fields: [String: String] = [:]
        for line in lines {
            guard let colon = line.firstIndex(of: ":") else { throw Fault.malformedHeader }
            fields[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmingSpaces()
        }
        let (disposition, parameters) = HeaderParameters.read(fields["content-disposition"] ?? "")
        guard disposition.lowercased() == "form-data", let name = parameters["name"] else {
            throw Fault.malformedHeader
        }
        let type = HeaderParameters.read(fields["content-type"] ?? "").parameters
        pending.removeFirst(end + 4)
        state = .content
        try body(.begin(Part(name: name, fileName: parameters["filename"], charset: type["charset"]?.lowercased())))
        return true
    }

    /// Where a text begins in the bytes, by its first byte: a file holds few line breaks for its size.
    private static func find(_ text: [UInt8], in bytes: [UInt8]) -> Int? {
        guard let first = text.first else { return nil }
        return bytes.withUnsafeBytes { bytes in
            var start = 0
            while start + text.count <= bytes.count {
                guard let found = memchr(bytes.baseAddress! + start, Int32(first), bytes.count - start) else {
                    return nil
                }
                start = UnsafeRawPointer(found) - bytes.baseAddress!
                if start + text.count <= bytes.count,
                    text.withUnsafeBytes({ memcmp(bytes.baseAddress! + start, $0.baseAddress!, text.count) }) == 0
                {
                    return start
                }
                start += 1
            }
            return nil
        }
    }
}

/// A header's value and its parameters (RFC 9110, section 5.6.6): `form-data; name="data"; filename="a\"b.csv"`.
enum HeaderParameters {
    static func read(_ text: String) -> (value: String, parameters: [String: String]) {
        var pieces: [String] = [""]
        var isQuoted = false, isEscaped = false
        for character in text.unicodeScalars {
            if isEscaped {
                pieces[pieces.count - 1].unicodeScalars.append(character)
                isEscaped = false
            } else if isQuoted, character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                isQuoted.toggle()
            } else if character == ";", !isQuoted {
                pieces.append("")
            } else {
                pieces[pieces.count - 1].unicodeScalars.append(character)
            }
        }
        var parameters: [String: String] = [:]
        for piece in pieces.dropFirst() {
            guard let sign = piece.firstIndex(of: "=") else { continue }
            let name = piece[..<sign].trimmingSpaces().lowercased()
            // Browsers write a quote as %22 (WHATWG), others escape it: both are read.
            parameters[name] = parameters[name]
                ?? piece[piece.index(after: sign)...].trimmingSpaces().replacing("%22", with: "\"")
        }
        return (pieces[0].trimmingSpaces(), parameters)
    }
}
