import AlertModel
import Campaigns
import GeoModel
import Reports
import Store
import Targeting

/// Reads a campaign from the ledger and renders its report.
struct CampaignReporting {
    /// Rows are written in pieces of about this size.
    private static let pieceBytes = 1 << 16

    let store: AlertDatabase

    /// Calls `write` with the report's text, in pieces for `csv`.
    ///
    /// - Throws: `LedgerError.unknownCampaign`.
    func write(_ id: CampaignID, format: Reports.ReportFormat, _ write: (String) throws -> Void) throws {
        let report = CampaignReport(try data(id))
        try write(report.render(format))
        guard format == .csv else { return }
        var rows = ""
        try store.ledger.forEachDelivery(of: id) { delivery in
            rows += CampaignReport.csvRow(CampaignReportData.Line(delivery))
            if rows.utf8.count > Self.pieceBytes {
                try write(rows)
                rows.removeAll(keepingCapacity: true)
            }
        }
        try write(rows)
    }

    /// Writes down, before it is written, that somebody takes a report that speaks of people one by one.
    ///
    /// - Throws: `LedgerError.unknownCampaign`.
    func recordSight(of id: CampaignID, format: Reports.ReportFormat, actor: String) throws {
        guard format == .csv else { return }
        let recipients = try store.ledger.campaign(id).recipients
        try store.audit(
            actor: actor, action: "campaign.report", subject: id.description,
            detail: ["format": format.rawValue, "recipients": String(recipients)])
    }

    private func data(_ id: CampaignID) throws -> CampaignReportData {
        let record = try store.ledger.campaign(id)
        let totals = try store.ledger.communeTotals(of: id)
        let known = try store.communes(codes: totals.compactMap(\.commune)).found
        let byCode = Dictionary(known.map { ($0.code, $0) }) { first, _ in first }
        let zone = try ZoneDocument.decode(Array(record.zoneDocument.utf8))
        return CampaignReportData(
            reference: record.id.description, mode: record.mode, state: record.state, message: record.message,
            zone: zone.label, audienceHash: record.audience.hexadecimal, createdBy: record.createdBy,
            startedAt: record.startedAt, endedAt: record.endedAt, firstSubmissionAt: record.firstSubmissionAt,
            lastOutcomeAt: record.lastOutcomeAt, recipients: record.recipients, certain: record.certain,
            possible: record.possible, notLocated: record.notLocated, joined: (record.joined, record.addenda), totals: record.progress.deliveries,
            channels: record.progress.legs, possibleDuplicates: record.progress.possibleDuplicates,
            communes: totals.map { total in
                let commune = total.commune.flatMap { byCode[$0] }
                return CampaignReportData.Commune(
                    code: total.commune, name: commune?.name ?? "", counts: total.counts,
                    boundary: commune?.boundary)
            }, account: try store.account(of: id), decision: try store.decisionTimes(of: record))
    }
}

extension CampaignReportData.Line {
    fileprivate init(_ delivery: DeliveryRecord) {
        self.init(
            externalID: delivery.externalID, communeCode: delivery.communeCode, certainty: delivery.certainty,
            precision: delivery.precision, state: delivery.state,
            legs: delivery.legs.map { leg in
                Leg(
                    channel: leg.channel, state: leg.state, cause: leg.cause, attempts: leg.attempts,
                    firstAttemptAt: leg.firstAttemptAt, endedAt: leg.endedAt,
                    possibleDuplicate: leg.possibleDuplicate)
            })
    }
}
