import AlertModel
import ArgumentParser
import Campaigns
import Foundation
import GeoModel
import Import
import Reports
import Store

/// Writes all that an organisation has to a folder of files in open formats, with a manifest of their digests.
struct OrganisationArchive {
    /// Journal entries looked through at most, the newest: each is some 300 bytes in memory.
    private static let mostEntries = 1_000_000
    private static let mostCampaigns = 100_000
    private static let mostMessages = 1_000_000

    let store: AlertDatabase
    let organisation: Organisation
    let folder: String
    let actor: String
    private let files = FileManager.default

    init(store: AlertDatabase, organisation: Organisation, folder: String, actor: String) {
        self.store = store
        self.organisation = organisation
        self.folder = folder
        self.actor = actor
    }

    /// - Returns: how many files were written, the manifest apart.
    /// - Throws: `ValidationError` for a folder that has something in it, and what writing throws.
    func write() throws -> Int {
        try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
        guard try files.contentsOfDirectory(atPath: folder).isEmpty else {
            throw ValidationError("\(folder): there is something in it: name an empty folder, or one to be made")
        }
        try store.audit(actor: actor, action: "organisation.export", subject: organisation.name)
        try save("organisation.json", about())
        _ = try RegisterFile(store: store, actor: actor).write(
            RegisterSelection(organisation: organisation.id, withProtected: true), to: path("recipients.csv"), format: .csv)
        try save("lists.json", lists())
        try save("perimeters.geojson", perimeters())
        try save("templates.json", templates())
        try saveCampaigns()
        try save("inbox.csv", inbox())
        try save("journal.csv", journal())
        return try saveManifest()
    }

    private func path(_ name: String) -> String { folder + "/" + name }

    private func save(_ name: String, _ text: String) throws {
        let file = try AtomicFile(path: path(name))
        try file.write(text)
        try file.commit()
    }

    // MARK: Documents

