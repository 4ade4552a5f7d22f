import Foundation
import Hummingbird
import HummingbirdCore
import NIOCore

/// Holds a client back that asks more than anybody at a console does: by address before anything is looked up, by account
/// after. What stops an alert, and what follows one, is never held back.
final class RequestGates: Sendable {
    /// So many seconds' worth may come at once after a pause: a page has some hundred files.
    private static let burstSeconds = 5

    private let addresses: AddressGate
    private let accounts: AddressGate
    private let isBehindTLSProxy: Bool
    private let now: @Sendable () -> Date

    init(configuration: ConsoleConfiguration) {
        let limits = configuration.limits
        addresses = AddressGate(
            perSecond: limits.requestsPerSecondByAddress, burst: limits.requestsPerSecondByAddress * Self.burstSeconds)
        accounts = AddressGate(
            perSecond: limits.requestsPerSecondByAccount, burst: limits.requestsPerSecondByAccount * Self.burstSeconds)
        isBehindTLSProxy = configuration.isBehindTLSProxy
        now = configuration.now
    }

    /// - Throws: `too_many_requests`, with the seconds to wait.
    func admit(_ call: Call) throws {
        guard call.route.isHeldBack else { return }
        let address = ClientAddress.text(
            of: call.request.headers, connection: call.context.channel.remoteAddress, isBehindProxy: isBehindTLSProxy)
        try pass(addresses.admit(address, at: now()))
    }

    /// - Throws: as `admit`.
    func admit(_ visitor: Visitor?, to route: Route) throws {
        guard route.isHeldBack, let visitor else { return }
        try pass(accounts.admit(String(visitor.account.id), at: now()))
    }

    private func pass(_ seconds: Int?) throws {
        guard let seconds else { return }
        throw ConsoleProblem(.tooManyRequests, ProblemDetail(retryAfterSeconds: seconds))
    }
}

extension Route {
    /// Whether requests of this route are counted. Not counted: what stops or holds up an alert and follows it, the health
    /// check, and what has bounds of its own (sign-in, addresses, recipients' pages, providers).
    var isHeldBack: Bool {
        switch self {
        case .stopCampaign, .pauseCampaign, .undoCampaign, .campaign, .campaignEvents, .session, .health, .signIn, .addressSearch,
            .addressReverse, .addressSearchTable, .addressReverseTable, .addressSearchPreflight, .addressReversePreflight,
            .acknowledgementPage, .acknowledge, .unsubscriptionPage, .unsubscribe, .callback, .callbackForm:
            false
        default: true
        }
    }
}
