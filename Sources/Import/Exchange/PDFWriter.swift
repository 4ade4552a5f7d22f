import GeoModel

/// Writes a report as PDF, laid out by `tocsin-exchange`: whole, or not at all.
package enum PDFWriter {
    /// Writes to `path`, in place of what is there, once it is whole.
    ///
    /// - Parameter lines: writes the page's lines with what it is given (`ReportPage.lines`), and returns how many came
    ///   after the head.
    /// - Throws: `ImportError` with the file's name and a reason, and what `lines` throws; `path` is as it was then.
    package static func write(
        to path: String, lines: (_ line: ((inout JSONWriter) -> Void) throws -> Void) throws -> Int
    ) throws {
        try ExchangeOutput(to: path, verb: "write-pages", format: "pdf") { input in
            try lines { body in try input.line(body) }
        }.commit()
    }
}
