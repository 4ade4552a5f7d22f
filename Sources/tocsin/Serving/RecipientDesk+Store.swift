import AlertModel
import Console
import Dispatching
import Store

extension RecipientDesk {
    /// Recipients' answers, written to the ledger and the register of the database.
    ///
    /// - Parameter signal: tells the dispatchers that a leg ended.
    init(store: AlertDatabase, signal: @escaping @Sendable () -> Void) throws {
        let key = try store.linkKey()
        @Sendable func leg(_ page: LinkPage, _ token: String) -> LegID? {
            let purpose: LinkToken.Purpose = page == .acknowledge ? .acknowledgement : .unsubscription
            return LinkToken(token, purpose, key: key).map { LegID(rawValue: $0.number) }
        }
        self.init(
            notice: { page, token in
                guard let leg = leg(page, token) else { return nil }
                return try await ConsoleProblems.translating {
                    switch page {
                    case .acknowledge: try store.ledger.acknowledgeable(leg)
                    case .unsubscribe: try store.refusable(leg)
                    }
                }.map { LinkNotice($0) }
            },
            answer: { page, token in
                guard let leg = leg(page, token) else { return nil }
                let message = try await ConsoleProblems.translating {
                    switch page {
                    case .acknowledge: try store.ledger.acknowledge(leg, now: .now)
                    case .unsubscribe: try store.refuseInformation(leg, now: .now)
                    }
                }
                signal()
                return message.map { LinkNotice($0) }
            })
    }
}

extension LinkNotice {
    fileprivate init(_ message: AnswerableMessage) {
        self.init(organisation: message.organisation, subject: message.subject, isAnswered: message.isAnswered)
    }
}
