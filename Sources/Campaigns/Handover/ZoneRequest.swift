import AlertModel

/// Where a request to another organisation stands, as it is kept.
package enum ZoneRequestState: String, CaseIterable, Codable, Hashable, Sendable {
    case pending
    /// Taken up there: what becomes of it is theirs. Nothing is launched by it alone.
    case accepted
    case refused
    /// Taken back by whoever asked.
    case withdrawn
    /// Nobody answered before it was too old to be true.
    case expired
}

/// What is asked of a request before it is answered.
package struct ZoneRequestFacts: Hashable, Sendable {
    package let state: ZoneRequestState
    package let askedAt: UTCTime
    package let expiresAt: UTCTime

    package init(state: ZoneRequestState, askedAt: UTCTime, expiresAt: UTCTime) {
        self.state = state
        self.askedAt = askedAt
        self.expiresAt = expiresAt
    }

    /// As it stands at a moment.
    package func state(at now: UTCTime) -> ZoneRequestState { state == .pending && now >= expiresAt ? .expired : state }
}

/// Why a zone is not handed over, or a request not answered so. Descriptions are safe to show.
package enum ZoneRequestRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// There is none of this number, or it is between others.
    case unknown(ZoneRequestID)
    /// Nothing of the zone lies beyond the territory.
    case nothingBeyond
    /// A boundary is missing: what lies beyond can't be measured.
    case unmeasured
    /// Whoever is named does not answer for any of it: the same for an organisation that does not exist.
    case notConcerned
    case alreadyDecided(ZoneRequestState)
    case notAccepted(ZoneRequestState)
    /// By this campaign of the receiver's: a second launch that is meant follows no request.
    case alreadyLaunched(CampaignID)
    case reasonNeeded
    case tooManySent(limit: Int)
    case tooDetailed(limitBytes: Int)
    case keyReused
    case badNote(limit: Int)

    package var code: String {
        switch self {
        case .unknown: "not_found"
        case .nothingBeyond: "nothing_beyond"
        case .unmeasured: "territory_unmeasured"
        case .notConcerned: "not_concerned"
        case .alreadyDecided: "request_decided"
        case .notAccepted: "request_not_accepted"
        case .alreadyLaunched: "request_launched"
        case .reasonNeeded: "reason_needed"
        case .tooManySent: "too_many_requests_sent"
        case .tooDetailed: "zone_too_large"
        case .keyReused: "request_key_reused"
        case .badNote: "note_too_long"
        }
    }

    package var description: String {
        switch self {
        case .unknown(let id): "there is no request \(id): `tocsin request list` shows those there are"
        case .nothingBeyond: "nothing of the zone lies beyond the territory: there is nothing to hand over"
        case .unmeasured:
            "a boundary of the zone or of a territory is not loaded, so what lies beyond is not known: draw the perimeter, or "
                + "import the communes"
        case .notConcerned:
            "none of the zone beyond the territory is that organisation's: `tocsin request send ZONE…` without --to lists whose it is"
        case .alreadyDecided(let state):
            state == .expired
                ? "the request is too old: whoever asked sends it again if it is still true"
                : "the request is answered already: \(state.rawValue)"
        case .notAccepted(let state):
            "the request is \(state.rawValue): accept it first (`tocsin request accept`), then launch it"
        case .alreadyLaunched(let campaign):
            "the request was launched already, as campaign \(campaign) (`tocsin campaign show \(campaign)`): nothing was launched now; "
                + "a second launch that is meant leaves the request (--handed) out"
        case .reasonNeeded: "a reason is due, in some words: whoever asked sees it"
        case .tooManySent(let limit):
            "this organisation sent \(limit) requests within two hours, those it withdrew among them: nothing was sent now; telephone, "
                + "or send when the oldest (`tocsin request list`) is two hours old"
        case .tooDetailed(let limit):
            "the part to hand over is a drawing of more than \(limit >> 20) MB: name communes, or draw it with fewer corners"
        case .keyReused: "this key was sent with another zone or text: a zone that changed is another request"
        case .badNote(let limit): "a note has at most \(limit) characters"
        }
    }
}

/// Who may answer a request from one organisation to another, and when.
package enum ZoneRequestRules {
    /// A flood of two hours ago is another flood.
    package static let validSeconds = 7_200
    /// Requests of one organisation within `validSeconds`, whatever became of them: an incident touches a handful of neighbours,
    /// and each of them is written to.
    package static let mostSent = 20
    /// Bytes of the part's document. A department's outline with 20,000 corners has half of one.
    package static let mostBytes = 2 << 20
    package static let longestNote = 1_000
    /// Metres by which a part reaches beyond its border, so that nobody who lives on it is lost by rounding: whoever launches
    /// cuts it to their own territory anyway.
    package static let marginMetres = 1.0

    /// - Returns: why an answer is refused; nil when it holds.
    package static func answer(_ request: ZoneRequestFacts, now: UTCTime) -> ZoneRequestRefusal? {
        let state = request.state(at: now)
        return state == .pending ? nil : .alreadyDecided(state)
    }

    package static func refusal(_ request: ZoneRequestFacts, reason: String, now: UTCTime) -> ZoneRequestRefusal? {
        answer(request, now: now) ?? (ApprovalRules.isReason(reason) ? nil : .reasonNeeded)
    }

    /// A launch may name the request it follows.
    package static func launch(_ request: ZoneRequestFacts, now: UTCTime) -> ZoneRequestRefusal? {
        let state = request.state(at: now)
        return state == .accepted ? nil : .notAccepted(state)
    }
}
