import AlertModel
import Campaigns
import Channels
import Dispatching
import Foundation

/// What the environment says of gateways. Nothing is connected before a campaign needs it.
struct GatewaySettings: Sendable {
    /// How much faster than life the exercise's simulators are; 0 is at once.
    let exerciseSpeed: Double
    private let environment: [String: String]

    /// - Throws: when the speed is set and cannot be read.
    init(environment: [String: String] = ProcessInfo.processInfo.environment) throws {
        self.environment = environment
        exerciseSpeed = try Simulators.speed(environment: environment)
    }

    /// Builds the gateways that reach people; an exercise never asks for them. SMS, voice and fax have none yet:
    /// they are unavailable, never simulated.
    ///
    /// - Throws: when a variable is set and cannot be read: a mistyped relay is never taken for none.
    func realGateways() throws -> [Gateway] {
        try EmailGateway.configured(environment: environment).map { [$0] } ?? []
    }

    /// Channels that a real gateway carries.
    func realChannels() throws -> Set<Channel> { try Set(realGateways().map(\.channel)) }

    /// What must hold before a launch in a mode; an exercise needs no gateway.
    func launchRules(for mode: CampaignMode) throws -> LaunchRules {
        LaunchRules(mode: mode, available: mode == .real ? try realChannels() : [])
    }
}
