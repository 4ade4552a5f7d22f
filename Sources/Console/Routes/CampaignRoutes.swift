import AlertModel
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// Preparing, launching and steering campaigns, and their reports.
struct CampaignRoutes: Sendable {
    let desk: CampaignDesk
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
            try Answer.json(CampaignList(campaigns: try await desk.list(try call.account)))
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
        guard let file = try await desk.certificate(try call.account, CampaignID(rawValue: try call.id()), format) else {
            throw ConsoleProblem(.notFound)
        }
        return Self.answer(file, format.mediaType, disposition: format == .json ? "inline" : "attachment")
    }

    private static func answer(_ file: ReportFile, _ mediaType: String, disposition: String) -> Response {
        // Nothing that could end the quotes, start another header or name a folder.
        let name = file.fileName.unicodeScalars.filter { scalar in
            scalar.isASCII && scalar.value >= 0x20 && !["\"", "\\", "/"].contains(scalar)
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: mediaType, .cacheControl: "no-store",
                .contentDisposition: "\(disposition); filename=\"\(String(String.UnicodeScalarView(name)))\"",
            ],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: file.bytes)))
    }

    private func launch(_ call: Call) async throws -> Response {
        let launch = try CampaignLaunch(try await call.bodyObject())
        try call.require(launch.plan.mode)
        let id = try await desk.launch(try call.account, launch)
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
        return Self.answer(file, format.mediaType, disposition: format == .json || format == .text ? "inline" : "attachment")
    }
}

extension ReportFormat {
    fileprivate var mediaType: String {
        switch self {
        case .json: "application/json; charset=utf-8"
        case .csv: "text/csv; charset=utf-8"
        case .geojson: "application/geo+json"
        case .text: "text/plain; charset=utf-8"
        }
    }
}
