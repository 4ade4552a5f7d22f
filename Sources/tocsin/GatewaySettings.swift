import AlertModel
import Channels
import Dispatching
import Foundation

/// What the environment says of gateways. Nothing is connected before a dispatcher is built.
struct GatewaySettings: Sendable {
    /// How much faster than life the exercise's simulators are; 0 is at once.
    let exerciseSpeed: Double

    /// - Throws: when a variable is set and cannot be read: a mistyped relay is never taken for none.
    init(environment: [String: String] = ProcessInfo.processInfo.environment) throws {
        exerciseSpeed = try Simulators.speed(environment: environment)
    }

    /// Channels that a real gateway carries.
    var realChannels: Set<Channel> { [] }

    func realGateways() throws -> [Gateway] { [] }
}
