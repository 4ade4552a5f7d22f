import AlertModel

/// The forms a coverage report comes in.
package enum CoverageFileFormat: String, CaseIterable, Hashable, Sendable {
    case html, pdf, csv, xlsx, geojson, json
}

/// A page that is whole in itself.
package struct CoveragePageFile: Sendable {
    /// HTML in UTF-8, without any script.
    package let html: [UInt8]
    /// The text of its only `style` element: what a policy allows by its hash.
    package let stylesheet: String

    package init(html: [UInt8], stylesheet: String) {
        self.html = html
        self.stylesheet = stylesheet
    }
}

/// Reports on coverage, as the console needs them. Every function may throw `ConsoleProblem`.
package struct CoverageDesk: Sendable {
    package var zone: @Sendable (Account, Zone, CoverageFileFormat) async throws -> ReportFile
    /// Of every saved perimeter.
    package var standing: @Sendable (Account, CoverageFileFormat) async throws -> ReportFile
    /// The standing report with links to its other forms, which are answered at `address` with `format`.
    package var page: @Sendable (Account, _ address: String) async throws -> CoveragePageFile
    /// Keeps today's standing report for later ones to be compared with. - Returns: how many perimeters it has.
    package var keep: @Sendable (Account) async throws -> Int

    package init(
        zone: @escaping @Sendable (Account, Zone, CoverageFileFormat) async throws -> ReportFile,
        standing: @escaping @Sendable (Account, CoverageFileFormat) async throws -> ReportFile,
        page: @escaping @Sendable (Account, String) async throws -> CoveragePageFile,
        keep: @escaping @Sendable (Account) async throws -> Int
    ) {
        self.zone = zone
        self.standing = standing
        self.page = page
        self.keep = keep
    }
}
