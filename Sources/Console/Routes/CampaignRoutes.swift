import AlertModel
import Foundation
import HTTPTypes
import Hummingbird

/// Preparing, launching and steering campaigns, and their reports.
struct CampaignRoutes: Sendable {
    let desk: CampaignDesk
    let drafts: DraftRoutes?
    let now: @Sendable () -> Date

    func register(on routes: RouteRegistrar) {
        let desk = desk, now = now
        routes.on(.measureMessage) { call in
            let body = try await call.bodyObject()
            try body.allow(["subject", "text", "mode"])
            let mode = try body.word("mode", CampaignMode.self)
            try call.require(mode)
            return try Answer.json(try await desk.measure(try Message(body), mode))
        }
        routes.on(.previewCampaign) { call in
            let body = try await call.bodyObject()
            try body.allow(CampaignPlan.keys)
            let plan = try CampaignPlan(body)
            try call.require(plan.mode)
            let preview = try await desk.preview(try call.account, plan)
            return try Answer.json(
                CampaignPreviewDocument(
                    preview, sentence: PreviewSentence.text(preview, mode: plan.mode), openedAt: now()))
        }
        routes.on(.launchCampaign) { try await launch($0) }
        routes.on(.campaigns) { call in
            let live = try call.query("live", maximumLength: 3)
            guard live == nil || live == "yes" else { throw call.invalid("live", "yes, or nothing, is due") }
            let account = try call.account
            return try Answer.json(
                CampaignList(campaigns: live == nil ? try await desk.list(account) : try await desk.live(account)))
        }
        routes.on(.campaign) { call in
            try Self.answer(try await desk.find(try call.account, CampaignID(rawValue: try call.id())))
        }
        let actions: KeyValuePairs<Route, CampaignAction> = [
            .pauseCampaign: .pause, .resumeCampaign: .resume, .stopCampaign: .stop,
        ]
        for (route, action) in actions {
            routes.on(route) { call in
                try Self.answer(try await desk.control(try call.account, CampaignID(rawValue: try call.id()), action))
            }
        }
        routes.on(.undoCampaign) { call in
            try Self.answer(try await desk.undo(try call.account, CampaignID(rawValue: try call.id())))
        }
        routes.on(.campaignReport) { try await report($0) }
        routes.on(.campaignCertificate) { try await certificate($0) }
    }

    /// The certificate of an exercise, to be kept or printed: always a file, so that its own style needs no policy here.
    private func certificate(_ call: Call) async throws -> Response {
        let text = try call.query("format", maximumLength: 20) ?? CertificateFileFormat.pdf.rawValue
        guard let format = CertificateFileFormat(rawValue: text) else {
            let all = CertificateFileFormat.allCases.map(\.rawValue).joined(separator: ", ")
            throw call.invalid("format", "one of \(all) is due")
        }
        let steps = try Self.guidedSteps(call)
        guard let file = try await desk.certificate(try call.account, CampaignID(rawValue: try call.id()), format, steps) else {
            throw ConsoleProblem(.notFound)
        }
        return Answer.file(file, format.mediaType, format == .json ? .inline : .attachment)
    }

    /// A guide left open overnight is no measure of anything.
    private static let longestStepSeconds = 86_400

    /// `commune:12,zone:,…`: each step once at most, in the guide's order.
    private static func guidedSteps(_ call: Call) throws -> [GuidedStepTime]? {
        guard let text = try call.query("steps", maximumLength: 300) else { return nil }
        let steps = try text.split(separator: ",").map { part in
            let words = part.split(separator: ":", omittingEmptySubsequences: false)
            guard words.count == 2, let step = GuidedStepTime.Step(rawValue: String(words[0])) else {
                throw call.invalid("steps", "names of steps with their seconds are due, such as commune:12,zone:40")
            }
            if words[1].isEmpty { return GuidedStepTime(step: step, seconds: nil) }
            guard let seconds = Int(words[1]), (0...longestStepSeconds).contains(seconds) else {
                throw call.invalid("steps", "a step's seconds go from 0 to \(longestStepSeconds)")
            }
            return GuidedStepTime(step: step, seconds: seconds)
        }
        let order = steps.compactMap { GuidedStepTime.Step.allCases.firstIndex(of: $0.step) }
        guard !steps.isEmpty, zip(order, order.dropFirst()).allSatisfy(<) else {
            throw call.invalid("steps", "each step comes once, in the guide's order")
        }
        return steps
    }

    private func launch(_ call: Call) async throws -> Response {
        let launch = try CampaignLaunch(try await call.bodyObject())
        try call.require(launch.plan.mode)
        let id = try await desk.launch(try call.account, launch)
        await drafts?.settle(launch.requestKey, as: .launched, by: try call.account)
        return try Answer.json(["id": id], status: .created)
    }

    static func answer(_ dossier: CampaignDossier?) throws -> Response {
        guard let dossier else { throw ConsoleProblem(.notFound) }
        return Answer.json(
            bytes: try Answer.encode(
                dossier.card,
                adding: [
                    "message": Array(MessageDocument.encode(dossier.message).utf8),
                    "channels": Answer.encode(dossier.policy.channels),
                    "zone": ZoneDocument.encode(dossier.zone),
                    "policy": Answer.encode(dossier.policy),
                    "audienceHash": Answer.encode(dossier.audienceHash),
                    "audience": Answer.encode(dossier.audience),
                    "kind": Answer.encode(dossier.kind),
                    "weight": Answer.encode(dossier.weight),
                    "messageVersion": Answer.encode(dossier.messageVersion),
                    "earlierMessages": [UInt8(ascii: "[")]
                        + dossier.earlier.map { Array(MessageDocument.encode($0).utf8) }.joined(separator: [UInt8(ascii: ",")])
                        + [UInt8(ascii: "]")],
                    "estimate": Answer.encode(EstimateDocument(dossier.account)),
                ]))
    }

    private func report(_ call: Call) async throws -> Response {
        let text = try call.query("format", maximumLength: 20) ?? ReportFormat.json.rawValue
        guard let format = ReportFormat(rawValue: text) else {
            let all = ReportFormat.allCases.map(\.rawValue).joined(separator: ", ")
            throw call.invalid("format", "one of \(all) is due")
        }
        guard let file = try await desk.report(try call.account, CampaignID(rawValue: try call.id()), format) else {
            throw ConsoleProblem(.notFound)
        }
        return Answer.file(file, format.mediaType, format == .json || format == .text ? .inline : .attachment)
    }
}

extension ReportFormat {
    fileprivate var mediaType: String {
        switch self {
        case .json: MediaType.json
        case .csv: MediaType.csv
        case .geojson: MediaType.geoJSON
        case .text: MediaType.text
        }
    }
}
