import AlertModel
import Foundation
import GeoModel

/// A campaign's people in lists, on the map and at their doors. Every function may throw `ConsoleProblem`; a campaign that
/// the account must not see is the same as none: nil.
package struct FollowDesk: Sendable {
    /// A page in the order of numbers; how many there are in all with the first one alone.
    package var people: @Sendable (Account, CampaignID, PeopleFilter, _ after: Int64, _ limit: Int) async throws -> CampaignPeoplePage?
    /// The whole list as a file, in pieces as fast as the reader takes them.
    package var file: @Sendable (Account, CampaignID, PeopleFilter, PeopleFileFormat) async throws -> StreamedFile?
    /// Who was not reached, by cause.
    package var failures: @Sendable (Account, CampaignID) async throws -> FailureFigures?
    /// The list for those who go from door to door.
    package var doors: @Sendable (Account, CampaignID, PeopleFilter, DoorFormat) async throws -> DoorFile?
    /// By state and cell of a grid sized for a map zoom (0 to 28), within a box.
    package var cells: @Sendable (Account, CampaignID, _ within: BoundingBox<WGS84>, _ zoom: Double) async throws -> StateCells?

    package init(
        people: @escaping @Sendable (Account, CampaignID, PeopleFilter, Int64, Int) async throws -> CampaignPeoplePage?,
        file: @escaping @Sendable (Account, CampaignID, PeopleFilter, PeopleFileFormat) async throws -> StreamedFile?,
        failures: @escaping @Sendable (Account, CampaignID) async throws -> FailureFigures?,
        doors: @escaping @Sendable (Account, CampaignID, PeopleFilter, DoorFormat) async throws -> DoorFile?,
        cells: @escaping @Sendable (Account, CampaignID, BoundingBox<WGS84>, Double) async throws -> StateCells?
    ) {
        self.people = people
        self.file = file
        self.failures = failures
        self.doors = doors
        self.cells = cells
    }
}

/// The forms a list of doors comes in.
package enum DoorFormat: String, CaseIterable, Sendable {
    case html, pdf, csv

    var mediaType: String {
        switch self {
        case .html: MediaType.html
        case .pdf: MediaType.pdf
        case .csv: MediaType.csv
        }
    }
}

/// A list of doors as a file; for HTML, with the style that its policy admits.
package struct DoorFile: Sendable {
    package let file: ReportFile
    package let stylesheet: String

    package init(file: ReportFile, stylesheet: String) {
        self.file = file
        self.stylesheet = stylesheet
    }
}
