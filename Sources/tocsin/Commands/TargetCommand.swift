import AlertModel
import ArgumentParser
import Dispatching
import GeoModel
import Reports
import Store
import Targeting

struct TargetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "target",
        abstract: "Say who is inside a zone.",
        discussion: """
            `count` prints one `key<TAB>number` line each for recipients, certain, possible, not_located, sms, voice, \
            email and fax. `ids` prints one external identifier a line, in byte order: everyone selected, reachable \
            or not, unless --channel narrows it.

            Recipients whose place is only partly known are possible when their disc, or their commune, touches the \
            zone: they are part of the selection. --certain leaves them out.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case count, ids, csv, json, geojson
    }

    @OptionGroup var database: DatabaseOption
    @OptionGroup var scope: ScopeOption
    @OptionGroup(title: "Zone") var zone: ZoneArguments

    @Option(help: "Only who can be reached by this channel: sms, voice, email or fax.")
    var channel: Channel?

    @Flag(help: "List, instead, the recipients who cannot be judged because their place is not known.")
    var notLocated = false

    @Option(help: "What to print.")
    var format = Format.count

    @Option(help: ArgumentHelp(
        "Store exactly whom the zone selects now, under a name that `alert --audience` takes.", valueName: "name"))
    var freeze: String?

    func validate() throws {
        if let freeze, freeze.isEmpty || freeze.unicodeScalars.count > 200 || channel != nil || notLocated {
            throw ValidationError("--freeze takes a name of 1 to 200 characters, and no --channel or --not-located")
        }
        if notLocated, zone.certain || channel != nil || format != .count {
            throw ValidationError("--not-located prints identifiers: it takes no --format, --channel or --certain")
        }
    }

    func run() throws {
        let store = try database.open(for: format == .count && !notLocated ? .statistics : .seePersonalData)
        if freeze != nil { try store.currentOperator().require(.prepare) }
        let scope = try scope.scope(in: store)
        let zone = try zone.zone(in: store, scope: scope)
        let filter = SelectionFilter(channel: channel)
        let mappings = try ZoneNotes.say(zone, in: store)
        if notLocated {
            for id in try store.notLocatedRecipients(in: zone, scope: scope) { Terminal.out(id + "\n") }
            return
        }
        if let freeze {
            let audience = try store.freezeAudience(
                named: freeze, of: zone, scope: scope, actor: database.actor, now: .now)
            Terminal.say("audience “\(freeze)” of \(audience.members.count) recipients frozen, hash \(audience.hash)")
        }
        do throws(TargetingError) { try zone.requireReasonableSize() } catch { Terminal.warn(error.description) }
        if format == .count {
            let counts = try store.counts(of: zone, scope: scope, filter: filter)
            Terminal.out(counts.lines.map { "\($0.key)\t\($0.value)\n" }.joined())
            if counts.recipients == 0 { Terminal.warn("nobody of the register is inside this zone") }
            return
        }
        if format == .ids {
            let ids = try store.selectedExternalIDs(in: zone, scope: scope, filter: filter)
            if ids.isEmpty { Terminal.warn("nobody of the register is inside this zone") }
            Terminal.out(ids.map { $0 + "\n" }.joined())
            return
        }
        let selected = try store.selectedRecipients(in: zone, scope: scope, filter: filter)
        if selected.isEmpty { Terminal.warn("nobody of the register is inside this zone") }
        // Identifiers, places and reasons, person by person.
        if !selected.isEmpty {
            try store.audit(
                actor: database.actor, action: "zone.people", subject: format.rawValue,
                detail: ["recipients": String(selected.count)])
        }
        switch format {
        case .count, .ids: break
        case .csv: Terminal.out(SelectionReport.csv(selected.map(\.line)))
        case .json: Terminal.out(SelectionReport.json(selected.map(\.line), mapped: mappings))
        case .geojson: Terminal.out(SelectionReport.geoJSON(selected.map(\.line)))
        }
    }
}

extension Channel: ExpressibleByArgument {}
extension CampaignMode: ExpressibleByArgument {}

extension SelectedRecipient {
    /// The store's row as reports write it.
    fileprivate var line: SelectionReport.Line {
        SelectionReport.Line(
            externalID: externalID, certainty: certainty, precision: precision, communeCode: communeCode,
            communeName: communeName, position: position, channels: channels, why: why)
    }
}
