import GeoModel
import Synchronization

/// All communes in one block of bytes, for looking up many names: a text of ten words holds thirty runs that may name
/// a commune, and each is asked for.
///
/// The block is made once (`init(_:)`) and can be kept: a process that only reads it (`init(content:)`) finds France's
/// 37,000 communes in it at once, and takes apart only those it is asked for. Laid out by `CommuneDirectoryLayout`.
package final class CommuneDirectory: Sendable {
    /// What to keep, and give to `init(content:)`.
    package let content: [UInt8]
    private let layout: CommuneDirectoryLayout
    /// Communes taken apart so far.
    private let known = Mutex<[Int: CommuneEntry]>([:])

    /// - Parameter communes: in order of their codes, which is the order of every answer.
    package init(_ communes: [CommuneEntry]) {
        var packer = CommunePacker()
        for commune in communes { packer.add(commune) }
        (content, layout) = packer.packed()
    }

    /// A block that `content` gave, perhaps in another process; nil when it is none of this version's.
    package init?(content: [UInt8]) {
        guard let layout = CommuneDirectoryLayout(content) else { return nil }
        self.content = content
        self.layout = layout
    }

    package func communes(_ search: CommuneSearch) -> [CommuneEntry] {
        content.withUnsafeBytes { bytes in
            let reader = CommuneDirectoryReader(bytes: bytes, layout: layout)
            let found = switch search {
            case .code(let code): reader.commune(code).map { [$0] } ?? []
            case .postcode(let postcode): reader.communes(postcode: postcode)
            case .keys(let keys): reader.communes(keys: keys)
            case .beginning(let key, let limit): reader.communes(beginningWith: key, limit: limit)
            case .similar(let key, let limit): reader.communes(similarTo: key, limit: limit)
            }
            return known.withLock { known in
                found.compactMap { index in
                    if let commune = known[index] { return commune }
                    let commune = reader.entry(index)
                    known[index] = commune
                    return commune
                }
            }
        }
    }
}

/// Where the parts of the block begin and end: offsets in bytes, all numbers little-endian and of 32 bits.
struct CommuneDirectoryLayout: Sendable {
    enum Part: Int, CaseIterable {
        /// Where each commune's record begins, and the end of the last; the records.
        case recordStarts, records
        /// The names' keys in order: where each begins, their bytes; which communes bear each.
        case keyStarts, keys, bearerStarts, bearers
        /// Open addressing over the keys: a key's number and 1, or 0.
        case slots
        /// The postcodes in order, and the communes of each.
        case postcodes, servedStarts, served
        /// Three letters in order, and the keys that hold them.
        case trigrams, holderStarts, holders
    }

    static let magic: UInt32 = 0x3144_4354
    static let headerCount = Part.allCases.count + 2
    private let starts: [Int]

    init(starts: [Int]) { self.starts = starts }

    init?(_ content: [UInt8]) {
        let count = Self.headerCount
        guard content.count >= count * 4 else { return nil }
        let header = content.withUnsafeBytes { bytes in
            (0..<count).map { Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self))) }
        }
        let starts = Array(header.dropFirst())
        guard header[0] == Int(Self.magic), starts.first == count * 4, starts.last == content.count,
              zip(starts, starts.dropFirst()).allSatisfy(<=)
        else { return nil }
        self.starts = starts
    }

    func range(_ part: Part) -> Range<Int> { starts[part.rawValue]..<starts[part.rawValue + 1] }
}
