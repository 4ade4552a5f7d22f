import AlertModel
import Campaigns
import Foundation

/// Ground handed from one organisation to another, as the console needs it. Every function may throw `ConsoleProblem`; a
/// request between others is `not_found`, as one that is not there.
package struct RequestDesk: Sendable {
    /// Whose ground lies in a zone beyond the account's territory.
    package var neighbours: @Sendable (Account, Zone) async throws -> [NeighbourDocument]
    /// Sent again with the same key, it is the same request.
    package var send: @Sendable (Account, ZoneHandover) async throws -> [ZoneRequestCard]
    /// Newest first.
    package var list: @Sendable (Account) async throws -> ZoneRequestBoard
    package var find: @Sendable (Account, ZoneRequestID) async throws -> ZoneRequestDossier
    /// Takes it up; nothing is launched.
    package var accept: @Sendable (Account, ZoneRequestID) async throws -> ZoneRequestCard
    package var refuse: @Sendable (Account, ZoneRequestID, _ reason: String) async throws -> ZoneRequestCard
    package var withdraw: @Sendable (Account, ZoneRequestID) async throws -> ZoneRequestCard

    package init(
        neighbours: @escaping @Sendable (Account, Zone) async throws -> [NeighbourDocument],
        send: @escaping @Sendable (Account, ZoneHandover) async throws -> [ZoneRequestCard],
        list: @escaping @Sendable (Account) async throws -> ZoneRequestBoard,
        find: @escaping @Sendable (Account, ZoneRequestID) async throws -> ZoneRequestDossier,
        accept: @escaping @Sendable (Account, ZoneRequestID) async throws -> ZoneRequestCard,
        refuse: @escaping @Sendable (Account, ZoneRequestID, String) async throws -> ZoneRequestCard,
        withdraw: @escaping @Sendable (Account, ZoneRequestID) async throws -> ZoneRequestCard
    ) {
        self.neighbours = neighbours
        self.send = send
        self.list = list
        self.find = find
        self.accept = accept
        self.refuse = refuse
        self.withdraw = withdraw
    }
}

/// What is handed over, and to whom.
package struct ZoneHandover: Hashable, Sendable {
    package let zone: Zone
    package let message: Message
    package let channels: [Channel]
    package let kind: CampaignKind
    package let note: String
    package let to: [OrganisationID]
    package let requestKey: UUID
}

/// Who may be asked about ground beyond a territory.
package struct NeighbourDocument: Codable, Hashable, Sendable {
    package let id: OrganisationID
    package let name: String
    /// `commune`, `epci`, `prefecture` or `service`.
    package let kind: String
    /// The organisation directly above, which may be asked about all of it.
    package let isParent: Bool
    package let areaSquareMetres: Double
    /// Names, ten at most.
    package let communes: [String]
    package let communesTotal: Int

    package init(
        id: OrganisationID, name: String, kind: String, isParent: Bool, areaSquareMetres: Double, communes: [String],
        communesTotal: Int
    ) {
        self.id = id
        self.name = name
        self.kind = kind
        self.isParent = isParent
        self.areaSquareMetres = areaSquareMetres
        self.communes = communes
        self.communesTotal = communesTotal
    }
}

/// A request from one organisation to another, as either of them sees it.
package struct ZoneRequestCard: Codable, Hashable, Sendable {
    package let id: ZoneRequestID
    package let state: ZoneRequestState
    package let from: String
    package let to: String
    package let subject: String
    package let text: String
    package let channels: [Channel]
    package let kind: CampaignKind
    package let note: String
    package let areaSquareMetres: Double
    package let communes: [String]
    package let communesTotal: Int
    package let askedBy: String
    package let askedAt: Date
    package let expiresAt: Date
    /// Nil for who asked: whose account answered there is theirs to know.
    @Nullable package var decidedBy: String?
    @Nullable package var decidedAt: Date?
    @Nullable package var reason: String?
    /// That it was launched there, and when: nothing of whom it reached.
    @Nullable package var launchedAt: Date?
    /// For who received it.
    @Nullable package var campaign: CampaignID?
    /// Whether the account may answer it, or take it back, now.
    package let mayAnswer: Bool

    package init(
        id: ZoneRequestID, state: ZoneRequestState, from: String, to: String, subject: String, text: String,
        channels: [Channel], kind: CampaignKind, note: String, areaSquareMetres: Double, communes: [String],
        communesTotal: Int, askedBy: String, askedAt: Date, expiresAt: Date, decidedBy: String?, decidedAt: Date?,
        reason: String?, launchedAt: Date?, campaign: CampaignID?, mayAnswer: Bool
    ) {
        self.id = id
        self.state = state
        self.from = from
        self.to = to
        self.subject = subject
        self.text = text
        self.channels = channels
        self.kind = kind
        self.note = note
        self.areaSquareMetres = areaSquareMetres
        self.communes = communes
        self.communesTotal = communesTotal
        self.askedBy = askedBy
        self.askedAt = askedAt
        self.expiresAt = expiresAt
        self.mayAnswer = mayAnswer
        self.decidedBy = decidedBy
        self.decidedAt = decidedAt
        self.reason = reason
        self.launchedAt = launchedAt
        self.campaign = campaign
    }
}

/// `GET /api/requests`.
package struct ZoneRequestBoard: Codable, Hashable, Sendable {
    package let received: [ZoneRequestCard]
    package let sent: [ZoneRequestCard]

    package init(received: [ZoneRequestCard], sent: [ZoneRequestCard]) {
        self.received = received
        self.sent = sent
    }
}

/// A request with all that a draft is made of.
package struct ZoneRequestDossier: Hashable, Sendable {
    package let card: ZoneRequestCard
    /// The zone's canonical document.
    package let zone: String
    package let message: Message

    package init(card: ZoneRequestCard, zone: String, message: Message) {
        self.card = card
        self.zone = zone
        self.message = message
    }
}
