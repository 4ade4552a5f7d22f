import AlertModel
import Campaigns
import Dispatching
import Foundation
import GeoModel
import Reports
import Store

/// What an organisation prepared, what it and its neighbours handed to each other, and who works for it.
extension OrganisationArchive {
    func scenarios() throws -> String {
        try array(store.scenarios(of: organisation.id)) { writer, saved in
            let scenario = saved.scenario
            writer.object { object in
                object.text("name", saved.name)
                object.document("zone", scenario.zoneDocument)
                object.document("message", MessageDocument.encode(scenario.message))
                object.text("kind", scenario.kind.rawValue)
                object.text("channels", scenario.policy.channels.sorted().map(\.rawValue).joined(separator: ","))
                object.text(
                    "blanks",
                    scenario.blanks.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.rawValue)" }.joined(separator: " "))
                object.text("saved_by", saved.savedBy)
                object.text("saved_at", ISO8601.text(saved.savedAt))
                object.text("approved_by", saved.approvedBy)
                object.text("approved_at", saved.approvedAt.map { ISO8601.text($0) })
            }
        }
    }

    func schedules() throws -> String {
        try array(store.schedules(of: organisation.id)) { writer, saved in
            let draft = saved.draft, encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            let message = String(decoding: try encoder.encode(draft.message), as: UTF8.self)
            writer.object { object in
                object.text("name", draft.name)
                object.text("state", saved.state.rawValue)
                object.text("mode", draft.mode.rawValue)
                object.document("zone", draft.zoneDocument)
                object.document("message", message)
                object.text("channels", draft.policy.channels.sorted().map(\.rawValue).joined(separator: ","))
                object.text("recurrence", draft.timing.rule?.description)
                object.text("next_at", saved.nextAt.map { ISO8601.text($0) })
                object.text("created_by", saved.createdBy)
                object.text("created_at", ISO8601.text(saved.createdAt))
            }
        }
    }

    /// Zones that others handed over, and those handed to others.
    func requests() throws -> String {
        let requests = try store.zoneRequests(of: organisation.id, limit: Self.mostRequests)
        let now = UTCTime.now
        return try array(requests.received + requests.sent) { writer, request in
            writer.object { object in
                object.text("number", request.id.description)
                object.text("from", request.fromName)
                object.text("to", request.toName)
                object.text("state", request.facts.state(at: now).rawValue)
                object.text("kind", request.kind.rawValue)
                object.document("zone", request.zoneDocument)
                object.document("message", MessageDocument.encode(request.message))
                object.text("channels", request.channels.map(\.rawValue).joined(separator: ","))
                object.text("note", request.note)
                object.text("asked_by", request.askedBy)
                object.text("asked_at", ISO8601.text(request.facts.askedAt))
                object.text("decided_by", request.decidedBy)
                object.text("decided_at", request.decidedAt.map { ISO8601.text($0) })
                object.text("reason", request.reason)
                object.text("launched_at", request.launchedAt.map { ISO8601.text($0) })
            }
        }
    }

    /// Accounts and what each may do; no password, code or key.
    func people() throws -> String {
        var table = CSVWriter()
        table.row(["name", "closed", "capabilities"])
        for person in try store.people(of: organisation.id) {
            table.row([
                person.name, String(person.isClosed),
                person.capabilities.map(\.rawValue).sorted().joined(separator: " "),
            ])
        }
        return table.text
    }
}
