import AlertModel
import Campaigns
import Console
import Dispatching
import Foundation
import GeoModel
import Reports
import Store
import Targeting

extension CampaignDesk {
    /// Campaigns of one mode in the database's ledger, carried by `runtime`'s dispatchers once they hold the lock.
    init(store: AlertDatabase, means: any CampaignMeans, signal: @escaping @Sendable () -> Void) {
        let office = CampaignOffice(store: store, means: means, signal: signal)
        self.init(
            measure: { message, mode in CampaignOffice.measure(message, mode) },
            preview: { account, plan in
                try await ConsoleProblems.translating { try office.preview(plan, account: account) }
            },
            launch: { account, launch in
                try await ConsoleProblems.translating { try office.launch(launch, account: account) }
            },
            list: { account in
                try await ConsoleProblems.translating {
                    try store.ledger.campaigns(of: account.organisation, mode: means.mode).map { CampaignCard($0) }
                }
            },
            find: { account, id in try await ConsoleProblems.translating { try office.find(id, account: account) } },
            control: { account, id, action in
                try await ConsoleProblems.translating { try office.control(id, action, account: account) }
            },
            undo: { account, id in
                try await ConsoleProblems.translating { try office.undo(id, account: account) }
            },
            follow: { account, id in try await office.follow(id, account: account) },
            report: { account, id, format in
                try await ConsoleProblems.translating { try office.report(id, format, account: account) }
            })
        live = { account in
            try await ConsoleProblems.translating {
                try store.ledger.liveCampaigns(of: account.organisation, mode: means.mode).map { CampaignCard($0) }
            }
        }
        certificate = { account, id, format, steps in
            try await ConsoleProblems.translating { try office.certificate(id, format, steps: steps, account: account) }
        }
    }
}

/// The console's campaign verbs over the ledger. Blocking: called off the cooperative threads.
struct CampaignOffice: Sendable {
    /// How often a followed campaign is read: the console sends four events a second at most.
    private static let period = Duration.milliseconds(250)

    let store: AlertDatabase
    let means: any CampaignMeans
    let signal: @Sendable () -> Void
    private let hub = FollowHub<CampaignID, ProgressUpdate>()

    init(store: AlertDatabase, means: any CampaignMeans, signal: @escaping @Sendable () -> Void) {
        self.store = store
        self.means = means
        self.signal = signal
    }

    static func measure(_ message: Message, _ mode: CampaignMode) -> MessageMeasure {
        let sent = message.worded(for: .sms, language: "").marked(for: mode)
            .sample
        let text = SMSText(sent.text)
        return MessageMeasure(
            text: sent.text, encoding: text.encoding == .gsm7 ? .gsm7 : .ucs2, characters: text.units,
            segments: text.segments, segmentLimit: SMSText.maximumSegments, offending: text.offending.map(String.init),
            plainer: SMSText.plainer(message.worded(for: .sms, language: "").text, mode: mode).map { .init(text: $0.text, segments: $0.segments) })
    }

    func preview(_ given: Console.CampaignPlan, account: Account) throws -> CampaignPreview {
        let (plan, cut) = try mended(given, of: account)
        let rules = try means.launchRules(of: account.organisation, in: store)
        try refuse(rules.refusals(message: plan.message, policy: plan.policy))
        let draft = try frozen(plan, account: account, requestKey: "")
        if let refusal = draft.quietRefusal(at: .now) { throw refusal }
        let preview = try store.previewAudience(
            of: draft, zone: plan.zone, scope: try store.scope(of: account.organisation))
        try refuse(rules.refusals(
            zone: plan.zone, recipients: preview.counts.recipients, message: plan.message, policy: plan.policy))
        let limits = try store.guardPolicy(of: account.organisation)
        return CampaignPreview(
            audienceHash: preview.hash.hexadecimal,
            counts: Console.ZoneCounts(
                preview.counts, population: nil, areaSquareMetres: nil, mappings: try store.mappings(of: plan.zone)),
            legs: preview.legs,
            communes: preview.communes.prefix(10).map(\.name), communesTotal: preview.communes.count,
            unavailable: plan.policy.channels.filter { !rules.carries($0) },
            segments: plan.policy.channels.contains(.sms)
                ? preview.longestSegments ?? Self.measure(plan.message, plan.mode).segments : 0,
            guards: preview.guards.map { GuardNotice($0) },
            estimate: forecast(account).estimateIfPossible(
                preview, kind: plan.kind, weight: plan.weight, policy: plan.policy),
            quietUntil: plan.policy.quiet?.end(at: .now).map { Date($0) },
            lane: Lane(mode: plan.mode, author: .account, findings: preview.guards),
            approvers: try store.approvers(of: account.organisation, besides: account.user).count,
            isTyped: preview.counts.recipients > limits.typedAbove, cut: cut.map { TerritoryCutDocument($0) },
            quotas: preview.quotas.map { QuotaDocument($0) })
    }

