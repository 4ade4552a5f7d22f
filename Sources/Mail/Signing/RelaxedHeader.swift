/// A message's header in the relaxed form that is signed (RFC 6376 §3.4.2): each field on one line, its name in small letters,
/// runs of blanks as one, none around the colon nor at the end. Byte by byte: it is made for every message.
struct RelaxedHeader {
    private struct Field {
        let name: Range<Int>
        /// With its name and its line end.
        let line: Range<Int>
    }

    private var bytes: [UInt8] = []
    private var fields: [Field] = []

    /// - Parameter header: lines that end in CRLF, folded ones too.
    init(_ header: [UInt8]) {
        bytes.reserveCapacity(header.count)
        fields.reserveCapacity(20)
        header.withUnsafeBufferPointer { header in
            var index = 0
            while index < header.count { appendField(header, &index) }
        }
    }

    /// The names among these that the header's fields have, once for each field and in their order.
    func names(among wanted: [[UInt8]]) -> [[UInt8]] {
        fields.compactMap { field in wanted.first { $0.elementsEqual(bytes[field.name]) } }
    }

    /// The lines of these names, each the last of its name that was not taken before (§5.4.2); none where there is none.
    func lines(named names: [[UInt8]]) -> [UInt8] {
        var lines: [UInt8] = []
        lines.reserveCapacity(bytes.count + 1_024)
        var left = Array(fields.indices)
        for name in names {
            guard let place = left.lastIndex(where: { bytes[fields[$0].name].elementsEqual(name) }) else { continue }
            lines += bytes[fields[left.remove(at: place)].line]
        }
        return lines
    }

    /// The form of one field by itself, without a line end.
    static func field(named name: [UInt8], _ value: [UInt8]) -> [UInt8] {
        Array(RelaxedHeader(name + [0x3A] + value).bytes.dropLast(2))
    }

    /// Takes a field, with the lines that go on with it; a line without a colon is none.
    private mutating func appendField(_ header: UnsafeBufferPointer<UInt8>, _ index: inout Int) {
        let start = bytes.count
        var name = start..<start
        var isAfterBlank = false, isInValue = false, valueStart = start
        while index < header.count {
            let byte = header[index]
            index += 1
            switch byte {
            case 0x0D: break
            case 0x0A:
                // A line that begins with a blank goes on with this one.
                guard index < header.count, Self.isBlank(header[index]) else {
                    return close(start, name, hasColon: isInValue)
                }
            case 0x20, 0x09: isAfterBlank = true
            case 0x3A where !isInValue:
                name = start..<bytes.count
                bytes.append(byte)
                (isInValue, isAfterBlank, valueStart) = (true, false, bytes.count)
            default:
                if isAfterBlank, isInValue, bytes.count > valueStart { bytes.append(0x20) }
                isAfterBlank = false
                bytes.append(isInValue ? byte : (0x41...0x5A).contains(byte) ? byte | 0x20 : byte)
            }
        }
        close(start, name, hasColon: isInValue)
    }

    private mutating func close(_ start: Int, _ name: Range<Int>, hasColon: Bool) {
        guard hasColon else { return bytes.removeSubrange(start...) }
        bytes.append(0x0D)
        bytes.append(0x0A)
        fields.append(Field(name: name, line: start..<bytes.count))
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}
