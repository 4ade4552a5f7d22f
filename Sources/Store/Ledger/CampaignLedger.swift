import AlertModel
import Dispatching
import GRDB

/// The campaigns' durable memory: launches, commands, the dispatcher's claims and outcomes, progress.
///
/// Every verb is one short transaction (launching is one long one): a crash leaves the state before it or after
/// it. The synchronous verbs block their thread while SQLite works.
package struct CampaignLedger: Sendable {
    let writer: any DatabaseWriter

    /// - Parameter writer: a database with `LedgerSchema`'s tables and the register's.
    package init(_ writer: any DatabaseWriter) {
        self.writer = writer
    }

    /// The port the dispatcher works through.
    package var port: Ledger {
        let writer = writer
        return Ledger(
            rescue: { mode, now in try await writer.write { try $0.rescue(mode, now: now) } },
            claim: { request in try await writer.write { try $0.claim(request) } },
            record: { batch in try await writer.write { try $0.record(batch) } },
            settle: { request in try await writer.write { try $0.settle(request) } },
            receive: { messages, mode, now in try await writer.write { _ = try $0.receive(messages, mode, now: now) } })
    }
}

/// Why the ledger refused. Descriptions are safe to show.
package enum LedgerError: Error, Hashable, Sendable, CustomStringConvertible {
    case unknownCampaign(CampaignID)
    /// The campaign's state does not allow the command.
    case notAllowed(CampaignID, state: CampaignState, command: String)
    /// The request key was used for another plan.
    case requestKeyReused
    /// The database holds a word this version does not know.
    case unreadable(String)
    /// Somebody changed the message since it was read.
    case amendedMeanwhile(CampaignID)
    /// Nobody joins the campaign, or nobody any more.
    case closedToJoiners(CampaignID)
    /// Its recipients' names were not frozen with it.
    case notPersonal(CampaignID)
    /// It had left, or could have.
    case tooLateToUndo(CampaignID)
    /// It can still be taken back, and is not changed before that is over.
    case stillHeld(CampaignID, seconds: Int)
    /// A launch of one mode where the other's campaigns are made.
    case otherMode(CampaignMode)
    /// One person changes what two launch, and gave no reason.
    case reasonNeeded(CampaignID, why: String)
    /// One person changes what two launch, and somebody can be asked.
    case secondPersonNeeded(CampaignID, why: String)

    package var code: String {
        switch self {
        case .unknownCampaign: "unknown_campaign"
        case .notAllowed: "not_allowed"
        case .requestKeyReused: "request_key_reused"
        case .unreadable: "ledger_unreadable"
        case .closedToJoiners: "closed_to_joiners"
        case .notPersonal: "not_personal"
        case .tooLateToUndo: "too_late_to_undo"
        case .stillHeld: "not_allowed"
        case .reasonNeeded: "reason_needed"
        case .secondPersonNeeded: "second_person_needed"
        case .otherMode: "other_mode"
        case .amendedMeanwhile: "message_changed"
        }
    }

    package var description: String {
        switch self {
        case .unknownCampaign(let id): "there is no campaign \(id): `tocsin campaign list` shows those there are"
        case .notAllowed(let id, let state, let command):
            "campaign \(id) is \(state.rawValue): it can't be asked to \(command)"
        case .requestKeyReused: "this request key already launched another campaign: choose a new one"
        case .amendedMeanwhile(let id):
            "somebody changed the message of campaign \(id) meanwhile: read it again before you change it"
        case .notPersonal(let id):
            "campaign \(id) was launched with one text for everybody: its new text cannot hold "
                + "\(PersonalPlace.allCases.map { "{\($0.rawValue)}" }.joined(separator: ", ")); write the words, or fill the "
                + "place with a value"
        case .otherMode(.exercise): "this is the address of exercises: nothing real is launched here; use the real address"
        case .otherMode(.real): "this is the real address: exercises are launched at their own address"
        case .closedToJoiners(let id):
            "nobody joins campaign \(id): it is stopped, expired or closed (by its all-clear, or `campaign join --close`), was "
                + "launched without late joiners, or is no alert over a zone; alert whoever is new with `tocsin alert`"
        case .tooLateToUndo(let id):
            "campaign \(id) can't be taken back any more: `tocsin campaign stop \(id)` keeps what has not left from leaving"
        case .stillHeld(let id, let seconds):
            "campaign \(id) can be taken back for \(seconds) more seconds, and says what was approved until then: take it back "
                + "(`tocsin campaign undo \(id)`), or change it afterwards"
        case .reasonNeeded(let id, let why):
            "campaign \(id) is real, and \(why): say in some words why it can't wait for a second person (`--accept REASON`); "
                + "the journal keeps it as critical, and who may approve is told"
        case .secondPersonNeeded(let id, let why):
            "campaign \(id) is real, and \(why): ask a second person about the new text (`tocsin campaign amend \(id) … --ask`); "
                + "`tocsin campaign pause \(id)` keeps the old one from leaving meanwhile"
        case .unreadable(let what):
            "the ledger holds \(what), unknown to this version: it was written by a later version, or damaged"
        }
    }
}
