import AlertModel
import Campaigns
import Console
import Dispatching
import Foundation
import Store
import Targeting

extension RequestDesk {
    /// Requests in the database.
    init(store: AlertDatabase) {
        @Sendable func card(_ request: SavedZoneRequest, _ account: Account) -> ZoneRequestCard {
            ZoneRequestCard(request, for: account, at: .now)
        }
        self.init(
            neighbours: { account, zone in
                try await ConsoleProblems.translating {
                    try store.neighbours(of: zone.mended().zone, beyond: account.organisation).map { NeighbourDocument($0) }
                }
            },
            send: { account, handover in
                try await ConsoleProblems.translating {
                    let message = try handover.message.filledOrRefused
                    let draft = ZoneRequestDraft(
                        organisation: account.organisation, requestKey: handover.requestKey.uuidString,
                        zone: try handover.zone.mended().zone, message: message, channels: handover.channels,
                        kind: handover.kind, note: handover.note, askedBy: account.user)
                    return try store.send(draft, to: handover.to, now: .now).map { card($0, account) }
                }
            },
            list: { account in
                try await ConsoleProblems.translating {
                    let (received, sent) = try store.zoneRequests(of: account.organisation)
                    return ZoneRequestBoard(
                        received: received.map { card($0, account) }, sent: sent.map { card($0, account) })
                }
            },
            find: { account, id in
                try await ConsoleProblems.translating {
                    let request = try store.zoneRequest(id, of: account.organisation)
                    return ZoneRequestDossier(card: card(request, account), zone: request.zoneDocument, message: request.message)
                }
            },
            accept: { account, id in
                try await ConsoleProblems.translating {
                    card(try store.acceptZoneRequest(id, of: account.organisation, by: account.user, now: .now), account)
                }
            },
            refuse: { account, id, reason in
                try await ConsoleProblems.translating {
                    card(
                        try store.refuseZoneRequest(id, of: account.organisation, by: account.user, reason: reason, now: .now),
                        account)
                }
            },
            withdraw: { account, id in
                try await ConsoleProblems.translating {
                    card(try store.withdrawZoneRequest(id, of: account.organisation, by: account.user, now: .now), account)
                }
            })
    }
}

extension NeighbourDocument {
    /// As many names as a preview has.
    private static let mostNames = 10

    fileprivate init(_ one: Neighbour) {
        self.init(
            id: one.organisation.id, name: one.organisation.name, kind: one.organisation.kind.rawValue, isParent: one.isParent,
            areaSquareMetres: one.squareMetres, communes: Array(one.communes.prefix(Self.mostNames)),
            communesTotal: one.communes.count)
    }
}

extension ZoneRequestCard {
    /// Who asked sees that it was launched and when; whose account answered, and which campaign it is, are the receiver's.
    fileprivate init(_ request: SavedZoneRequest, for account: Account, at now: UTCTime) {
        let state = request.facts.state(at: now), isReceiver = request.to == account.organisation
        self.init(
            id: request.id, state: state, from: request.fromName, to: request.toName, subject: request.message.subject,
            text: request.message.text, channels: request.channels, kind: request.kind, note: request.note,
            areaSquareMetres: request.squareMetres, communes: request.communes, communesTotal: request.communesTotal,
            askedBy: request.askedBy, askedAt: Date(request.facts.askedAt), expiresAt: Date(request.facts.expiresAt),
            decidedBy: isReceiver ? request.decidedBy : nil, decidedAt: request.decidedAt.map { Date($0) },
            reason: request.reason, launchedAt: request.launchedAt.map { Date($0) },
            campaign: isReceiver ? request.campaign : nil,
            mayAnswer: state == .pending && account.capabilities.contains(.launch))
    }
}

extension NoticeDesk {
    /// Addresses in the database.
    init(store: AlertDatabase) {
        self.init(
            address: { account in
                try await ConsoleProblems.translating { try store.noticeAddress(of: account.user)?.text }
            },
            setAddress: { account, address in
                try await ConsoleProblems.translating {
                    try store.setNoticeAddress(
                        of: account.user, within: account.organisation, to: address.flatMap { EmailAddress($0) },
                        actor: account.user, now: .now)
                }
            })
    }
}
