import Foundation
import Testing

@testable import Fax

@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/gs"), "ghostscript is not installed: run Scripts/bootstrap"))
struct FaxDocumentTests {
    /// A PDF of as many empty A4 pages, written by hand.
    private static func pdf(pages: Int) -> [UInt8] {
        let kids = (0..<pages).map { "\($0 + 3) 0 R" }.joined(separator: " ")
        var text = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count \(pages)/Kids[\(kids)]>>endobj\n"
        for page in 0..<pages { text += "\(page + 3) 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n" }
        return Array((text + "trailer<</Root 1 0 R/Size \(pages + 3)>>\n%%EOF\n").utf8)
    }

    @Test(arguments: [1, 3, 20])
    func `each page of a document is one of a fax's`(pages: Int) throws {
        let tiff = try FaxDocument(pdf: Self.pdf(pages: pages)).tiff
        #expect(FaxDocument.pages(in: tiff) == pages)
        // ImageWidth (256), a short or a long, of the first directory.
        let at = Int(tiff[4]) | Int(tiff[5]) << 8 | Int(tiff[6]) << 16
        let entries = (0..<Int(tiff[at])).map { at + 2 + $0 * 12 }
        let width = try #require(entries.first { Int(tiff[$0]) | Int(tiff[$0 + 1]) << 8 == 256 })
        #expect(Int(tiff[width + 8]) | Int(tiff[width + 9]) << 8 == 1_728)
    }

    @Test func `what has too many pages, or is no document, is refused`() {
        func code(_ pdf: [UInt8]) -> FaxError.Code? { #expect(throws: FaxError.self) { try FaxDocument(pdf: pdf) }?.code }
        #expect(code(Self.pdf(pages: 21)) == .tooLong)
        #expect(code([]) == .unreadable)
        #expect(code(Array("<html>".utf8)) == .unreadable)
        // A program in PostScript that reads files, or never ends.
        #expect(code(Array("%!PS\n(/etc/passwd) (r) file 100 string readstring pop show showpage".utf8)) == .unreadable)
    }

    @Test func `directories that lead to each other are counted no further than they may be`() {
        // Two entries of nothing; the next directory is itself.
        let ring: [UInt8] = [0x49, 0x49, 42, 0, 8, 0, 0, 0, 0, 0, 8, 0, 0, 0]
        #expect(FaxDocument.pages(in: ring) == nil)
        #expect(FaxDocument.pages(in: Array(ring.prefix(10))) == nil && FaxDocument.pages(in: []) == nil)
        #expect(FaxDocument.pages(in: [0x49, 0x49, 42, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0]) == 1)
    }
}
