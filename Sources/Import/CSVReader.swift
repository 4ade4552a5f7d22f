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
        try feedRuns(bytes, body)
    }

    /// Takes what has no meaning for the format in one piece: nine bytes in ten.
    private mutating func feedRuns(_ bytes: UnsafeRawBufferPointer.SubSequence, _ body: (CSVRecord) throws -> Void) throws {
        var index = bytes.startIndex
        while index < bytes.endIndex {
            var end = index
            switch state {
            case .quoted:
                while end < bytes.endIndex, bytes[end] != UInt8(ascii: "\""), bytes[end] != UInt8(ascii: "\n"),
                      bytes[end] != UInt8(ascii: "\r")
                { end += 1 }
            case .fieldStart, .plain:
                while end < bytes.endIndex, bytes[end] != separator, bytes[end] != UInt8(ascii: "\n"),
                      bytes[end] != UInt8(ascii: "\r"), state == .plain || end > index || bytes[end] != UInt8(ascii: "\"")
                { end += 1 }
            case .quoteInQuoted: break
            }
            guard end > index else {
                try feed(bytes[index], body)
                index += 1
                continue
            }
            isAfterCarriageReturn = false
            if state == .fieldStart { state = .plain }
            recordBytes += end - index
            try requireRoom()
            field.append(contentsOf: bytes[index..<end])
            index = end
        }
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
        try requireRoom()
        field.append(byte)
    }

    private func requireRoom() throws {
        guard recordBytes <= Self.maximumRecordBytes else {
            throw state == .quoted
                ? ImportError.unterminatedQuote(file: file, line: quoteLine)
                : ImportError.fieldTooLong(file: file, line: recordLine)
        }
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
        // The next one usually has as many.
        fields = []
        fields.reserveCapacity(record.fields.count)
        try body(record)
    }
}

extension CSVReader {
    /// The separator of a file's first lines: the one that stands on most of them, then the commonest, of `;`, tab, `,`
    /// and `|` outside quotes. A title above the table, and commas in addresses or numbers, do not mislead it.
    static func separator(of start: some Sequence<UInt8>) -> UInt8 {
        let candidates: [UInt8] = [UInt8(ascii: ";"), UInt8(ascii: "\t"), UInt8(ascii: ","), UInt8(ascii: "|")]
        var lines = [Int](repeating: 0, count: candidates.count)
        var totals = [Int](repeating: 0, count: candidates.count)
        var isMet = [Bool](repeating: false, count: candidates.count)
        var isQuoted = false
        func endLine() {
            for index in candidates.indices where isMet[index] {
                lines[index] += 1
                isMet[index] = false
            }
        }
        for byte in start {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            guard !isQuoted else { continue }
            if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { endLine() }
            if let index = candidates.firstIndex(of: byte) {
                totals[index] += 1
                isMet[index] = true
            }
        }
        endLine()
        // The first of equals, in the order above.
        var best = 0
        for index in candidates.indices where (lines[index], totals[index]) > (lines[best], totals[best]) { best = index }
        return candidates[best]
    }

    /// Reads a file's records, blank ones left out; the first is the header.
    static func read(
        _ source: FileSource, separator: UInt8? = nil, _ body: (CSVRecord, _ bytesRead: Int) throws -> Void
    ) throws {
        let encoding = try TextEncoding.detect(in: source)
        let chosen = try separator ?? CSVReader.separator(of: source, encoding)
        var reader = CSVReader(file: source.name, encoding: encoding, separator: chosen)
        var position = 0
        var isFirst = true
        /// Passes on what is a record to a reader: not Excel's `sep=;` line, nor the blank rows it leaves at the end.
        func pass(_ record: CSVRecord) throws {
            let isMark = isFirst && record.fields[0].lowercased().hasPrefix("sep=")
            isFirst = false
            if isMark || record.fields.allSatisfy(\.isBlank) { return }
            try body(record, position)
        }
        try source.readText(encoding) { chunk, bytesRead in
            position = bytesRead
            try reader.feed(chunk, pass)
        }
        try reader.finish(pass)
    }

    /// Lines and bytes looked at for the separator.
    private static let sampledLines = 20
    private static let sampledBytes = 1 << 16

    private static func separator(of source: FileSource, _ encoding: TextEncoding) throws -> UInt8 {
        struct Enough: Error {}
        var start: [UInt8] = []
        var lines = 0
        do {
            try source.readText(encoding) { chunk, _ in
                for byte in chunk {
                    start.append(byte)
                    if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r"), start.count > 1 { lines += 1 }
                    if lines > sampledLines || start.count > sampledBytes { throw Enough() }
                }
            }
        } catch is Enough {}
        // Excel's own word for it.
        let mark = start.starts(with: byteOrderMark) ? start.dropFirst(byteOrderMark.count) : start[...]
        if mark.count >= 5, String(decoding: mark.prefix(4), as: UTF8.self).lowercased() == "sep=" {
            return mark[mark.startIndex + 4]
        }
        return separator(of: start)
    }
}

extension String {
    fileprivate var isBlank: Bool {
        guard let first = utf8.first else { return true }
        return (first <= 0x20 || first >= 0x80) && allSatisfy(\.isWhitespace)
    }
}

extension FileSource {
    /// Reads the file as UTF-8 bytes where it is in UTF-16, and as it is otherwise.
    fileprivate func readText(
        _ encoding: TextEncoding, _ body: (_ chunk: UnsafeRawBufferPointer, _ bytesRead: Int) throws -> Void
    ) throws {
        guard case .utf16(let isBigEndian) = encoding else { return try read(body) }
        var decoder = UTF16Decoder(isBigEndian: isBigEndian)
        try read { chunk, bytesRead in try decoder.decode(chunk).withUnsafeBytes { try body($0, bytesRead) } }
        try decoder.finish().withUnsafeBytes { try body($0, byteCount) }
    }
}
