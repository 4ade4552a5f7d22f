/// The forms a report comes in.
package enum ReportFormat: String, CaseIterable, Sendable {
    /// For people.
    case text
    case json
    case csv
    case geojson
}
