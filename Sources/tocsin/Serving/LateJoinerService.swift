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
    let logger: Logger
    let signal: @Sendable () -> Void

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var mark: [Int64]?
            var proposed: [CampaignID: Int] = [:]
            var turn = 0
            while !Task.isCancelled {
                do {
                    let now = try await Offload.run { try store.joiningMark() }
                    let isListTurn = turn % Self.turnsBetweenLists == 0
                    var isDone = true
                    if now != mark || isListTurn { isDone = try await look(onlyLists: now == mark, &proposed) }
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

    /// - Returns: whether every zone could be judged.
    private func look(onlyLists: Bool, _ proposed: inout [CampaignID: Int]) async throws -> Bool {
        var isDone = true
        for (id, namesLists) in try await Offload.run({ try store.joinableCampaigns(modes, now: .now) })
        where namesLists || !onlyLists {
            do {
                let joining = try await Offload.run {
                    try store.join(id, actor: Self.actor, isAutomatic: true, now: .now)
                }
                switch joining.outcome {
                case .nobody, .found: break
                case .joined(let number, _):
                    logger.notice(
                        "late joiners", metadata: [
                            "campaign": "\(id)", "addendum": "\(number)", "recipients": "\(joining.recipients)",
                        ])
                    signal()
                case .proposed where proposed[id] == joining.recipients: break
                case .proposed:
                    proposed[id] = joining.recipients
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
