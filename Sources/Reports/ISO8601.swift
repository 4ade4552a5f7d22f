import AlertModel
import FoundationEssentials

/// Times as reports and the API write them: UTC, milliseconds, `Z`.
package enum ISO8601 {
    package static func text(_ time: UTCTime) -> String {
        // Whole seconds and milliseconds apart: a fraction of a second has no exact Double, and the formatter cuts.
        let milliseconds = time.millisecondsSince1970
        let rest = (milliseconds % 1000 + 1000) % 1000
        let date = Date(timeIntervalSince1970: Double((milliseconds - rest) / 1000))
        return date.formatted(.iso8601).dropLast() + ".\(String(1000 + rest).dropFirst())Z"
    }
}
