import AlertModel
import Dispatching
import Logging
import ServiceLifecycle
import Store

/// Looks after live alerts whether somebody entered their zones, for as long as the server runs.
struct LateJoinerService: Service {
    private static let period = Duration.seconds(3)
    /// Lists change without the register's changing: zones that name them are looked at every so many turns.
    private static let turnsBetweenLists = 20
    /// As the journal names who added them.
    private static let actor = "server"

    let store: AlertDatabase
    let modes: [CampaignMode]
    /// Channels that real gateways carry.
    let carried: Set<Channel>
    let logger: Logger
    let signal: @Sendable () -> Void

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var mark: [Int64]?
            var told = Told()
            var turn = 0
            while !Task.isCancelled {
                do {
                    let now = try await Offload.run { try store.joiningMark() }
                    let isListTurn = turn % Self.turnsBetweenLists == 0
                    var isDone = true
                    if now != mark || isListTurn { isDone = try await look(onlyLists: now == mark, &told) }
                    // Read before the look: what changes meanwhile is looked for again, and so is what could not be judged.
                    mark = isDone ? now : nil
                } catch {
                    mark = nil
                    logger.error("late joiners cannot be looked for", metadata: ["error": "\(error)"])
                }
                turn += 1
                try? await Task.sleep(for: Self.period)
            }
        }
    }

    /// What was said of each campaign, so that it is said once.
    private struct Told {
        var proposed: [CampaignID: Int] = [:]
        var leftOut: [CampaignID: Int] = [:]
    }

    /// - Returns: whether every zone could be judged.
    private func look(onlyLists: Bool, _ told: inout Told) async throws -> Bool {
        var isDone = true
        for (id, namesLists) in try await Offload.run({ try store.joinableCampaigns(modes, now: .now) })
        where namesLists || !onlyLists {
            do {
                let joining = try await Offload.run {
                    try store.join(id, actor: Self.actor, isAutomatic: true, carried: carried, now: .now)
                }
                if told.leftOut[id, default: 0] != joining.leftOut {
                    told.leftOut[id] = joining.leftOut
                    if joining.leftOut > 0, let sentence = joining.missingSentence {
                        logger.warning("late joiners are left out: \(sentence)", metadata: ["campaign": "\(id)"])
                        let detail = [
                            "recipients": String(joining.leftOut),
                            "channels": joining.missing.map(\.rawValue).joined(separator: ","),
                        ]
                        try await Offload.run {
                            try store.audit(
                                actor: Self.actor, action: "campaign.join_left_out", subject: id.description, detail: detail)
                        }
                    }
                }
                switch joining.outcome {
                case .nobody, .found: break
                case .joined(let number, _):
                    logger.notice(
                        "late joiners", metadata: [
                            "campaign": "\(id)", "addendum": "\(number)", "recipients": "\(joining.recipients)",
                        ])
                    signal()
                case .proposed where told.proposed[id] == joining.recipients: break
                case .proposed:
                    told.proposed[id] = joining.recipients
                    logger.warning(
                        "many would join: `tocsin campaign join` sends it to them",
                        metadata: ["campaign": "\(id)", "recipients": "\(joining.recipients)"])
                    let detail = ["recipients": String(joining.recipients)]
                    try await Offload.run {
                        try store.audit(
                            actor: Self.actor, action: "campaign.join_proposed", subject: id.description, detail: detail)
                    }
                }
            } catch {
                // One zone that cannot be judged must not keep the others' people out.
                logger.error("late joiners cannot be looked for", metadata: ["campaign": "\(id)", "error": "\(error)"])
                isDone = false
            }
        }
        return isDone
    }
}
