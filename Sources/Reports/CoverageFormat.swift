/// The forms a coverage report comes in.
package enum CoverageFormat: String, CaseIterable, Sendable {
    /// For people, on a terminal.
    case text
    case json
    case csv
    case geojson
    /// For people, with a map: a page of its own.
    case html
    /// For print.
    case pdf
    case xlsx

    /// The plain form, for those that are text of this program's own.
    package var plain: ReportFormat? { ReportFormat(rawValue: rawValue) }
}
