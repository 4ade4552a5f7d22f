import Foundation

/// Pages as faxes carry them: TIFF/F, 1,728 dots a line, 204 by 196 to the inch (fine), ITU-T T.6.
package struct FaxDocument: Hashable, Sendable {
    package static let mostPages = 20
    private static let longest = Duration.seconds(30)
    private static let ghostscript = "/usr/bin/gs"

    package let tiff: [UInt8]

    /// Makes a PDF into pages, by ghostscript under limits of memory, time and size.
    ///
    /// Waits for a program: call it from a thread that may.
    /// - Throws: `FaxError`.
    package init(pdf: [UInt8]) throws(FaxError) {
        let folder = try OwnFolder()
        defer { folder.remove() }
        let source = try folder.write(pdf, "document.pdf")
        let words = [
            "/usr/bin/prlimit", "--as=\(2 << 30)", "--cpu=20", "--fsize=\(32 << 20)", "--core=0",
            Self.ghostscript, "-q", "-dSAFER", "-dBATCH", "-dNOPAUSE", "-dNOPROMPT", "-sDEVICE=tiffg4", "-r204x196", "-g1728x2287", "-dPDFFitPage",
            // Grey and coloured words would come as dots.
            "-dBlackText", "-dBlackVector",
            // One more than is taken tells what is longer.
            "-dLastPage=\(Self.mostPages + 1)", "-sOutputFile=\(folder.path)/document.tif", source,
        ]
        guard FileManager.default.isExecutableFile(atPath: Self.ghostscript) else { throw FaxError(.missing, program: Self.ghostscript) }
        guard try Program(words).run(longest: Self.longest) == 0, let tiff = folder.read("document.tif"), let pages = Self.pages(in: tiff), pages > 0
        else { throw FaxError(.unreadable) }
        guard pages <= Self.mostPages else { throw FaxError(.tooLong) }
        self.tiff = tiff
    }

    /// Counts the directories of a little-endian TIFF file (TIFF 6.0, section 2); nil for none.
    static func pages(in tiff: [UInt8]) -> Int? {
        func number(_ at: Int, _ bytes: Int) -> Int? {
            guard at >= 0, at + bytes <= tiff.count else { return nil }
            return (0..<bytes).reduce(0) { $0 | Int(tiff[at + $1]) << (8 * $1) }
        }
        guard tiff.starts(with: [0x49, 0x49, 42, 0]), var at = number(4, 4) else { return nil }
        var count = 0
        while at != 0 {
            count += 1
            guard count <= mostPages + 1, let entries = number(at, 2), let next = number(at + 2 + entries * 12, 4) else { return nil }
            at = next
        }
        return count
    }
}
