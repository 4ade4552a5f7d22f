/// Finds where a JSON value ends, without checking more than its brackets and quotes.
struct BracketLexer {
    private(set) var depth = 0
    private var inString = false
    private var isEscaped = false

    enum Event {
        /// The chunk is used up.
        case more
        /// The outermost bracket was closed by the byte before the index.
        case closed
        /// A colon after a key, or the opening of an array, at the depth of the outermost object's members.
        case colon, openedArray, comma
        case quote
    }

    /// Reads on from `index` until something happens.
    /// - Parameter members: whether events inside the outermost object are wanted too.
    mutating func next(
        in chunk: UnsafeRawBufferPointer, _ index: inout Int, line: inout Int, members: Bool
    ) -> Event {
        while index < chunk.count {
            let byte = chunk[index]
            index += 1
            if inString {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    inString = false
                    if members, depth == 1 { return .quote }
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""):
                inString = true
                if members, depth == 1 { return .quote }
            case UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "["):
                depth += 1
                if members, depth == 2 { return .openedArray }
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth <= 0 { return .closed }
            case UInt8(ascii: ":") where members && depth == 1: return .colon
            case UInt8(ascii: ",") where members && depth == 1: return .comma
            case 0x0A: line += 1
            default: break
            }
        }
        return .more
    }

    /// After a collection's features: their array is closed, the object around it is not.
    mutating func closeArray() { depth -= 1 }
}
