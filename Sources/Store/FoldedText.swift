import Foundation
import GRDB

/// Text as search compares it, for SQL: lower case, no accents, one space for anything that is no letter or digit.
///
/// The same as `FoldedName`, faster for plain ASCII: a scan of the register folds every name.
enum FoldedText {
    /// The SQL function, on every connection. Statements use it, the schema never does.
    static let functionName = "tocsin_folded"

    static let function = DatabaseFunction(functionName, argumentCount: 1, pure: true) { values in
        String.fromDatabaseValue(values[0]).map(fold)
    }

    static func fold(_ text: String) -> String { asciiFolded(text) ?? FoldedName(text).text }

    /// Nil when the text is not all ASCII.
    private static func asciiFolded(_ text: String) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        var isGap = false
        for byte in text.utf8 {
            switch byte {
            case 0x61...0x7A, 0x30...0x39:
                if isGap, !bytes.isEmpty { bytes.append(0x20) }
                isGap = false
                bytes.append(byte)
            case 0x41...0x5A:
                if isGap, !bytes.isEmpty { bytes.append(0x20) }
                isGap = false
                bytes.append(byte | 0x20)
            case 0x80...: return nil
            default: isGap = true
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
