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

    func rendition(of certificate: ExerciseCertificate) -> Rendition {
        switch self {
        case .html: .text(certificate.page.html())
        case .pdf: .pdf(certificate.page)
        case .json: .text(certificate.json)
        }
    }
}

/// Reads an exercise that has ended from the ledger and certifies it.
struct ExerciseCertifying {
    let store: AlertDatabase

    /// - Parameter guided: the steps of the guided first exercise, as the operator's browser measured them; nil where it was none.
    /// - Throws: `CertificateRefusal`; `LedgerError.unknownCampaign`.
    func certificate(of id: CampaignID, guided: [ExerciseFacts.GuidedStep]? = nil) throws -> ExerciseCertificate {
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
                clock: try store.localClock(ofOrganisationNamed: organisation), guided: guided ?? []))
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
