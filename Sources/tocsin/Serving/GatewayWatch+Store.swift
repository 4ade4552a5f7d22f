import AlertModel
import Console
import Dispatching
import Foundation
import Store

extension GatewayWatch {
    /// Gateways of one mode, as whoever dispatches it sees them.
    ///
    /// - Parameter dispatcher: this server's; nil where it carries nothing of the mode.
    init(store: AlertDatabase, means: any CampaignMeans, dispatcher: DispatchService?) {
        let office = GatewayBoardOffice(store: store, means: means, dispatcher: dispatcher)
        let hub = FollowHub<OrganisationID, GatewayBoard>()
        self.init(
            read: { account in try await office.board(of: account.organisation) },
            follow: { account in
                let organisation = account.organisation
                return await hub.follow(organisation, every: GatewayBoardOffice.period) {
                    (try await office.board(of: organisation), false)
                }
            })
    }

    /// The same with the real gateways, which may be tried.
    init(store: AlertDatabase, gateways: GatewaySettings, dispatcher: DispatchService?) {
        self.init(store: store, means: gateways, dispatcher: dispatcher)
        test = { account, name, label in
            let found = try await ConsoleProblems.translating { () throws -> (Gateway, TestAddress)? in
                let access = try store.gatewayAccess(of: account.organisation)
                // Not through another's contract.
                guard let known = try gateways.known().first(where: { $0.name == name && access.allows($0.name, on: $0.channel) }),
                    let address = try store.testAddresses(of: account.organisation)
                        .first(where: { $0.label == label && $0.channel == known.channel }),
                    let gateway = try gateways.gateway(named: name)
                else { return nil }
                return (gateway, address)
            }
            guard let (gateway, address) = found else { return nil }
            let actor = Operator(
                name: account.user, user: UserID(rawValue: account.id), organisation: account.organisation,
                capabilities: account.capabilities)
            do {
                let result = try await GatewayTrial(store: store).send(through: gateway, to: address.address, by: actor)
                await gateway.close()
                return GatewayTrialAnswer(answer: result.words, detail: result.detail, failed: result.isFailure)
            } catch {
                await gateway.close()
                return try await ConsoleProblems.translating { throw error }
            }
        }
    }
}

/// Puts together what the dispatcher, the ledger and the gateways' file know.
private struct GatewayBoardOffice: Sendable {
    /// What is shown is never older than this and the console's own pace: less than a second.
    static let period = Duration.milliseconds(500)

    let store: AlertDatabase
    let means: any CampaignMeans
    let dispatcher: DispatchService?
    private let late: LateReceiptCount

    init(store: AlertDatabase, means: any CampaignMeans, dispatcher: DispatchService?) {
        self.store = store
        self.means = means
        self.dispatcher = dispatcher
        let mode = means.mode
        late = LateReceiptCount { try store.ledger.lateReceipts(mode, now: .now) }
    }

    func board(of organisation: OrganisationID) async throws -> GatewayBoard {
        let own = await dispatcher?.vitals()
        let late = try await ConsoleProblems.awaiting { try await self.late.byGateway() }
        return try await ConsoleProblems.translating { try board(of: organisation, own: own, late: late) }
    }

    private func board(
        of organisation: OrganisationID, own: GatewayVitalsSheet?, late: [String: Int]
    ) throws -> GatewayBoard {
        let now = UTCTime.now
        let sheet = own ?? DispatcherStatus(databasePath: store.path, mode: means.mode).read(now: now)
        let holder = own == nil ? DispatcherLock.holder(ofDatabaseAt: store.path, mode: means.mode) : nil
        let carrier: GatewayBoard.Carrier =
            own != nil ? .here : sheet != nil ? .elsewhere : holder != nil ? .silent : .nobody
        let access = means.mode == .real ? try store.gatewayAccess(of: organisation) : .all
        let queued = try store.ledger.queued(means.mode, of: organisation)
        let binds = try means.binds()
        var cards: [GatewayBoard.Card]
        if let sheet {
            cards = sheet.gateways.map { GatewayBoard.Card($0, lateReceipts: late[$0.name] ?? 0) }
        } else {
            cards = try means.known().map { GatewayBoard.Card(name: $0.name, channel: $0.channel) }
        }
        cards = cards.filter { access.allows($0.name, on: $0.channel) }.sorted { ($0.channel, $0.name) < ($1.channel, $1.name) }
        for index in cards.indices { cards[index].binds = binds[cards[index].name] }
        return GatewayBoard(
            mode: means.mode, carrier: carrier, holder: holder?.description, at: Date(sheet?.at ?? now),
            since: sheet.map { Date($0.since) }, gateways: cards,
            queues: queued.filter { $0.value > 0 }.map { .init(channel: $0.key, queued: $0.value) }
                .sorted { $0.channel < $1.channel })
    }
}

extension GatewayBoard.Card {
    fileprivate init(_ vitals: GatewayVitals, lateReceipts: Int) {
        self.init(
            name: vitals.name, channel: vitals.channel, canBeProbed: vitals.canBeProbed, unit: vitals.rateUnit,
            pace: vitals.unitsPerSecond, held: vitals.held, inFlight: vitals.inFlight, taken: vitals.answers.taken,
            refused: vitals.answers.refused, faults: vitals.answers.faults, lateReceipts: lateReceipts)
        weight = vitals.weight
        window = vitals.window
        circuit = vitals.circuit.rawValue
        downSince = vitals.downSince.map { Date($0) }
        pausedUntil = vitals.pausedUntil.map { Date($0) }
        fault = vitals.fault
        faultAt = vitals.faultAt.map { Date($0) }
        lastSuccess = vitals.lastSuccess.map { Date($0) }
        probedAt = vitals.lastProbe.map { Date($0.at) }
        probeSucceeded = vitals.lastProbe?.isUp
        rate = vitals.ratePerSecond
        allowed = vitals.allowedPerSecond
    }
}
