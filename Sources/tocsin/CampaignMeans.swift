import AlertModel
import Campaigns
import Channels
import Dispatching
import Foundation
import Store

/// What carries the campaigns of one mode: all that a launch, a test, a forecast or a dispatcher of that mode is given.
///
/// Whoever holds `ExerciseMeans` can reach no gateway: none is in it, nor any setting that describes one.
protocol CampaignMeans: Sendable {
    var mode: CampaignMode { get }

    /// What must hold before a launch of an organisation: a channel is there for whoever has a gateway for it, whatever the
    /// machine has.
    /// - Throws: when a gateway is configured and cannot be read.
    func launchRules(of organisation: OrganisationID, in store: AlertDatabase) throws -> LaunchRules

    /// What there is to know of the real gateways, without their secrets.
    func known() throws -> [KnownGateway]

    /// Sessions by gateway, where its protocol has any.
    func binds() throws -> [String: Int]

    /// An organisation's gateways for tests to oneself; the caller closes them.
    func testGateways(of organisation: OrganisationID, in store: AlertDatabase) throws -> [Gateway]

    /// Gateways for a dispatcher.
    func gatewaySet(for store: AlertDatabase) throws -> GatewaySet

    /// What an organisation's estimates reckon with, at its own tariffs.
    /// - Parameter history: how past campaigns of the mode went, the newest first.
    func forecastGateways(
        _ history: [CampaignMeasure], of organisation: OrganisationID, in store: AlertDatabase
    ) throws -> [ForecastGateway]

    /// Rates that contracts allow, in messages a second.
    func declaredRates() throws -> [Channel: Double]

    /// Channels that something real carries for an organisation, and what.
    func carriers(of organisation: OrganisationID, in store: AlertDatabase) throws -> [Channel: String]
}

extension CampaignMeans {
    /// - Throws: `LedgerError.otherMode`.
    func require(_ asked: CampaignMode) throws {
        if asked != mode { throw LedgerError.otherMode(mode) }
    }
}

extension CampaignMode {
    /// What a command carries this mode's campaigns with; for an exercise no gateway's settings are even read.
    func means() throws -> any CampaignMeans {
        switch self {
        case .exercise: try ExerciseMeans()
        case .real: try GatewaySettings()
        }
    }
}

/// Simulators, and nothing else.
struct ExerciseMeans: CampaignMeans {
    /// How much faster than life the simulators are; 0 is at once.
    private let speed: Double
    /// How many of a hundred simulated people answer an SMS.
    private let replyPercent: Int

    /// - Throws: when the pace or the replies are named and cannot be read.
    init(environment: [String: String] = ProcessInfo.processInfo.environment) throws {
        speed = try Simulators.speed(environment: environment)
        replyPercent = try Simulators.replyPercent(environment: environment)
    }

    var mode: CampaignMode { .exercise }

    func launchRules(of _: OrganisationID, in _: AlertDatabase) -> LaunchRules { LaunchRules(mode: .exercise, available: []) }

    func known() -> [KnownGateway] { [] }

    func binds() -> [String: Int] { [:] }

    func testGateways(of _: OrganisationID, in _: AlertDatabase) -> [Gateway] { Simulators.all(speed: speed) }

    func gatewaySet(for store: AlertDatabase) throws -> GatewaySet {
        try .exercise(Simulators.all(speed: speed, replyPercent: replyPercent))
    }

    func forecastGateways(_ history: [CampaignMeasure], of _: OrganisationID, in _: AlertDatabase) -> [ForecastGateway] {
        Simulators.all(speed: speed).map { simulator in
            ForecastGateway(
                simulator.traits, answerMilliseconds: Simulators.meanAnswerMilliseconds(simulator.channel, speed: speed),
                isSimulated: true)
        }
    }

    func declaredRates() -> [Channel: Double] { [:] }

    func carriers(of _: OrganisationID, in _: AlertDatabase) -> [Channel: String] { [:] }
}
