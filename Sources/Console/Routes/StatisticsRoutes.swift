/// Figures of campaigns, by month.
struct StatisticsRoutes: Sendable {
    private static let mostMonths = 36

    let desk: StatisticsDesk

    func register(on routes: RouteRegistrar) {
        let desk = desk
        routes.on(.statistics) { call in try Answer.json(try await desk.read(try call.account, try Self.months(call))) }
        routes.on(.statisticsFile) { call in
            let csv = try await desk.csv(try call.account, try Self.months(call))
            return Answer.file(ReportFile(bytes: Array(csv.utf8), fileName: "statistics.csv"), MediaType.csv)
        }
    }

    private static func months(_ call: Call) throws -> Int {
        try call.queryInteger("months", in: 1...mostMonths, standard: 12)
    }
}
