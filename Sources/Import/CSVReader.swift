/// One record of a CSV file, with the number of the line it starts on.
struct CSVRecord {
    let line: Int
    let fields: [String]
}

/// Reads CSV as RFC 4180 and spreadsheets write it: quoted fields with doubled quotes and line breaks inside,
/// CR, LF or CRLF, any of the usual separators. Streaming; a record is at most 1 MiB.
///
/// Swift's CSV packages load the file whole and forget line numbers; an error report needs both.
struct CSVReader {
    private enum State { case fieldStart, plain, quoted, quoteInQuoted }

    private static let maximumRecordBytes = 1 << 20
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    private let file: String
    private let encoding: TextEncoding
    private let separator: UInt8
    private var state = State.fieldStart
    private var field: [UInt8] = []
    private var fields: [String] = []
    private var recordBytes = 0
    private var line = 1
    private var recordLine = 1
    private var quoteLine = 1
    private var isAfterCarriageReturn = false
    /// Bytes of a byte order mark met at the start of the file; nil once it is past.
    private var markBytes: Int? = 0

    init(file: String, encoding: TextEncoding, separator: UInt8) {
        self.file = file
        self.encoding = encoding
        self.separator = separator
    }

    mutating func feed(_ chunk: UnsafeRawBufferPointer, _ body: (CSVRecord) throws -> Void) throws {
        var bytes = chunk[...]
        while let met = markBytes, let byte = bytes.first {
            guard byte == Self.byteOrderMark[met] else {
                try endMark(body)
                break
            }
            bytes = bytes.dropFirst()
            markBytes = met + 1 == Self.byteOrderMark.count ? nil : met + 1
        }
        for byte in bytes { try feed(byte, body) }
    }

    /// What began like a mark and is none is text.
    private mutating func endMark(_ body: (CSVRecord) throws -> Void) throws {
        guard let met = markBytes else { return }
        markBytes = nil
        for byte in Self.byteOrderMark.prefix(met) { try feed(byte, body) }
    }

    /// The last record, when the file does not end with a line break.
    mutating func finish(_ body: (CSVRecord) throws -> Void) throws {
        try endMark(body)
        if state == .quoted { throw ImportError.unterminatedQuote(file: file, line: quoteLine) }
        if recordBytes > 0 { try endRecord(body) }
    }

    private mutating func feed(_ byte: UInt8, _ body: (CSVRecord) throws -> Void) throws {
        let isLineFeedOfPair = byte == UInt8(ascii: "\n") && isAfterCarriageReturn
        isAfterCarriageReturn = byte == UInt8(ascii: "\r")
        if !isLineFeedOfPair, byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { line += 1 }

        if state == .quoted {
            if byte == UInt8(ascii: "\"") { state = .quoteInQuoted } else { try append(byte) }
            return
        }
        if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
            if isLineFeedOfPair { return }
            try endRecord(body)
            return
        }
        recordBytes += 1
        switch (state, byte) {
        case (_, separator):
            endField()
        case (.fieldStart, UInt8(ascii: "\"")):
            state = .quoted
            quoteLine = line
        case (.quoteInQuoted, UInt8(ascii: "\"")):
            state = .quoted
            try append(byte)
        default:
            state = .plain
            try append(byte)
        }
    }

    private mutating func append(_ byte: UInt8) throws {
        recordBytes += 1
        guard recordBytes <= Self.maximumRecordBytes else {
            throw state == .quoted
                ? ImportError.unterminatedQuote(file: file, line: quoteLine)
                : ImportError.fieldTooLong(file: file, line: recordLine)
        }
        field.append(byte)
    }

    private mutating func endField() {
        fields.append(encoding.text(field))
        field.removeAll(keepingCapacity: true)
        state = .fieldStart
    }

    private mutating func endRecord(_ body: (CSVRecord) throws -> Void) throws {
        defer {
            recordLine = line
            recordBytes = 0
        }
        // A line without anything on it is no record.
        guard recordBytes > 0 else { return }
        endField()
        let record = CSVRecord(line: recordLine, fields: fields)
        fields.removeAll(keepingCapacity: true)
        try body(record)
    }
}

extension CSVReader {
    /// The separator of a header line: the commonest of `;`, tab, `,` and `|` outside quotes.
    static func separator(of header: some Sequence<UInt8>) -> UInt8 {
        let candidates: [UInt8] = [UInt8(ascii: ";"), UInt8(ascii: "\t"), UInt8(ascii: ","), UInt8(ascii: "|")]
        var counts = [Int](repeating: 0, count: candidates.count)
        var isQuoted = false
        for byte in header {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if let index = candidates.firstIndex(of: byte), !isQuoted { counts[index] += 1 }
        }
        let best = counts.indices.max { counts[$0] < counts[$1] }!
        return counts[best] == 0 ? UInt8(ascii: ";") : candidates[counts.firstIndex(of: counts[best])!]
    }

    /// Reads a file's records, blank ones left out; the first is the header.
    static func read(
        _ source: FileSource, separator: UInt8? = nil, _ body: (CSVRecord, _ bytesRead: Int) throws -> Void
    ) throws {
        let encoding = try TextEncoding.detect(in: source)
        let chosen = try separator ?? CSVReader.separator(of: headerLine(of: source))
        var reader = CSVReader(file: source.name, encoding: encoding, separator: chosen)
        var position = 0
        var isFirst = true
        /// Passes on what is a record to a reader: not Excel's `sep=;` line, nor the blank rows it leaves at the end.
        func pass(_ record: CSVRecord) throws {
            let isMark = isFirst && record.fields[0].lowercased().hasPrefix("sep=")
            isFirst = false
            if isMark || record.fields.allSatisfy({ $0.allSatisfy(\.isWhitespace) }) { return }
            try body(record, position)
        }
        try source.read { chunk, bytesRead in
            position = bytesRead
            try reader.feed(chunk, pass)
        }
        try reader.finish(pass)
    }

    private static func headerLine(of source: FileSource) throws -> [UInt8] {
        struct Enough: Error {}
        var header: [UInt8] = []
        do {
            try source.read { chunk, _ in
                for byte in chunk {
                    if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                        if header.isEmpty { continue }
                        throw Enough()
                    }
                    header.append(byte)
                    if header.count > maximumRecordBytes { throw Enough() }
                }
            }
        } catch is Enough {}
        return header
    }
}
