import AlertModel
import Campaigns
import Foundation
import GeoModel
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
        prepare(on: routes)
    }

    /// Saving, changing, removing, and asking for approval.
    private func prepare(on routes: RouteRegistrar) {
        let desk = desk
        routes.on(.saveScenario) { call in
            let draft = try ScenarioDraft(try await call.bodyObject())
            return try Answer.json(try await desk.save(try call.account, draft), status: .created)
        }
        routes.on(.scenario) { call in
            let dossier = try await desk.find(try call.account, ScenarioID(rawValue: try call.id()))
            return Answer.json(
                bytes: try Answer.encode(
                    dossier.card,
                    adding: [
                        "document": Array(dossier.zone.utf8), "message": Array(MessageDocument.encode(dossier.message).utf8),
                        "policy": Answer.encode(dossier.policy), "kind": Answer.encode(dossier.kind),
                        "weight": Answer.encode(dossier.weight),
                        "cascade": Answer.encode(dossier.policy.cascade.map { CascadeWords.write($0) } ?? ""),
                        "until": Answer.encode(dossier.policy.cascade?.until.rawValue ?? ""),
                    ]))
        }
        routes.on(.removeScenario) { call in
            try await desk.remove(try call.account, ScenarioID(rawValue: try call.id()))
            return Answer.nothing
        }
        routes.on(.askScenario) { call in
            try Answer.json(try await desk.ask(try call.account, ScenarioID(rawValue: try call.id())))
        }
        routes.on(.refuseScenario) { call in
            let body = try await call.bodyObject()
            try body.allow(["hash", "reason"])
            return try Answer.json(
                try await desk.refuse(
                    try call.account, ScenarioID(rawValue: try call.id()), try body.text("hash", maximumLength: 64),
                    try body.text("reason", maximumLength: ApprovalRules.longestReason)))
        }
    }
}

extension ScenarioDraft {
    /// The members of a plan but its mode, a name, and what its blanks hold.
    fileprivate init(_ body: BodyObject) throws {
        try body.allow(CampaignPlan.keys.subtracting(["mode"]).union(["name", "blanks"]))
        var members = body.members
        members["mode"] = .string(CampaignMode.real.rawValue)
        let blanks = try body.objects("blanks", atMost: ScenarioGesture.mostBlanks).map { blank in
            try blank.allow(["name", "kind"])
            return ScenarioCard.Blank(
                name: PlaceholderText.folded(try blank.text("name", maximumLength: 40)),
                kind: try blank.word("kind", BlankKind.self).rawValue)
        }
        guard Set(blanks.map(\.name)).count == blanks.count else { throw body.fault("blanks", "each blank is named once") }
        self.init(
            name: try body.text("name", maximumLength: Scenario.longestName),
            plan: try CampaignPlan(BodyObject(members: members, path: body.path)), blanks: blanks)
    }
}

extension ScenarioGesture {
    /// More than a message has places.
    static let mostBlanks = 40

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