    private func about() throws -> String {
        var writer = JSONWriter()
        writer.raw(#"{"name":"#)
        writer.string(organisation.name)
        writer.raw(#","kind":"#)
        writer.string(organisation.kind.rawValue)
        writer.raw(#","code":"#)
        if let code = organisation.code { writer.string(code) } else { writer.raw("null") }
        writer.raw(#","settings":{"#)
        var isFirst = true
        for setting in OrganisationSetting.allCases {
            guard let value = try store.setting(setting, ofOrganisationNamed: organisation.name) else { continue }
            if !isFirst { writer.raw(",") }
            isFirst = false
            writer.string(setting.rawValue)
            writer.raw(":")
            writer.string(value)
        }
        writer.raw("}}\n")
        return writer.text
    }

    private func array<Element>(_ elements: [Element], _ body: (inout JSONWriter, Element) throws -> Void) throws -> String {
        var writer = JSONWriter()
        writer.raw("[")
        for (index, element) in elements.enumerated() {
            if index > 0 { writer.raw(",\n") }
            try body(&writer, element)
        }
        writer.raw("]\n")
        return writer.text
    }

    private func lists() throws -> String {
        let own = RegisterScope.organisation(organisation.id)
        return try array(store.lists(scope: own)) { writer, entry in
            writer.raw(#"{"name":"#)
            writer.string(entry.list.name)
            writer.raw(#","kind":"#)
            writer.string(entry.list.definition.kind)
            writer.raw(#","default":"#)
            writer.raw(entry.list.isDefault ? "true" : "false")
            writer.raw(#","definition":"#)
            if let document = ListDocument.encode(entry.list.definition) { writer.raw(document) } else { writer.raw("null") }
            writer.raw(#","members":["#)
            for (index, id) in try store.members(ofListNamed: entry.list.name, scope: own).enumerated() {
                if index > 0 { writer.raw(",") }
                writer.string(id)
            }
            writer.raw("]}")
        }
    }

    private func perimeters() throws -> String {
        let own = try store.perimeters(scope: .organisation(organisation.id)).filter { $0.organisation == organisation.id }
        let features = try array(own) { writer, perimeter in
            writer.raw(#"{"type":"Feature","properties":{"name":"#)
            writer.string(perimeter.name)
            writer.raw(#","saved_at":"#)
            writer.string(ISO8601.text(perimeter.createdAt))
            writer.raw(#"},"geometry":"#)
            writer.raw(ZoneDocument.encode(perimeter.area))
            writer.raw("}")
        }
        return #"{"type":"FeatureCollection","features":"# + features.dropLast() + "}\n"
    }

    private func templates() throws -> String {
        let own = try store.templates(of: organisation.id).filter { $0.organisation == organisation.id }
        return try array(own) { writer, saved in
            writer.raw(#"{"name":"#)
            writer.string(saved.name)
            writer.raw(#","template":"#)
            writer.raw(Array(saved.template.document.utf8))
            writer.raw("}")
        }
    }

    // MARK: Campaigns, and what came back

    private func saveCampaigns() throws {
        let campaigns = try CampaignMode.allCases.reversed().flatMap {
            try store.ledger.campaigns(of: organisation.id, mode: $0, limit: Self.mostCampaigns)
        }
        var table = CSVWriter()
        table.row(["number", "mode", "state", "kind", "started_at", "ended_at", "recipients", "certain", "possible", "subject", "created_by"])
        if !campaigns.isEmpty { try files.createDirectory(atPath: path("campaigns"), withIntermediateDirectories: true) }
        for campaign in campaigns {
            table.row([
                campaign.id.description, campaign.mode.rawValue, campaign.state.rawValue, campaign.kind.rawValue,
                ISO8601.text(campaign.startedAt), campaign.endedAt.map { ISO8601.text($0) } ?? "", String(campaign.recipients),
                String(campaign.certain), String(campaign.possible), campaign.message.subject, campaign.createdBy,
            ])
            for (format, ending) in [(Reports.ReportFormat.json, "json"), (.csv, "csv")] {
                let file = try AtomicFile(path: path("campaigns/\(campaign.id).\(ending)"))
                try CampaignReporting(store: store).write(campaign.id, format: format) { try file.write($0) }
                try file.commit()
            }
        }
        try save("campaigns.csv", table.text)
    }

    private func inbox() throws -> String {
        var table = CSVWriter()
        table.row(["number", "received_at", "campaign", "recipient", "sender", "text", "acknowledged", "refused", "unread"])
        let own = RegisterScope.organisation(organisation.id)
        for entry in try store.inbox(scope: own, unreadOnly: false, limit: Self.mostMessages) {
            table.row([
                String(entry.id), entry.receivedAt.formatted(.iso8601), entry.campaign?.description ?? "", entry.externalID ?? "",
                entry.sender.value, entry.text.value, String(entry.acknowledged), String(entry.refused), String(entry.isUnread),
            ])
        }
        return table.text
    }

    /// What its people did, and what was done to it, oldest first.
    private func journal() throws -> String {
        let people = try store.userNames(of: organisation.id)
        var table = CSVWriter()
        table.row(["at", "actor", "action", "subject", "detail"])
        for entry in try store.auditEntries(limit: Self.mostEntries).reversed() {
            let isItsOwn = people.contains(entry.actor) || entry.subject == organisation.name
                || entry.detail.values.contains(organisation.name)
            guard isItsOwn else { continue }
            let detail = entry.detail.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
            table.row([entry.at.formatted(.iso8601), entry.actor, entry.action, entry.subject, detail])
        }
        return table.text
    }

    // MARK: Manifest

    private func saveManifest() throws -> Int {
        let names = try files.subpathsOfDirectory(atPath: folder).sorted().filter { name in
            var isFolder: ObjCBool = false
            return files.fileExists(atPath: path(name), isDirectory: &isFolder) && !isFolder.boolValue
        }
        let entries = try array(names) { writer, name in
            writer.raw(#"{"path":"#)
            writer.string(name)
            writer.raw(#","sha256":"#)
            writer.string(try FileSource(path: path(name)).sha256())
            writer.raw("}")
        }
        var writer = JSONWriter()
        writer.raw(#"{"format":"tocsin organisation 1","organisation":"#)
        writer.string(organisation.name)
        writer.raw(#","at":"#)
        writer.string(Date.now.formatted(.iso8601))
        writer.raw(#","files":"#)
        try save("manifest.json", writer.text + entries.dropLast() + "}\n")
        return names.count
    }
}
