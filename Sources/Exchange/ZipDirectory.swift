import Glibc

/// The table of contents of a zip file, read before a parser unpacks anything: an archive of a few kilobytes can claim
/// and hold terabytes.
struct ZipDirectory {
    struct Entry {
        let name: String
        let compressedBytes: Int
        let unpackedBytes: Int
        let isEncrypted: Bool
    }

    /// A workbook of a million rows has some 300 MB of XML; the largest shapefile of communes 200 MB.
    private static let maximumUnpackedBytes = 2 << 30
    /// A workbook has some twenty parts, an archive of layers a few hundred.
    private static let maximumEntries = 4096
    /// Deflate packs at most 1,032 to 1. Sheets pack 10 to 50 to 1; a small part may be anything.
    private static let maximumRatio = 300
    private static let unsuspiciousBytes = 16 << 20

    let entries: [Entry]

    /// - Throws: `damaged` for what is no whole archive, `archive_bomb` beyond the limits above.
    init(path: String) throws(Fault) {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw Fault(.damaged) }
        defer { close(file) }
        let size = Int(lseek(file, 0, SEEK_END))
        // The end record is 22 bytes and a comment of up to 65,535 (APPNOTE.TXT, section 4.3.16).
        let tail = Self.bytes(of: file, at: max(0, size - 22 - 65_535), count: min(size, 22 + 65_535))
        guard let end = Self.endRecord(in: tail) else { throw Fault(.damaged) }
        let count = Self.number(tail, end + 10, bytes: 2)
        let length = Self.number(tail, end + 12, bytes: 4)
        let start = Self.number(tail, end + 16, bytes: 4)
        // 0xFFFF and 0xFFFFFFFF stand for numbers of the zip64 records: far beyond the limits here.
        guard count <= Self.maximumEntries, length < 1 << 24, start != 0xFFFF_FFFF else { throw Fault(.archiveBomb) }
        guard start + length <= size else { throw Fault(.damaged) }
        entries = try Self.entries(Self.bytes(of: file, at: start, count: length), count: count)
        var unpacked = 0
        for entry in entries {
            unpacked += entry.unpackedBytes
            let isBomb = entry.unpackedBytes > Self.unsuspiciousBytes
                && entry.unpackedBytes / max(1, entry.compressedBytes) > Self.maximumRatio
            guard unpacked <= Self.maximumUnpackedBytes, !isBomb else { throw Fault(.archiveBomb) }
            guard entry.compressedBytes <= size else { throw Fault(.damaged) }
        }
    }

    func contains(_ name: String) -> Bool { entries.contains { $0.name == name } }

    private static func entries(_ directory: [UInt8], count: Int) throws(Fault) -> [Entry] {
        var entries: [Entry] = []
        var offset = 0
        for _ in 0..<count {
            guard offset + 46 <= directory.count, number(directory, offset, bytes: 4) == 0x0201_4B50 else {
                throw Fault(.damaged)
            }
            let nameLength = number(directory, offset + 28, bytes: 2)
            let nameEnd = offset + 46 + nameLength
            guard nameEnd <= directory.count else { throw Fault(.damaged) }
            entries.append(Entry(
                name: String(decoding: directory[(offset + 46)..<nameEnd], as: UTF8.self),
                compressedBytes: number(directory, offset + 20, bytes: 4),
                unpackedBytes: number(directory, offset + 24, bytes: 4),
                isEncrypted: number(directory, offset + 8, bytes: 2) & 1 != 0))
            offset = nameEnd + number(directory, offset + 30, bytes: 2) + number(directory, offset + 32, bytes: 2)
        }
        return entries
    }

    private static func endRecord(in tail: [UInt8]) -> Int? {
        guard tail.count >= 22 else { return nil }
        return stride(from: tail.count - 22, through: 0, by: -1).first { number(tail, $0, bytes: 4) == 0x0605_4B50 }
    }

    private static func bytes(of file: Int32, at offset: Int, count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            while initialized < count {
                let got = pread(file, buffer.baseAddress! + initialized, count - initialized, offset + initialized)
                if got <= 0 { break }
                initialized += got
            }
        }
    }

    private static func number(_ bytes: [UInt8], _ offset: Int, bytes count: Int) -> Int {
        guard offset >= 0, offset + count <= bytes.count else { return 0 }
        return (0..<count).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
    }
}
