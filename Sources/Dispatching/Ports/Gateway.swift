import AlertModel

/// A live connection that carries one channel, as the dispatcher sees it.
package struct Gateway: Sendable {
    package let traits: GatewayTraits
    package let isSimulator: Bool
    /// What a message costs of a rate counted in segments; 1 on the channels that have none.
    package let segments: @Sendable (Message) -> Int
    /// Carries one submission and returns when the gateway has answered, its detail scrubbed. Never throws: what goes wrong is a
    /// `FailureCause`. It must return; the gateway owns its time-outs.
    package let submit: @Sendable (Submission) async -> SubmissionResult
    /// Receipts of accepted messages, for the gateways that give them. Read by one dispatcher, once.
    package let receipts: AsyncStream<Receipt>?
    /// Messages from people, for the gateways that bring them. Read by one reader, once.
    package let inbound: AsyncStream<InboundMessage>?
    /// Told the tickets of receipts and messages that the ledger has, so that the gateway can answer for them: whoever
    /// brought them keeps them until then, and a crash loses none.
    package let confirm: @Sendable (_ tickets: [UInt64]) -> Void
    /// Whether it spaces by its rate what leaves, so that nothing that waited in it for a connection leaves all at once.
    package let keepsPace: Bool
    /// Asks the gateway whether it is there, without a message; nil where only messages can tell. It must return.
    package let probe: (@Sendable () async -> ProbeAnswer)?
    /// Lets go of connections, once nothing is in flight.
    package let close: @Sendable () async -> Void

    package init(
        _ traits: GatewayTraits, isSimulator: Bool, segments: @escaping @Sendable (Message) -> Int = { _ in 1 },
        receipts: AsyncStream<Receipt>? = nil, inbound: AsyncStream<InboundMessage>? = nil,
        confirm: @escaping @Sendable ([UInt64]) -> Void = { _ in }, keepsPace: Bool = false,
        probe: (@Sendable () async -> ProbeAnswer)? = nil,
        close: @escaping @Sendable () async -> Void = {},
        submit: @escaping @Sendable (Submission) async -> SubmissionResult
    ) {
        self.traits = traits
        self.isSimulator = isSimulator
        self.segments = segments
        self.receipts = receipts
        self.inbound = inbound
        self.confirm = confirm
        self.keepsPace = keepsPace
        self.close = close
        // Whatever a provider wrote, nobody's number leaves by what is told of a failure.
        if let probe {
            self.probe = { @Sendable () async -> ProbeAnswer in await probe().scrubbed }
        } else {
            self.probe = nil
        }
        self.submit = { @Sendable submission in await submit(submission).scrubbed }
    }

    /// A gateway alone on its channel, without a limit.
    /// - Precondition: `window` is at least 1.
    package init(
        name: String, channel: Channel, isSimulator: Bool, window: Int,
        receipts: AsyncStream<Receipt>? = nil, close: @escaping @Sendable () async -> Void = {},
        submit: @escaping @Sendable (Submission) async -> SubmissionResult
    ) {
        self.init(
            GatewayTraits(name: name, channel: channel, window: window), isSimulator: isSimulator, receipts: receipts,
            close: close, submit: submit)
    }

    package var name: String { traits.name }
    package var channel: Channel { traits.channel }
    package var window: Int { traits.window }
}

/// The gateways one dispatcher may use. Its mode is a matter of construction, not of a flag read later.
package struct GatewaySet: Sendable {
    package let mode: CampaignMode
    package let gateways: [Gateway]

    /// Simulators only: a dispatcher built with this set holds no reference to anything that reaches people.
    package static func exercise(_ simulators: [Gateway]) throws -> GatewaySet {
        try GatewaySet(mode: .exercise, gateways: simulators)
    }

    /// Real gateways only: an alert is never simulated, so the ledger cannot lie. May be empty; a channel
    /// without a gateway is unavailable.
    package static func real(_ gateways: [Gateway]) throws -> GatewaySet {
        try GatewaySet(mode: .real, gateways: gateways)
    }

    private init(mode: CampaignMode, gateways: [Gateway]) throws {
        for gateway in gateways where gateway.isSimulator != (mode == .exercise) {
            throw DispatchError(.wrongKindOfGateway, mode == .exercise
                ? "the gateway \(gateway.name) reaches people: an exercise is built with simulators only"
                : "the gateway \(gateway.name) is a simulator: outside an exercise nothing is simulated")
        }
        guard Set(gateways.map(\.name)).count == gateways.count else {
            throw DispatchError(.wrongKindOfGateway, "two gateways bear the same name: give each its own")
        }
        self.mode = mode
        self.gateways = gateways
    }

    package var channels: Set<Channel> { Set(gateways.map(\.channel)) }
}

/// What the dispatcher itself can fail for. Descriptions are safe to show.
package struct DispatchError: Error, CustomStringConvertible {
    package enum Code: String, Sendable {
        case wrongKindOfGateway = "wrong_kind_of_gateway"
        /// The time allowed for a graceful end passed with submissions still in flight.
        case shutdownTimeout = "shutdown_timeout"
    }

    package let code: Code
    package let description: String

    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
