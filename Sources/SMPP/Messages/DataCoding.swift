import AlertModel

/// A data_coding octet (§5.2.19, 3GPP TS 23.038 §4).
package struct DataCoding: RawRepresentable, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let gsm7 = DataCoding(rawValue: 0x00)
    package static let latin1 = DataCoding(rawValue: 0x03)
    package static let ucs2 = DataCoding(rawValue: 0x08)
    /// Message class 0: shown at once and not kept.
    package static let flashGSM7 = DataCoding(rawValue: 0x10)
    package static let flashUCS2 = DataCoding(rawValue: 0x18)

    enum Alphabet { case gsm7, ascii, latin1, ucs2, binary }

    var alphabet: Alphabet {
        switch rawValue {
        case 0x00: return .gsm7
        case 0x01: return .ascii
        case 0x03: return .latin1
        case 0x08: return .ucs2
        case 0x02, 0x04: return .binary
        // The general groups of TS 23.038: bits 3 and 2 are the alphabet.
        case 0x10...0x1F, 0x30...0x3F:
            return switch rawValue & 0x0C {
            case 0x00: .gsm7
            case 0x08: .ucs2
            default: .binary
            }
        case 0xF0...0xFF: return rawValue & 0x04 == 0 ? .gsm7 : .binary
        default: return .gsm7
        }
    }

    /// The text of a message's octets; nil when they are not a text.
    package func decode(_ octets: some Collection<UInt8>) -> String? {
        switch alphabet {
        case .gsm7: GSM7.decode(octets)
        case .ascii: String(decoding: octets, as: UTF8.self)
        case .latin1: String(String.UnicodeScalarView(octets.map { Unicode.Scalar($0) }))
        case .ucs2: Self.utf16(octets)
        case .binary: nil
        }
    }

    private static func utf16(_ octets: some Collection<UInt8>) -> String {
        var units: [UInt16] = []
        var high: UInt8?
        for octet in octets {
            if let first = high {
                units.append(UInt16(first) << 8 | UInt16(octet))
                high = nil
            } else {
                high = octet
            }
        }
        return String(decoding: units, as: UTF16.self)
    }
}
