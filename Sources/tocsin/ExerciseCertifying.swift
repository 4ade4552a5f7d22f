import AlertModel
import Campaigns
import Dispatching
import Foundation
import Import
import Reports
import Store
import Targeting

/// The forms a certificate comes in.
enum CertificateFormat: String, CaseIterable, Sendable {
    case html, pdf, json
}

/// Reads an exercise that has ended from the ledger and certifies it.
struct ExerciseCertifying {
    let store: AlertDatabase

    /// - Throws: `CertificateRefusal`; `LedgerError.unknownCampaign`.
    func certificate(of id: CampaignID) throws -> ExerciseCertificate {
        let record = try store.ledger.campaign(id)
        guard record.mode == .exercise else { throw CertificateRefusal.real(id) }
        guard record.state.isFinal, record.progress.openLegs == 0 else { throw CertificateRefusal.underWay(id) }
        let organisation = try store.name(of: record.organisation)
        let parts = try store.account(of: id).measure?.times.milliseconds ?? []
        func moment(of percent: Int) -> UTCTime? {
            guard let place = AttemptTimes.percents.firstIndex(of: percent), place < parts.count, let after = parts[place] else {
                return nil
            }
            return record.startedAt.advanced(byMilliseconds: after)
        }
        return ExerciseCertificate(
            ExerciseFacts(
                reference: record.id.description, organisation: organisation, launchedBy: record.createdBy,
                scenario: record.scenario, zone: try ZoneDocument.decode(Array(record.zoneDocument.utf8)),
                message: record.message, state: record.state, times: try store.decisionTimes(of: record),
                halfAt: moment(of: 50), allAt: moment(of: 100), endedAt: record.endedAt, recipients: record.recipients,
                certain: record.certain, notLocated: record.notLocated, totals: record.progress.deliveries,
                channels: record.progress.legs, audienceHash: record.audience.hexadecimal,
                clock: try store.localClock(ofOrganisationNamed: organisation)))
    }

    /// Writes a file, whole or not at all; what is there is replaced.
    func write(_ certificate: ExerciseCertificate, _ format: CertificateFormat, to path: String) throws {
        guard format != .pdf else {
            return try PDFWriter.write(to: path) { write in try certificate.page.lines(write) }
        }
        let file = try AtomicFile(path: path)
        try file.write(format == .json ? certificate.json : certificate.page.html())
        try file.commit()
    }

    /// As bytes, through a file of its own for PDF.
    func bytes(_ certificate: ExerciseCertificate, _ format: CertificateFormat) throws -> [UInt8] {
        switch format {
        case .html: return Array(certificate.page.html().utf8)
        case .json: return Array(certificate.json.utf8)
        case .pdf:
            return try OwnFolder.holding("attestation.pdf") { path in try write(certificate, .pdf, to: path) }
        }
    }
}

extension AlertDatabase {
    /// What is known of how long a campaign took to be decided.
    func decisionTimes(of record: CampaignRecord) throws -> DecisionTimes {
        DecisionTimes(
            openedAt: record.openedAt, askedAt: try askedAt(record.id), launchedAt: record.startedAt,
            firstMessageAt: record.firstSubmissionAt)
    }
}

/// Why there is no certificate.
enum CertificateRefusal: Error, Hashable, CustomStringConvertible {
    case real(CampaignID)
    case underWay(CampaignID)

    var description: String {
        switch self {
        case .real(let id):
            "campaign \(id) was real: its report says what became of it (`tocsin campaign report \(id)`); certificates are of exercises"
        case .underWay(let id):
            "exercise \(id) is still under way: ask again once it has ended (`tocsin campaign watch \(id)`)"
        }
    }
}
