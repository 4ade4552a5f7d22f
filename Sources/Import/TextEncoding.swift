/// The encodings French town halls send: UTF-8, with or without a mark, Windows-1252, and Excel's “Texte Unicode”.
enum TextEncoding: Equatable {
    case utf8
    case windows1252
    /// With a byte order mark, which tells it: UTF-16 without one is indistinguishable from damage.
    case utf16(isBigEndian: Bool)

    /// Reads the whole file: a Windows-1252 accent may come late. Memory is constant.
    static func detect(in source: FileSource) throws -> TextEncoding {
        struct Enough: Error {}
        var validator = UTF8Validator()
        var isValid = true
        var start: [UInt8] = []
        do {
            try source.read { chunk, _ in
                if start.count < 2 { start += chunk.prefix(2 - start.count) }
                if start == [0xFF, 0xFE] || start == [0xFE, 0xFF] { throw Enough() }
                if isValid { isValid = validator.feed(chunk) }
            }
        } catch is Enough {
            return .utf16(isBigEndian: start == [0xFE, 0xFF])
        }
        return isValid && validator.isComplete ? .utf8 : .windows1252
    }

    /// The text of a field's bytes. Those of UTF-16 have been brought to UTF-8 before.
    func text(_ bytes: [UInt8]) -> String {
        switch self {
        case .utf8, .utf16:
            return String(decoding: bytes, as: UTF8.self)
        case .windows1252:
            if bytes.allSatisfy({ $0 < 0x80 }) { return String(decoding: bytes, as: UTF8.self) }
            var scalars = String.UnicodeScalarView()
            for byte in bytes { scalars.append(Self.windows1252Scalar(byte)) }
            return String(scalars)
        }
    }

    /// WHATWG's index for windows-1252: 0x80–0x9F are its own, the rest is Latin-1.
    private static func windows1252Scalar(_ byte: UInt8) -> Unicode.Scalar {
        guard (0x80...0x9F).contains(byte) else { return Unicode.Scalar(byte) }
        return Unicode.Scalar(high[Int(byte) - 0x80]) ?? "\u{FFFD}"
    }

    private static let high: [UInt16] = [
        0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,
        0x017D, 0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A,
        0x0153, 0x9D, 0x017E, 0x0178,
    ]
}

/// Brings UTF-16 to UTF-8 over chunks that may cut a character. What is no character becomes U+FFFD.
struct UTF16Decoder {
    private let isBigEndian: Bool
    private var oddByte: UInt8?
    private var surrogate: UInt16?

    init(isBigEndian: Bool) {
        self.isBigEndian = isBigEndian
    }

    mutating func decode(_ chunk: UnsafeRawBufferPointer) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(chunk.count)
        for byte in chunk {
            guard let first = oddByte else {
                oddByte = byte
                continue
            }
            oddByte = nil
            take(isBigEndian ? UInt16(first) << 8 | UInt16(byte) : UInt16(byte) << 8 | UInt16(first), &output)
        }
        return output
    }

    /// What was left in the middle of a character.
    mutating func finish() -> [UInt8] {
        defer { (oddByte, surrogate) = (nil, nil) }
        return oddByte != nil || surrogate != nil ? Array("\u{FFFD}".utf8) : []
    }

    private mutating func take(_ unit: UInt16, _ output: inout [UInt8]) {
        if let high = surrogate {
            surrogate = nil
            if UTF16.isTrailSurrogate(unit) {
                let value = 0x10000 + (UInt32(high - 0xD800) << 10) + UInt32(unit - 0xDC00)
                return append(Unicode.Scalar(value) ?? "\u{FFFD}", &output)
            }
            append("\u{FFFD}", &output)
        }
        if UTF16.isLeadSurrogate(unit) {
            surrogate = unit
        } else {
            append(Unicode.Scalar(unit) ?? "\u{FFFD}", &output)
        }
    }

    private func append(_ scalar: Unicode.Scalar, _ output: inout [UInt8]) {
        UTF8.encode(scalar).map { output.append(contentsOf: $0) }
    }
}

/// Checks UTF-8 over chunks that may cut a character (Unicode 15, table 3-7).
struct UTF8Validator {
    private var pending = 0
    private var lower: UInt8 = 0x80
    private var upper: UInt8 = 0xBF

    /// Whether the last character is whole.
    var isComplete: Bool { pending == 0 }

    /// - Returns: false as soon as a byte can't be.
    mutating func feed(_ bytes: UnsafeRawBufferPointer) -> Bool {
        for byte in bytes {
            if pending > 0 {
                guard byte >= lower, byte <= upper else { return false }
                pending -= 1
                (lower, upper) = (0x80, 0xBF)
                continue
            }
            switch byte {
            case 0x00...0x7F: continue
            case 0xC2...0xDF: pending = 1
            case 0xE0: (pending, lower) = (2, 0xA0)
            case 0xED: (pending, upper) = (2, 0x9F)
            case 0xE1...0xEF: pending = 2
            case 0xF0: (pending, lower) = (3, 0x90)
            case 0xF1...0xF3: pending = 3
            case 0xF4: (pending, upper) = (3, 0x8F)
            default: return false
            }
        }
        return true
    }
}
