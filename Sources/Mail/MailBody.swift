import Foundation

/// A text as a MIME body: quoted-printable, which a person can still read raw, or base64 where most of the text
/// would be escapes. RFC 2045 §6.
struct MailBody {
    let encoding: String
    let bytes: [UInt8]

    /// RFC 2045 §6.7 (5) and §6.8.
    private static let lineLimit = 76

    init(_ text: String) {
        let lines = Self.lines(of: text)
        let escaped = lines.reduce(0) { sum, line in sum + line.count { byte in Self.needsEscape(byte) } }
        let total = lines.reduce(0) { $0 + $1.count }
        if escaped * 3 > total {
            encoding = "base64"
            bytes = Self.base64(lines)
        } else {
            encoding = "quoted-printable"
            bytes = Self.quotedPrintable(lines)
        }
    }

    /// Any line end ends a line; the last line is ended too.
    private static func lines(of text: String) -> [[UInt8]] {
        text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }.map { Array($0.utf8) }
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        !((33...126).contains(byte) || byte == 0x20 || byte == 0x09) || byte == 0x3D
    }

    private static func quotedPrintable(_ lines: [[UInt8]]) -> [UInt8] {
        var output: [UInt8] = []
        for line in lines {
            var width = 0
            for (index, byte) in line.enumerated() {
                let isLast = index == line.count - 1
                // A blank at the end of a line may be lost on the way; a dot or "From " at its start may be changed.
                let isFragile = isLast && (byte == 0x20 || byte == 0x09)
                    || width == 0 && (byte == 0x2E || byte == 0x46)
                let piece = needsEscape(byte) || isFragile ? escape(byte) : [byte]
                if width + piece.count > lineLimit - 1 {
                    output += [0x3D, 0x0D, 0x0A]
                    width = 0
                    let again = needsEscape(byte) || isFragile || byte == 0x2E || byte == 0x46 ? escape(byte) : [byte]
                    output += again
                    width += again.count
                } else {
                    output += piece
                    width += piece.count
                }
            }
            output += [0x0D, 0x0A]
        }
        return output
    }

    private static func escape(_ byte: UInt8) -> [UInt8] {
        let digits = Array("0123456789ABCDEF".utf8)
        return [0x3D, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }

    private static func base64(_ lines: [[UInt8]]) -> [UInt8] {
        let text = Data(lines.joined(separator: [0x0D, 0x0A]) + [0x0D, 0x0A])
        let encoded = text.base64EncodedString(
            options: [.lineLength76Characters, .endLineWithCarriageReturn, .endLineWithLineFeed])
        return Array(encoded.utf8) + [0x0D, 0x0A]
    }
}
