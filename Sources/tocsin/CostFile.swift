import AlertModel
import Campaigns
import Dispatching
import Reports
import Store

/// What a month's campaigns came to, as a file that a spreadsheet opens.
enum CostFile {
    /// - Parameter month: `2026-11`; nil for this one, by the organisation's clock.
    /// - Throws: `QuotaTextFault` for a month that there is none of.
    static func csv(of organisation: Organisation, month: String?, in store: AlertDatabase) throws -> String {
        let (year, number) = try chosen(month, by: store.localClock(ofOrganisationNamed: organisation.name))
        var csv = CSVWriter()
        csv.row(["organisation", "month", "channel", "gateway", "campaigns", "messages", "segments", "cost", "currency"])
        let name = "\(year)-" + (number < 10 ? "0\(number)" : "\(number)")
        for line in try store.costs(under: organisation.id, year: year, month: number) {
            csv.row([
                line.name, name, line.channel.rawValue, line.gateway, String(line.campaigns), String(line.messages),
                String(line.segments), line.cost?.amount ?? "unknown", line.cost?.currency ?? "",
            ])
        }
        return csv.text
    }

    private static func chosen(_ month: String?, by clock: LocalClock) throws -> (year: Int, month: Int) {
        guard let month else {
            let parts = clock.reading(at: .now).day.parts
            return (parts.year, parts.month)
        }
        guard month.utf8.count == 7, let day = CalendarDate(month + "-01"), day.text.hasPrefix(month) else {
            throw QuotaTextFault(description: "“\(month.prefix(20))” is no month: write one such as 2026-11")
        }
        let parts = day.text.split(separator: "-").compactMap { Int($0) }
        return (parts[0], parts[1])
    }
}
