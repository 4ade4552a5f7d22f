/// Why there is no document to send. Descriptions are safe to show.
package struct FaxError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: String, Hashable, Sendable {
        /// A program is not there, or does not start.
        case missing = "fax_program_missing"
        /// The document could not be made into pages.
        case unreadable = "fax_document_unreadable"
        case tooSlow = "fax_document_too_slow"
        case tooLong = "fax_document_too_long"
        case diskFull = "fax_disk_full"
    }

    package let code: Code
    package let program: String

    package init(_ code: Code, program: String = "") {
        self.code = code
        self.program = program
    }

    package var description: String {
        switch code {
        case .missing: "\(program) can't be started: install it"
        case .unreadable: "the document could not be made into a fax's pages: it is damaged, or empty"
        case .tooSlow: "\(program) took too long over the document"
        case .tooLong: "the document has more than \(FaxDocument.mostPages) pages: shorten it"
        case .diskFull: "the document can't be written: the disk is full, or the file system refuses"
        }
    }
}
