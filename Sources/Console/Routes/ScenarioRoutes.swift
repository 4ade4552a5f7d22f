import AlertModel
import Campaigns
import Foundation
import Hummingbird

/// Launching what was prepared ahead.
struct ScenarioRoutes: Sendable {
    let desk: ScenarioDesk
    let now: @Sendable () -> Date

    func register(on routes: RouteRegistrar) {
        let desk = desk, now = now
        routes.on(.scenarios) { call in try Answer.json(["scenarios": try await desk.list(try call.account)]) }
        routes.on(.previewScenario) { call in
            let body = try await call.bodyObject()
            try body.allow(["mode", "blanks"])
            let gesture = try ScenarioGesture(body)
            try call.require(gesture.mode)
            let openedAt = now()
            let preview = try await desk.preview(
                try call.account, ScenarioID(rawValue: try call.id()), gesture, openedAt)
            return try Answer.json(
                CampaignPreviewDocument(
                    preview, sentence: PreviewSentence.text(preview, mode: gesture.mode), openedAt: openedAt))
        }
        routes.on(.launchScenario) { call in
            let body = try await call.bodyObject()
            try body.allow(["mode", "blanks", "audienceHash", "requestKey", "openedAt", "acceptance"])
            let launch = ScenarioLaunch(
                gesture: try ScenarioGesture(body), audienceHash: try body.text("audienceHash", maximumLength: 128),
                requestKey: try body.uuid("requestKey"), openedAt: try CampaignLaunch.moment(body),
                acceptance: body.has("acceptance") ? try body.text("acceptance", maximumLength: 500) : nil)
            try call.require(launch.gesture.mode)
            let id = try await desk.launch(try call.account, ScenarioID(rawValue: try call.id()), launch)
            return try Answer.json(["id": id], status: .created)
        }
        routes.on(.approveScenario) { call in
            let body = try await call.bodyObject()
            try body.allow(["hash"])
            return try Answer.json(
                try await desk.approve(
                    try call.account, ScenarioID(rawValue: try call.id()), try body.text("hash", maximumLength: 64)))
        }
    }
}

extension ScenarioGesture {
    /// More than a message has places.
    private static let mostBlanks = 40

    fileprivate init(_ body: BodyObject) throws {
        var values: [String: String] = [:]
        let blanks = body.has("blanks") ? try body.objects("blanks", atMost: Self.mostBlanks) : []
        for blank in blanks {
            try blank.allow(["name", "value"])
            let name = PlaceholderText.folded(try blank.text("name", maximumLength: 40))
            values[name] = try blank.text("value", maximumLength: BlankKind.longest)
        }
        self.init(mode: try body.word("mode", CampaignMode.self), values: values)
    }
}
