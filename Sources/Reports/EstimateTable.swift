import AlertModel
import GeoModel

/// A campaign's estimate beside what was measured, in its report.
enum EstimateTable {
    private static let words: [CampaignAccount.Figure.Quantity: String] = [
        .messages: "messages", .segments: "segments", .cost: "cost", .secondsTo50: "seconds to 50 %",
        .secondsTo90: "seconds to 90 %", .secondsTo100: "seconds to 100 %", .costWithRetries: "cost",
        .costAtMost: "cost at most", .secondsAtMost: "seconds to the last, at most",
    ]

    static func text(_ account: CampaignAccount) -> String {
        var table = TextTable()
        table.row(["First attempts", "", "estimated", "measured", "error %"])
        add(account.figures, account, to: &table)
        if !account.outlook.isEmpty {
            table.row(["With retries and later turns", "", "estimated", "measured", "error %"])
            add(account.outlook, account, to: &table)
        }
        return table.text
    }

    private static func add(_ figures: [CampaignAccount.Figure], _ account: CampaignAccount, to table: inout TextTable) {
        for figure in figures {
            let unit = figure.currency.map { " (\($0))" } ?? ""
            table.row([
                figure.channel?.rawValue ?? "all", (words[figure.quantity] ?? "") + unit, figure.estimated ?? "unknown",
                figure.measured ?? (account.measure == nil ? "–" : "unknown"), figure.errorPercent.map { String($0) } ?? "–",
            ])
        }
    }

    /// One object a quantity: numbers as decimal texts where they are exact sums of money, null for unknown.
    static func value(_ account: CampaignAccount) -> JSONValue {
        .array((account.figures + account.outlook).map { figure in
            var object = JSONObject()
            object.append("channel", .string(figure.channel?.rawValue ?? "all"))
            object.append("quantity", .string(figure.quantity.rawValue))
            if figure.quantity.isCost { object.append("currency", figure.currency.map { .string($0) } ?? .null) }
            for (key, number) in [("estimated", figure.estimated), ("measured", figure.measured)] {
                let value: JSONValue? = figure.quantity.isCost
                    ? number.map { .string($0) } : number.flatMap { Double($0) }.map { .number($0) }
                object.append(key, value ?? .null)
            }
            if let least = figure.least, let most = figure.most {
                object.append("estimated_least", .string(least))
                object.append("estimated_most", .string(most))
            }
            object.append("error_percent", figure.errorPercent.map { .number($0) } ?? .null)
            return .object(object)
        })
    }
}
