import AlertModel

/// Gateways, tariffs and quotas of an organisation, and what its campaigns came to.
struct MeansRoutes: Sendable {
    /// Settled at once; each is a line of the journal.
    private static let mostSettings = 50
    private static let longestSetting = 200

    let desk: MeansDesk

    func register(on routes: RouteRegistrar) {
        let desk = desk
        routes.on(.organisationMeans) { call in
            guard let means = try await desk.read(try call.account, OrganisationID(rawValue: try call.id())) else {
                throw ConsoleProblem(.notFound)
            }
            return try Answer.json(means)
        }
        routes.on(.settleMeans) { call in
            let body = try await call.bodyObject()
            try body.allow(["shares", "tariffs", "tariffsFrom", "quotas"])
            func words(_ name: String) throws -> [String] {
                guard body.has(name) else { return [] }
                return try body.texts(name, maximumCount: Self.mostSettings, maximumLength: Self.longestSetting)
            }
            let settings = MeansSettings(
                shares: try words("shares"), tariffs: try words("tariffs"),
                tariffsFrom: body.has("tariffsFrom") ? try body.text("tariffsFrom", maximumLength: 10) : nil,
                quotas: try words("quotas"))
            guard try await desk.settle(try call.account, OrganisationID(rawValue: try call.id()), settings) else {
                throw ConsoleProblem(.notFound)
            }
            return Answer.nothing
        }
        routes.on(.organisationCosts) { call in
            let month = try call.query("month", maximumLength: 7)
            guard let csv = try await desk.costs(try call.account, OrganisationID(rawValue: try call.id()), month) else {
                throw ConsoleProblem(.notFound)
            }
            return Answer.file(ReportFile(bytes: Array(csv.utf8), fileName: "costs.csv"), MediaType.csv)
        }
    }
}
