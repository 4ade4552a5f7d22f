import Foundation

/// A CSV table, in memory or mapped from a file, to be read row by row and written again as it came: its separator, its line ends, its
/// encoding and its byte order mark are kept.
///
/// All of it is checked before the first row is given, so that whoever answers row by row need not stop half-way.
package struct UploadedTable: Sendable {
    /// Why a table cannot be read, without anything of its content.
    package enum Fault: Error, Hashable, Sendable {
        case unknownEncoding, undecodable
        case badDelimiter, noHeader
        case tooManyRows(limit: Int)
        case tooManyFields(line: Int)
        case unterminatedQuote(line: Int)
        case recordTooLong(line: Int)
    }

    /// How texts are written. What Latin-1 lacks of Windows-1252 is kept where the file has it, never added.
    private enum Encoding { case utf8, windows1252, latin1 }

    package let header: [String]
    /// The answer's charset, as HTTP names it.
    package let charset: String
    private let bytes: Data
    private let encoding: Encoding
    private let separator: UInt8
    private let lineEnd: [UInt8]
    private let mark: [UInt8]
    private var reader: CSVReader
    private var position = 0
    private var isAtHeader = true
    private var waiting: [[String]] = []

    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
    /// Bytes read before rows are given.
    private static let pieceBytes = 16 << 10

    /// - Parameters:
    ///   - encoding: its name as clients write it (`utf-8`, `latin-1`, `windows-1252`); nil to find out.
    ///   - delimiter: one character, or nil to find out.
    ///   - writesMark: whether a UTF-8 answer begins with a byte order mark although the table did not.
    ///   - mostRows: the header apart.
    package init(
        bytes: Data, encoding name: String?, delimiter: String?, writesMark: Bool, mostRows: Int
    ) throws(Fault) {
        let hasMark = bytes.starts(with: Self.byteOrderMark)
        encoding = try Self.encoding(of: bytes, name)
        charset = switch encoding {
        case .utf8: "utf-8"
        case .windows1252: "windows-1252"
        case .latin1: "iso-8859-1"
        }
        mark = encoding == .utf8 && (hasMark || writesMark) ? Self.byteOrderMark : []
        self.bytes = bytes
        separator = try Self.separator(of: bytes, delimiter)
        let feed = bytes.firstIndex(of: 0x0A)
        lineEnd = feed.map { $0 > 0 && bytes[$0 - 1] == 0x0D } ?? false ? [0x0D, 0x0A] : [0x0A]
        let fresh = CSVReader(file: "", encoding: encoding == .utf8 ? .utf8 : .windows1252, separator: separator)
        header = try Self.check(bytes, fresh, mostRows)
        reader = fresh
    }

    /// The next rows, each as long as the header; nil at the end.
    package mutating func next(upTo count: Int) throws -> [[String]]? {
        while waiting.count < count, position < bytes.count {
            var rows: [[String]] = []
            let end = min(position + Self.pieceBytes, bytes.count)
            try bytes[position..<end].withUnsafeBytes { piece in
                try reader.feed(piece) { rows.append($0.fields) }
            }
            position = end
            if position == bytes.count { try reader.finish { rows.append($0.fields) } }
            if isAtHeader, !rows.isEmpty {
                rows.removeFirst()
                isAtHeader = false
            }
            waiting += rows.map(fitted)
        }
        guard !waiting.isEmpty else { return nil }
        let rows = Array(waiting.prefix(count))
        waiting.removeFirst(rows.count)
        return rows
    }

    private func fitted(_ row: [String]) -> [String] {
        let kept = row.prefix(header.count)
        return kept + Array(repeating: "", count: header.count - kept.count)
    }

    // MARK: Writing

    /// The bytes an answer begins with.
    package var beginning: [UInt8] { mark }

    /// A line of the answer.
    /// - Parameters:
    ///   - fields: the table's own, which are written as they came.
    ///   - results: what was added; a letter that the encoding lacks is written with the ones it has.
    package func line(_ fields: [String], _ results: [String]) -> [UInt8] {
        var line: [UInt8] = []
        var isFirst = true
        func append(_ field: String, isOwn: Bool) {
            if !isFirst { line.append(separator) }
            isFirst = false
            let needsQuotes = field.utf8.contains { $0 == separator || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }
            let text = needsQuotes ? "\"" + field.replacing("\"", with: "\"\"") + "\"" : field
            encode(text, isOwn: isOwn, into: &line)
        }
        for field in fields { append(field, isOwn: true) }
        for result in results { append(result, isOwn: false) }
        return line + lineEnd
    }

    private func encode(_ text: String, isOwn: Bool, into line: inout [UInt8]) {
        guard encoding != .utf8, !text.utf8.allSatisfy({ $0 < 0x80 }) else {
            line.append(contentsOf: text.utf8)
            return
        }
        for scalar in text.precomposedStringWithCanonicalMapping.unicodeScalars {
            if let byte = byte(of: scalar, isOwn: isOwn) {
                line.append(byte)
            } else {
                line.append(contentsOf: Self.spelled(scalar))
            }
        }
    }

    private func byte(of scalar: Unicode.Scalar, isOwn: Bool) -> UInt8? {
        if scalar.value < 0x80 || (0xA0...0xFF).contains(scalar.value) { return UInt8(scalar.value) }
        return encoding == .windows1252 || isOwn ? Self.windows1252[scalar] : nil
    }

    /// The bytes 0x80 to 0x9F of Windows-1252, by what they stand for.
    private static let windows1252: [Unicode.Scalar: UInt8] = Dictionary(
        (0x80...0x9F).compactMap { byte in
            TextEncoding.windows1252.text([UInt8(byte)]).unicodeScalars.first.map { ($0, UInt8(byte)) }
        }) { first, _ in first }

    /// ASCII for a letter that an encoding lacks.
    private static func spelled(_ scalar: Unicode.Scalar) -> [UInt8] {
        switch scalar {
        case "œ": return Array("oe".utf8)
        case "Œ": return Array("OE".utf8)
        case "’", "‘": return Array("'".utf8)
        case "–", "—": return Array("-".utf8)
        default:
            let folded = String(scalar).folding(options: .diacriticInsensitive, locale: nil)
            return folded.utf8.allSatisfy { $0 < 0x80 } ? Array(folded.utf8) : Array("?".utf8)
        }
    }

    // MARK: Reading what is there

    private static func encoding(of bytes: Data, _ name: String?) throws(Fault) -> Encoding {
        var validator = UTF8Validator()
        let isUTF8 = bytes.withUnsafeBytes { validator.feed($0) } && validator.isComplete
        let plain = name?.lowercased().filter { $0.isLetter || $0.isNumber }
        switch plain {
        case nil, "": return isUTF8 ? .utf8 : .windows1252
        case "utf8", "utf8sig":
            guard isUTF8 else { throw .undecodable }
            return .utf8
        case "ascii", "usascii":
            guard bytes.allSatisfy({ $0 < 0x80 }) else { throw .undecodable }
            return .utf8
        case "latin1", "iso88591", "l1": return .latin1
        case "windows1252", "cp1252": return .windows1252
        default: throw .unknownEncoding
        }
    }

    private static func separator(of bytes: Data, _ named: String?) throws(Fault) -> UInt8 {
        if let named {
            let text = named == "\\t" || named.lowercased() == "tab" ? "\t" : named
            guard text.utf8.count == 1, let byte = text.utf8.first, byte < 0x80, byte == 0x09 || byte >= 0x20,
                  byte != UInt8(ascii: "\"")
            else { throw .badDelimiter }
            return byte
        }
        let header = Array(bytes.prefix { $0 != 0x0A && $0 != 0x0D })
        let candidates = Array(";,\t|".utf8)
        if header.contains(where: candidates.contains) { return CSVReader.separator(of: header) }
        // One column: any sign that is nowhere in it.
        for byte in candidates + Array("~^".utf8) where !bytes.contains(byte) { return byte }
        throw .badDelimiter
    }

    /// Reads all of it once.
    private static func check(_ bytes: Data, _ fresh: CSVReader, _ mostRows: Int) throws(Fault) -> [String] {
        var reader = fresh
        var header: [String]?
        var rows = 0
        func take(_ record: CSVRecord) throws {
            guard let header else { return header = record.fields }
            rows += 1
            guard rows <= mostRows else { throw Fault.tooManyRows(limit: mostRows) }
            // Spreadsheets leave separators behind the last column; anything else there would be lost.
            guard record.fields.dropFirst(header.count).allSatisfy(\.isEmpty) else {
                throw Fault.tooManyFields(line: record.line)
            }
        }
        do {
            try bytes.withUnsafeBytes { try reader.feed($0, take) }
            try reader.finish(take)
        } catch let fault as Fault {
            throw fault
        } catch ImportError.unterminatedQuote(_, let line) {
            throw .unterminatedQuote(line: line)
        } catch ImportError.fieldTooLong(_, let line) {
            throw .recordTooLong(line: line)
        } catch {
            throw .undecodable
        }
        guard let header else { throw .noHeader }
        return header
    }
}