    func launch(_ given: CampaignLaunch, account: Account) throws -> CampaignID {
        let (mended, _) = try mended(given.plan, of: account)
        let requestKey = given.requestKey.uuidString
        if let earlier = try store.ledger.launched(frozen(mended, account: account, requestKey: requestKey)) {
            // A retry after a lost answer carries the hash that was launched; another one is another launch.
            guard earlier.audience.hexadecimal == given.audienceHash.lowercased() else { throw LedgerError.requestKeyReused }
            return earlier.campaign
        }
        let (launch, shown, plan) = try judged(given, account: account)
        // Where nobody else may approve, nobody is waited for: a reason is due, and kept.
        if let refusal = shown.guards.refusal(acceptance: plan.agreement) { throw refusal }
        try noteHandover(launch, plan)
        let estimate = forecast(account).estimateIfPossible(
            shown, kind: plan.kind, weight: plan.weight, policy: plan.policy)
        let launched = try store.launch(
            plan, zone: launch.plan.zone, scope: try store.scope(of: account.organisation), isAllClear: launch.isAllClear, estimate: estimate, now: .now)
        signal()
        return launched.campaign
    }

    /// Notes which request of another organisation a launch follows, before it is launched: a crash in between leaves a note of
    /// nothing.
    func noteHandover(_ launch: CampaignLaunch, _ plan: Campaigns.CampaignPlan) throws {
        guard let handed = launch.handed else { return }
        try store.noteLaunch(following: handed, of: plan.organisation, requestKey: plan.requestKey, now: .now)
    }

    /// A launch, or a request for one, that is what its operator was shown: all that is looked at before it is decided who
    /// may launch it.
    func judged(
        _ given: CampaignLaunch, account: Account
    ) throws -> (launch: CampaignLaunch, shown: AudiencePreview, plan: Campaigns.CampaignPlan) {
        let launch = given.with(try mended(given.plan, of: account).plan)
        let rules = try means.launchRules(of: account.organisation, in: store)
        guard let approved = AudienceHash(hexadecimal: launch.audienceHash) else {
            throw ConsoleProblem(.audienceChanged)
        }
        let scope = try store.scope(of: account.organisation)
        let shown = try store.previewAudience(
            of: try frozen(launch.plan, account: account, requestKey: ""), zone: launch.plan.zone, scope: scope)
        guard shown.hash == approved else {
            throw ConsoleProblem(
                .audienceChanged,
                ProblemDetail(counts: Console.ZoneCounts(shown.counts, population: nil, areaSquareMetres: nil)))
        }
        try refuse(rules.refusals(
            zone: launch.plan.zone, recipients: shown.counts.recipients, message: launch.plan.message,
            policy: launch.plan.policy, confirmation: launch.confirmation))
        let reason = launch.acceptance.flatMap { ApprovalRules.isReason($0) ? $0 : nil }
        let others = try store.approvers(of: account.organisation, besides: account.user)
        let plan = try frozen(
            launch.plan, account: account, requestKey: launch.requestKey.uuidString, notLocated: shown.counts.notLocated,
            approved: approved,
            consent: others.isEmpty ? reason.map { .brokenGlass(reason: $0, request: nil) } ?? .none : .none,
            openedAt: launch.openedAt)
        if let refusal = plan.quietRefusal(at: .now) { throw refusal }
        return (launch, shown, plan)
    }

