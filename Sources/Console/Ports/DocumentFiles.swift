/// A report ready to leave; the console adds the headers.
package struct ReportFile: Hashable, Sendable {
    /// UTF-8.
    package let bytes: [UInt8]
    /// ASCII, without a folder: `rapport-2026-0042.csv`.
    package let fileName: String

    package init(bytes: [UInt8], fileName: String) {
        self.bytes = bytes
        self.fileName = fileName
    }
}

/// A file too long to hold.
package struct StreamedFile: Sendable {
    package let pieces: AsyncThrowingStream<[UInt8], any Error>
    /// ASCII, without a folder.
    package let fileName: String

    package init(pieces: AsyncThrowingStream<[UInt8], any Error>, fileName: String) {
        self.pieces = pieces
        self.fileName = fileName
    }
}

/// The forms a list of people comes in.
package enum PeopleFileFormat: String, CaseIterable, Sendable {
    case csv, xlsx

    var mediaType: String {
        switch self {
        case .csv: MediaType.csv
        case .xlsx: MediaType.xlsx
        }
    }
}
