import AlertModel
import FoundationEssentials

/// Times as reports and the API write them: UTC, milliseconds, `Z`.
package enum ISO8601 {
    package static func text(_ time: UTCTime) -> String {
        let date = Date(timeIntervalSince1970: Double(time.millisecondsSince1970) / 1000)
        return date.formatted(.iso8601.year().month().day().time(includingFractionalSeconds: true).timeZone(separator: .omitted))
    }
}