    /// The plan as it is frozen: within the territory, with valid perimeters, and no place of its text unfilled.
    private func mended(
        _ plan: Console.CampaignPlan, of account: Account
    ) throws -> (plan: Console.CampaignPlan, cut: TerritoryCut?) {
        try means.require(plan.mode)
        let message: Message
        do {
            message = try plan.message.filled { _ in nil }
        } catch {
            throw ConsoleProblem(.invalidMessage, ProblemDetail(path: "message", reason: error.description))
        }
        let zone = try plan.zone.mended().zone
        let cut = zone.namesNothing ? nil : try store.territoryCut(
            of: zone, for: account.organisation, scope: try store.scope(of: account.organisation))
        return (
            Console.CampaignPlan(
                zone: cut?.zone ?? zone, message: message, policy: try resting(plan, account), mode: plan.mode,
                kind: plan.kind, weight: plan.weight), cut
        )
    }

    /// Nil for another organisation's, or one of the other mode, as for none: nobody learns which numbers are taken.
    func find(_ id: CampaignID, account: Account) throws -> CampaignDossier? {
        do {
            let record = try store.ledger.campaign(id)
            guard record.organisation == account.organisation, record.mode == means.mode else { return nil }
            return try CampaignDossier(
                record, try store.account(of: id), earlier: record.messageVersion > 1 ? try store.ledger.earlierMessages(of: id) : [])
        } catch LedgerError.unknownCampaign {
            return nil
        }
    }

    func control(_ id: CampaignID, _ action: CampaignAction, account: Account) throws -> CampaignDossier? {
        guard try find(id, account: account) != nil else { return nil }
        switch action {
        case .pause: try store.pauseCampaign(id, actor: account.user)
        case .resume: try store.resumeCampaign(id, actor: account.user)
        case .stop: _ = try store.stopCampaign(id, actor: account.user)
        }
        signal()
        return try find(id, account: account)
    }

    func undo(_ id: CampaignID, account: Account) throws -> CampaignDossier? {
        guard try find(id, account: account) != nil else { return nil }
        try store.undoCampaign(id, actor: account.user)
        signal()
        return try find(id, account: account)
    }

    func follow(_ id: CampaignID, account: Account) async throws -> AsyncStream<ProgressUpdate>? {
        guard try await Offload.run({ try find(id, account: account) }) != nil else { return nil }
        let office = self
        return await hub.follow(id, every: CampaignOffice.period) {
            let record = try await Offload.run { try office.store.ledger.campaign(id) }
            // What was in flight at a stop still ends, and is shown.
            return (ProgressUpdate(record), record.state.isFinal && record.progress.openLegs == 0)
        }
    }

    func report(_ id: CampaignID, _ format: Console.ReportFormat, account: Account) throws -> ReportFile? {
        guard try find(id, account: account) != nil else { return nil }
        // It speaks of people one by one.
        if format == .csv, !account.capabilities.contains(.seePersonalData) {
            throw ConsoleProblem(
                .notPermitted,
                ProblemDetail(path: "format", reason: "csv names recipients: it needs the right \(Capability.seePersonalData.rawValue)"))
        }
        let form: (Reports.ReportFormat, String) =
            switch format {
            case .json: (.json, "json")
            case .csv: (.csv, "csv")
            case .geojson: (.geojson, "geojson")
            case .text: (.text, "txt")
            }
        var bytes: [UInt8] = []
        try CampaignReporting(store: store).recordSight(of: id, format: form.0, actor: account.user)
        try CampaignReporting(store: store).write(id, format: form.0) { bytes += $0.utf8 }
        return ReportFile(bytes: bytes, fileName: "rapport-\(id).\(form.1)")
    }

    func certificate(
        _ id: CampaignID, _ format: CertificateFileFormat, steps: [GuidedStepTime]?, account: Account
    ) throws -> ReportFile? {
        guard try find(id, account: account) != nil else { return nil }
        let form: CertificateFormat =
            switch format {
            case .html: .html
            case .pdf: .pdf
            case .json: .json
            }
        return ReportFile(
            bytes: try form.rendition(of: try ExerciseCertifying(store: store).certificate(of: id, guided: steps?.map { .init(name: $0.step.french, word: $0.step.rawValue, seconds: $0.seconds) })).bytes(),
            fileName: "attestation-exercice-\(id).\(form.rawValue)")
    }

