import AlertModel
import ArgumentParser
import Campaigns
import Dispatching
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
    /// Requests received, and sent.
    static let mostRequests = 100_000

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
        try save("scenarios.json", scenarios())
        try save("schedules.json", schedules())
        try save("requests.json", requests())
        try save("people.csv", people())
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
        try writer.object { object in
            object.text("name", organisation.name)
            object.text("kind", organisation.kind.rawValue)
            object.text("code", organisation.code)
            try object.object("settings") { settings in
                for setting in OrganisationSetting.allCases {
                    guard let value = try store.setting(setting, ofOrganisationNamed: organisation.name) else { continue }
                    settings.text(setting.rawValue, value)
                }
            }
        }
        return writer.text + "\n"
    }

    func array<Element>(_ elements: [Element], _ body: (inout JSONWriter, Element) throws -> Void) throws -> String {
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
        return try array(store.listBook(of: organisation.id, now: .now)) { writer, entry in
            let members = try store.members(ofListNamed: entry.list.name, scope: own)
            writer.object { object in
                object.text("name", entry.list.name)
                object.text("kind", entry.list.definition.kind)
                object.text("description", entry.description)
                object.flag("default", entry.list.isDefault)
                object.document("definition", ListDocument.encode(entry.list.definition))
                object.texts("members", members)
            }
        }
    }

    private func perimeters() throws -> String {
        let own = try store.perimeters(scope: .organisation(organisation.id)).filter { $0.organisation == organisation.id }
        let features = try array(own) { writer, perimeter in
            writer.object { object in
                object.text("type", "Feature")
                object.object("properties") { properties in
                    properties.text("name", perimeter.name)
                    properties.text("saved_at", ISO8601.text(perimeter.createdAt))
                }
                object.document("geometry", ZoneDocument.encode(perimeter.area))
            }
        }
        return #"{"type":"FeatureCollection","features":"# + features.dropLast() + "}\n"
    }

    private func templates() throws -> String {
        let own = try store.templates(of: organisation.id).filter { $0.organisation == organisation.id }
        return try array(own) { writer, saved in
            writer.object { object in
                object.text("name", saved.name)
                object.document("template", saved.template.document)
            }
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
            let digest = try FileSource(path: path(name)).sha256()
            writer.object { object in
                object.text("path", name)
                object.text("sha256", digest)
            }
        }
        var writer = JSONWriter()
        writer.object { object in
            object.text("format", "tocsin organisation 1")
            object.text("organisation", organisation.name)
            object.text("at", Date.now.formatted(.iso8601))
            object.document("files", String(entries.dropLast()))
        }
        try save("manifest.json", writer.text + "\n")
        return names.count
    }
}
