import AlertModel
import Campaigns
import Dispatching
import Foundation
import Import
import Reports
import Store

/// Why no list of doors is made.
enum DoorRefusal: Error, CustomStringConvertible {
    case tooMany(count: Int)

    var description: String {
        switch self {
        case .tooMany(let count):
            "\(count) people are to be seen, and a list for the door holds \(DoorList.greatestCount): choose a list, a tag, a commune "
                + "or the vulnerable people alone"
        }
    }
}

/// Makes the list of doors to knock at from a campaign and the register.
struct DoorListing: Sendable {
    enum Format: String, CaseIterable, Sendable {
        case html, pdf, csv

        func rendition(of list: DoorList) -> Rendition {
            switch self {
            case .html: .text(list.page.html())
            case .pdf: .pdf(list.page)
            case .csv: .text(list.csv)
            }
        }
    }

    let store: AlertDatabase

    /// Reads and notes it in the journal, before anything is shown.
    ///
    /// - Throws: `DoorRefusal.tooMany`; `LedgerError.unknownCampaign`; as `AlertDatabase.people`.
    func list(of id: CampaignID, _ filter: PeopleFilter, format: Format, actor: String) throws -> DoorList {
        let record = try store.ledger.campaign(id)
        let file = try CampaignPeopleFile(store: store, campaign: id, filter: filter)
        let count = try store.countPeople(of: id, filter, scope: file.scope)
        guard count <= DoorList.greatestCount else { throw DoorRefusal.tooMany(count: count) }
        try store.recordSight("campaign.doors", of: id, filter, people: count, actor: actor, detail: ["format": format.rawValue])
        var people: [CampaignPerson] = []
        try file.forEach { people.append($0) }
        let clock = try store.localClock(ofOrganisationNamed: try store.name(of: record.organisation))
        return DoorList(
            people, reference: record.id.description, subject: record.message.subject, isExercise: record.mode == .exercise,
            choice: Self.words(filter), at: clock.text(.now))
    }

    private static func words(_ filter: PeopleFilter) -> String {
        var words = [name(of: filter.group)]
        if let channel = filter.channel { words.append("avec une coordonnée de \(word(of: channel))") }
        if let cause = filter.cause { words.append("pour la cause « \(word(of: cause)) »") }
        if filter.isVulnerable { words.append("inscrites comme vulnérables") }
        if let list = filter.list { words.append("de la liste « \(list) »") }
        if let tag = filter.tag { words.append("avec l'étiquette « \(tag) »") }
        if let commune = filter.commune { words.append("de la commune \(commune)") }
        return words.joined(separator: ", ")
    }

    private static func word(of channel: Channel) -> String {
        switch channel {
        case .sms: "SMS"
        case .voice: "téléphone"
        case .email: "messagerie"
        case .fax: "télécopie"
        }
    }

    private static func word(of cause: FailureCause) -> String {
        switch cause {
        case .busy: "occupé"
        case .noAnswer: "pas de réponse"
        case .network: "réseau"
        case .refused: "refusé"
        case .throttled: "trop vite pour la passerelle"
        case .invalidAddress: "adresse inexistante"
        case .expired: "trop tard"
        case .unavailable: "indisponible"
        case .withheld: "retenu"
        }
    }

    /// Said on the paper: a team that knocks at the doors of some believes otherwise that it is done with all.
    private static func name(of group: OutcomeGroup) -> String {
        switch group {
        case .acknowledged: "qui ont confirmé"
        case .answered: "qui ont répondu sans confirmer"
        case .passed: "à qui le message est passé, sans réponse"
        case .pending: "que le message n'a pas encore atteintes"
        case .failed: "pour qui l'envoi a échoué"
        case .unreachable: "sans aucune coordonnée"
        case .cancelled: "dont l'envoi a été annulé"
        case .notReached: "que rien n'a atteintes (échec, sans coordonnée, annulé)"
        case .notAcknowledged: "qui n'ont pas confirmé"
        case .notLocated: "que personne n'a localisées, hors de la campagne"
        }
    }
}
