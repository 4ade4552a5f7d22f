/// A SIP trunk and how calls are made over it.
package struct TrunkSettings: Sendable {
    package enum Transport: String, CaseIterable, Sendable { case udp, tcp, tls }

    /// How the caller's number is told to the trunk.
    package enum Identity: String, CaseIterable, Sendable {
        /// As the sender of the call.
        case from
        /// The account sends; the number is in P-Preferred-Identity (RFC 3325).
        case preferred
        /// The account sends; the number is in P-Asserted-Identity.
        case asserted
    }

    /// The trunk's name or numeric address.
    package var host: String
    /// nil: as the name's SRV records say, or the protocol's own.
    package var port: Int?
    package var transport = Transport.udp
    /// A PEM file of authorities, for TLS.
    package var certificateAuthorityFile: String?
    /// Of the addresses; nil for the host.
    package var domain: String?
    package var account: Account?
    package var identity = Identity.from
    /// A numeric address to listen at; nil for the one that leads to the trunk.
    package var localAddress: String?
    /// The port to listen at; nil for any. A trunk that calls without a registration needs one that it knows.
    package var localPort: Int?
    /// Whether the trunk's own calls are taken; all others are turned away.
    package var takesCalls = false
    /// Further numeric addresses that the trunk calls from, besides those it answers from.
    package var callers: [String] = []
    /// Ports for audio, one for each call.
    package var audioPorts = 16_384...32_767
    /// The most calls at once.
    package var lines: Int

    package struct Account: Sendable {
        package let user: String
        /// Never described.
        let password: @Sendable () -> String
        /// Whether it registers, so that the trunk knows where to send calls, or is known by its address.
        package let registers: Bool
        package let registerSeconds: Int

        package init(user: String, password: String, registers: Bool, registerSeconds: Int = 600) {
            self.user = user
            self.password = { password }
            self.registers = registers
            self.registerSeconds = registerSeconds
        }
    }

    package init(host: String, lines: Int) {
        self.host = host
        self.lines = lines
    }
}
