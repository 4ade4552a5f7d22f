/// Quoted-printable (RFC 2045 §6.7): what a person can still read raw, and what no relay on the way alters.
enum QuotedPrintable {
    /// RFC 2045 §6.7 (5): 76 characters, the soft line break's sign included.
    private static let lineLimit = 75

    /// A text as lines that end in CRLF, the last one too. Any line end ends a line.
    static func encode(_ text: String) -> [UInt8] {
        var output: [UInt8] = []
        let bytes = Array(text.utf8)
        output.reserveCapacity(bytes.count + bytes.count / 4 + 2)
        var start = 0
        var index = 0
        while index <= bytes.count {
            guard index == bytes.count || bytes[index] == 0x0A || bytes[index] == 0x0D else {
                index += 1
                continue
            }
            append(bytes[start..<index], to: &output)
            output.append(0x0D)
            output.append(0x0A)
            index += index + 1 < bytes.count && bytes[index] == 0x0D && bytes[index + 1] == 0x0A ? 2 : 1
            start = index
        }
        return output
    }

    /// A text of one line in the middle of another: what follows it goes on where it ended. It begins on a line of its
    /// own, so that what stands before and after is the same for every text.
    static func encodeInside(_ text: String) -> [UInt8] {
        var output: [UInt8] = []
        append(Array(text.utf8)[...], to: &output)
        return output + softBreak
    }

    static func isLineEnd(_ character: Character) -> Bool {
        character == "\n" || character == "\r\n" || character == "\r"
    }

    static let softBreak: [UInt8] = [0x3D, 0x0D, 0x0A]

    private static func append(_ line: ArraySlice<UInt8>, to output: inout [UInt8]) {
        var width = 0
        for index in line.indices {
            let byte = line[index]
            var escapes = needsEscape(byte) || isFragile(byte, atStart: width == 0, atEnd: index == line.endIndex - 1)
            if width + (escapes ? 3 : 1) > lineLimit {
                output += softBreak
                width = 0
                escapes = escapes || isFragile(byte, atStart: true, atEnd: false)
            }
            if escapes {
                output.append(0x3D)
                output.append(digits[Int(byte >> 4)])
                output.append(digits[Int(byte & 15)])
            } else {
                output.append(byte)
            }
            width += escapes ? 3 : 1
        }
    }

    private static let digits = Array("0123456789ABCDEF".utf8)

    private static func needsEscape(_ byte: UInt8) -> Bool {
        !((33...126).contains(byte) || byte == 0x20 || byte == 0x09) || byte == 0x3D
    }

    /// A blank at the end of a line may be lost on the way; a dot, "From " or a boundary's hyphens at its start may be
    /// taken for something else.
    private static func isFragile(_ byte: UInt8, atStart: Bool, atEnd: Bool) -> Bool {
        atEnd && (byte == 0x20 || byte == 0x09) || atStart && (byte == 0x2E || byte == 0x46 || byte == 0x2D)
    }
}