    private func frozen(
        _ plan: Console.CampaignPlan, account: Account, requestKey: String, notLocated: Int = 0,
        approved: AudienceHash? = nil, consent: LaunchConsent = .none, openedAt: Date? = nil
    ) throws -> Campaigns.CampaignPlan {
        Campaigns.CampaignPlan(
            organisation: account.organisation, requestKey: requestKey, mode: plan.mode,
            zoneDocument: String(decoding: ZoneDocument.encode(plan.zone), as: UTF8.self), message: plan.message,
            policy: plan.policy, notLocated: notLocated, approvedHash: approved, createdBy: account.user, kind: plan.kind,
            weight: plan.weight,
            circumstances: LaunchCircumstances(
                author: .account, consent: consent, openedAt: openedAt.flatMap { Self.plausible($0) }))
    }

    /// A day at most before now: a client's word for when its operator saw the preview is a figure, not a proof.
    static func plausible(_ openedAt: Date) -> UTCTime? {
        let time = UTCTime(millisecondsSince1970: openedAt.milliseconds), now = UTCTime.now
        return time <= now && time > now.advanced(bySeconds: -86_400) ? time : nil
    }

    private func forecast(_ account: Account) -> CampaignForecast {
        CampaignForecast(store: store, means: means, organisation: account.organisation)
    }

    /// Information goes by its organisation's quiet hours.
    private func resting(_ plan: Console.CampaignPlan, _ account: Account) throws -> Policy {
        guard plan.kind == .information, plan.policy.quiet == nil else { return plan.policy }
        let name = try store.name(of: account.organisation)
        return plan.policy.resting(in: try store.quietHours(ofOrganisationNamed: name))
    }

    private func refuse(_ refusals: [LaunchError]) throws {
        if let first = refusals.first { throw first }
    }
}

extension CampaignLaunch {
    /// The same launch of a plan that is mended.
    fileprivate func with(_ plan: Console.CampaignPlan) -> CampaignLaunch {
        CampaignLaunch(
            plan: plan, audienceHash: audienceHash, confirmation: confirmation, requestKey: requestKey,
            acceptance: acceptance, isAllClear: isAllClear, openedAt: openedAt, handed: handed)
    }
}

extension TerritoryCutDocument {
    init(_ cut: TerritoryCut) {
        self.init(
            recipients: cut.recipients, areaSquareMetres: cut.outsideSquareMetres, communes: Array(cut.communes.prefix(10)),
            communesTotal: cut.communes.count, territory: cut.territory.label)
    }
}

extension CampaignCard {
    init(_ record: CampaignRecord) {
        self.init(
            id: record.id, reference: record.id.description, subject: record.message.subject, mode: record.mode,
            state: record.state, createdAt: Date(record.createdAt), startedAt: Date(record.startedAt),
            endedAt: record.endedAt.map { Date($0) }, createdBy: record.createdBy,
            progress: record.progress)
    }
}

extension CampaignDossier {
    init(_ record: CampaignRecord, _ account: CampaignAccount, earlier: [Message]) throws {
        self.init(
            card: CampaignCard(record), message: record.message,
            zone: try ZoneDocument.decode(Array(record.zoneDocument.utf8)), policy: record.policy,
            audienceHash: record.audience.hexadecimal,
            audience: AudienceFigures(
                certain: record.certain, possible: record.possible, notLocated: record.notLocated),
            kind: record.kind, weight: record.weight, messageVersion: record.messageVersion, account: account,
            earlier: earlier)
    }
}

extension ProgressUpdate {
    fileprivate init(_ record: CampaignRecord) {
        self.init(
            state: record.state, startedAt: Date(record.startedAt), endedAt: record.endedAt.map { Date($0) },
            waitsUntil: record.waitsUntil().map { Date($0) }, progress: record.progress)
    }
}

extension Date {
    init(_ time: UTCTime) {
        self.init(timeIntervalSince1970: Double(time.millisecondsSince1970) / 1000)
    }
}

extension GuidedStepTime.Step {
    /// As the guide calls it.
    fileprivate var french: String {
        switch self {
        case .commune: "Choisir la commune"
        case .zone: "Dessiner la zone"
        case .count: "Lire le nombre"
        case .message: "Écrire le message"
        case .channels: "Choisir les canaux"
        case .review: "Relire"
        case .launch: "Lancer"
        case .follow: "Suivre"
        case .allClear: "Lever l'alerte"
        case .report: "Lire le bilan"
        }
    }
}
