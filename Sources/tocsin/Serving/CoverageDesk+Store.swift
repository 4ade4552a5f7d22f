import AlertModel
import Console
import Dispatching
import Reports
import Store
import Targeting

extension CoverageDesk {
    /// Reports over the register in the database.
    init(store: AlertDatabase, rates: GatewayRates) {
        let reports = CoverageReports(store: store, rates: rates)
        self.init(
            zone: { account, zone, format in
                try await ConsoleProblems.translating {
                    ReportFile(
                        bytes: try reports.zone(zone, account).bytes(CoverageFormat(format)),
                        fileName: "couverture-zone.\(format.rawValue)")
                }
            },
            standing: { account, format in
                try await ConsoleProblems.translating {
                    ReportFile(
                        bytes: try reports.standing(account).bytes(CoverageFormat(format)),
                        fileName: "couverture-perimetres.\(format.rawValue)")
                }
            },
            page: { account, address in
                try await ConsoleProblems.translating {
                    let links = [("Console", "/")] + CoverageFileFormat.allCases.map {
                        ($0.rawValue.uppercased(), "\(address)?format=\($0.rawValue)")
                    }
                    let html = try reports.standing(account).page.html(links: links.map { (text: $0.0, address: $0.1) })
                    return CoveragePageFile(html: Array(html.utf8), stylesheet: ReportPage.stylesheet)
                }
            },
            keep: { account in
                try await Offload.run {
                    let scope = try store.scope(of: account.organisation)
                    let standing = try store.standingCoverage(scope: scope, now: .now)
                    try store.keep(standing, scope: scope, actor: account.user)
                    return standing.perimeters.count
                }
            })
    }
}

/// The console's reports, with the figures of the moment.
private struct CoverageReports: Sendable {
    let store: AlertDatabase
    let rates: GatewayRates

    func zone(_ zone: Zone, _ account: Account) throws -> CoverageOutput {
        let options = CoverageOptions()
        let coverage = try store.coverage(of: zone, scope: try store.scope(of: account.organisation), options: options)
        return CoverageOutput(
            CoverageReport(coverage, rates: rates, staleBefore: options.staleBefore),
            page: CoveragePage(coverage, of: zone, rates: rates, staleBefore: options.staleBefore, at: .now))
    }

    func standing(_ account: Account) throws -> CoverageOutput {
        let standing = try store.standingCoverage(scope: try store.scope(of: account.organisation), now: .now)
        return CoverageOutput(StandingReport(standing, rates: rates), page: StandingPage(standing, rates: rates))
    }
}

extension CoverageFormat {
    fileprivate init(_ format: CoverageFileFormat) {
        self =
            switch format {
            case .html: .html
            case .pdf: .pdf
            case .csv: .csv
            case .xlsx: .xlsx
            case .geojson: .geojson
            case .json: .json
            }
    }
}
