import AlertModel

/// How the gateways are, as the console needs it: those that the account's organisation may use. Every function may throw
/// `ConsoleProblem`.
package struct GatewayWatch: Sendable {
    package var read: @Sendable (Account) async throws -> GatewayBoard
    /// How they are now, then as that changes, for as long as somebody listens.
    package var follow: @Sendable (Account) async throws -> AsyncStream<GatewayBoard>
    /// Sends one message through a gateway to one of the organisation's own test addresses; nil where there is no such gateway
    /// for it, or no such address on its channel.
    package var test: @Sendable (Account, _ gateway: String, _ label: String) async throws -> GatewayTrialAnswer?

    package init(
        read: @escaping @Sendable (Account) async throws -> GatewayBoard,
        follow: @escaping @Sendable (Account) async throws -> AsyncStream<GatewayBoard>,
        test: @escaping @Sendable (Account, String, String) async throws -> GatewayTrialAnswer? = { _, _, _ in nil }
    ) {
        self.read = read
        self.follow = follow
        self.test = test
    }
}
