import AlertModel
import Campaigns
import Channels
import Dispatching
import Foundation
import Logging
import ServiceLifecycle
import Store

/// Writes e-mails to those who may answer what waits, for as long as the server runs.
///
/// Nothing waits for it: what it is about is in the database before, and a gateway that fails is tried again until the
/// notice is too old to be of use. An exercise asks nobody, so there is nothing to write.
struct NoticeService: Service {
    private static let period = Duration.seconds(1)
    /// A notice that was not taken is left alone for so long; the others go on.
    private static let pauseSeconds = 30

    /// What became of a notice that is not settled yet.
    private struct Attempt {
        /// Addresses that were written to: nobody is written to twice.
        var reached: Set<EmailAddress> = []
        var restsUntil: UTCTime
        /// When the notice is too old.
        let expiresAt: UTCTime
    }

    let store: AlertDatabase
    let gateways: GatewaySettings
    let logger: Logger

    func run() async throws {
        let book = Book()
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                try? await Task.sleep(for: Self.period)
                let now = UTCTime.now
                guard let resting = await book.resting(at: now) else { continue }
                do {
                    for notice in try await Offload.run({ try store.dueNotices(besides: resting, now: now) }) {
                        let earlier = await book.begin(notice.id)
                        // A task of its own: a relay that hangs holds up what was given to it, and neither what is due
                        // meanwhile nor the end of the server. What was not settled then is written again by the next one.
                        Task { await book.end(notice.id, attempt(notice, after: earlier)) }
                    }
                } catch {
                    logger.error("e-mails about what waits are held up", metadata: ["error": "\(error)"])
                    try? await Task.sleep(for: .seconds(Self.pauseSeconds))
                }
            }
        }
    }

    /// Which notices are being written, and which wait to be tried again.
    private actor Book {
        /// Notices that a relay keeps waiting at a time.
        private static let mostUnderWay = 100

        private var attempts: [Int64: Attempt] = [:]
        private var underWay: Set<Int64> = []

        /// - Returns: numbers of those that are left alone now; nil while there is no room for more.
        func resting(at now: UTCTime) -> [Int64]? {
            guard underWay.count < Self.mostUnderWay else { return nil }
            // What was answered meanwhile never comes back: it is forgotten when it would have been too old.
            attempts = attempts.filter { now < $0.value.expiresAt.advanced(bySeconds: 2 * NoticeService.pauseSeconds) }
            return attempts.filter { now < $0.value.restsUntil }.map(\.key) + underWay
        }

        func begin(_ id: Int64) -> Attempt? {
            underWay.insert(id)
            return attempts[id]
        }

        func end(_ id: Int64, _ left: Attempt?) {
            underWay.remove(id)
            attempts[id] = left
        }
    }

    /// - Returns: what is to be remembered of it until it is tried again; nil once it is settled.
    private func attempt(_ notice: Notice, after earlier: Attempt?) async -> Attempt? {
        let done = earlier?.reached ?? []
        var all = done
        do {
            let sent = try await send(notice, besides: done)
            all = done.union(sent.reached)
            if sent.isWhole || notice.expiresAt <= .now {
                let count = all.count
                try await Offload.run { try store.settle(notice, sent: count, now: .now) }
                return nil
            }
            logger.warning(
                "an e-mail about what waits was not taken: it is tried again",
                metadata: ["occasion": "\(notice.occasion.rawValue)", "organisation": "\(notice.organisation)"])
        } catch {
            logger.error(
                "an e-mail about what waits is held up: it is tried again",
                metadata: [
                    "occasion": "\(notice.occasion.rawValue)", "organisation": "\(notice.organisation)", "error": "\(error)",
                ])
        }
        return Attempt(
            reached: all, restsUntil: .now.advanced(bySeconds: Self.pauseSeconds), expiresAt: notice.expiresAt)
    }

    /// Without an e-mail gateway, and where nobody has an address, there is nobody to write to.
    private func send(
        _ notice: Notice, besides done: Set<EmailAddress>
    ) async throws -> (reached: Set<EmailAddress>, isWhole: Bool) {
        let left = notice.addresses.filter { !done.contains($0) }
        // Of the organisation's own, where some are reserved.
        let access = try await Offload.run { try store.gatewayAccess(of: notice.organisation) }
        guard !left.isEmpty,
            let gateway = try gateways.emailGateway(where: { access.allows($0, on: .email) })
        else { return ([], true) }
        let message = NoticeText.message(notice, consoleAddress: gateways.publicAddress?.text)
        var reached: Set<EmailAddress> = []
        addresses: for (index, address) in left.enumerated() {
            let result = await gateway.submit(
                .alone(
                    to: Redacted(address.text), by: .email, message, mode: .real,
                    // A moment of its own makes a reference of its own.
                    now: UTCTime.now.advanced(byMilliseconds: Int64(index))))
            switch result.verdict {
            // No relay: the others wait for the next time, rather than for as many connections that nobody answers.
            case .known(.failed) where result.isGatewayFailure: break addresses
            case .known(.failed(let cause)) where cause.isWorthRetrying: break
            // It may have arrived, and is not written again: the console shows what waits either way.
            case .inDoubt: reached.insert(address)
            // An address that is refused for good will be refused again.
            case .known: reached.insert(address)
            }
        }
        await gateway.close()
        return (reached, reached.count == left.count)
    }
}

/// What such an e-mail says: where to answer, and nothing of recipients, zone or text, which the console shows to whoever
/// signs in.
enum NoticeText {
    static func message(_ notice: Notice, consoleAddress: String?) -> Message {
        let (subject, words, page) = parts(notice)
        let place = consoleAddress.map { "\($0)\(page)" } ?? "la console Tocsin, page \(page)"
        return Message(
            subject: subject,
            text: "\(notice.organisationName)\n\n\(words)\n\nRépondre : \(place)\n\nMessage automatique de Tocsin, à ceux qui "
                + "peuvent répondre. Il ne contient ni le texte ni les destinataires de l'alerte.")
    }

    private static func parts(_ notice: Notice) -> (subject: String, words: String, page: String) {
        let time = Date(notice.expiresAt).formatted(
            Date.FormatStyle(date: .abbreviated, time: .shortened, locale: Locale(identifier: "fr_FR"), timeZone: .current))
        return switch notice.occasion {
        case .launch:
            ("Tocsin : un envoi attend votre approbation", "\(notice.by) demande l'envoi réel n° \(notice.number). La demande vaut jusqu'au \(time).",
                "/approbations")
        case .amendment:
            ("Tocsin : un nouveau texte attend votre approbation",
                "\(notice.by) demande de changer le texte d'une campagne en cours (demande A\(notice.number)). La demande vaut jusqu'au \(time).",
                "/approbations")
        case .scenario:
            ("Tocsin : un scénario attend votre approbation", "\(notice.by) demande d'approuver un scénario.", "/scenarios")
        case .handover:
            ("Tocsin : une zone vous est transmise",
                "Un autre organisme vous transmet une zone de votre territoire à alerter (demande n° \(notice.number)). Rien n'est envoyé sans vous. "
                    + "La demande vaut jusqu'au \(time).", "/approbations")
        case .breakGlass:
            ("Tocsin : lancé sans seconde personne",
                "\(notice.by) a agi seul sur la campagne n° \(notice.number), là où une seconde personne est demandée. Le motif est au journal.",
                "/approbations")
        }
    }
}
