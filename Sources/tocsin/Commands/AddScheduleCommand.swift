import AlertModel
import ArgumentParser
import Campaigns
import Dispatching
import Foundation
import Store

struct AddScheduleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Prepare information that the server launches at a time, once or again and again.",
        discussion: """
            --every takes daily, weekly, monthly, yearly, weekdays, first-friday … last-sunday, or a rule of iCalendar \
            (RFC 5545) such as "FREQ=MONTHLY;BYDAY=1FR". A template's text is kept as it is now: a later version of it is not sent. An \
            occurrence that was missed is launched late, for what is left of its validity, or skipped.
            """)

    @OptionGroup var database: DatabaseOption
    @OptionGroup var scope: ScopeOption
    @Argument(help: "Its name.") var name: String
    @OptionGroup(title: "Zone") var zone: ZoneArguments
    @OptionGroup(title: "Message") var message: MessageArguments
    @OptionGroup(title: "Delivery") var delivery: DeliveryArguments

    @Option(help: ArgumentHelp("The first day and time, by the clock of the organisation's territory.", valueName: "2026-12-01 18:00"))
    var at: String

    @Option(help: ArgumentHelp("How it recurs; once without.", valueName: "rule"))
    var every: String?

    @Option(help: ArgumentHelp("The last day.", valueName: "2027-06-30"))
    var last: String?

    @Flag(help: "Simulators only; every text starts with EXERCICE.")
    var exercise = false

    @Option(help: "Only information is scheduled; an alert is launched by a person.")
    var kind = CampaignKind.information

    @Option(help: "Its share beside other information, 1 to 100.")
    var weight = 1

    /// Longer does not fit a list.
    private static let longestName = 80

    func validate() throws {
        try message.requireText()
        let isLine = name.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
        guard isLine, (1...Self.longestName).contains(name.count), name.contains(where: { !$0.isWhitespace }) else {
            throw ValidationError("a name is one line of 1 to \(Self.longestName) characters")
        }
        guard kind == .information else {
            throw ValidationError("an alert is not scheduled: a person launches it, with `tocsin alert`")
        }
        if last != nil, every == nil { throw ValidationError("--last goes with --every") }
        guard PolicyRules.weights.contains(weight) else { throw ValidationError("\(PolicyProblem.weight(weight))") }
    }

    func run() throws {
        let store = try database.open(for: .launch)
        let scope = try scope.scope(in: store)
        let owner = try owner(in: store)
        let mode = exercise ? CampaignMode.exercise : .real
        try requireNobodyToAsk(in: store, of: owner, mode: mode)
        let zone = try zone.zone(in: store, scope: scope)
        try ZoneNotes.say(zone, in: store)
        let policy = try delivery.chosenPolicy(kind: .information, mode: mode, in: store, of: owner.name)
        let source = try message.source().seen(in: store, of: owner.id)
        let clock = try store.localClock(ofOrganisationNamed: owner.name)
        // An account's schedule goes by what its organisation sees then; one register of it, when it is named.
        let asOrganisation = try Tenancy(store).organisation != nil && self.scope.organisation == nil
        var draft = ScheduleDraft(
            organisation: owner.id, name: name, mode: mode,
            zoneDocument: String(decoding: ZoneDocument.encode(zone), as: UTF8.self),
            onlyOrganisation: asOrganisation ? nil : scope.own, message: source, policy: policy, weight: weight,
            timing: try timing(clock))
        draft.asOrganisation = asOrganisation
        // What would be refused every time is refused now.
        let filled = try source.message(in: store, of: owner, at: .now)
        if let refusal = try mode.means().launchRules(of: owner.id, in: store).refusals(message: filled, policy: policy).first { throw refusal }
        _ = try store.counts(of: zone, scope: scope)
        let next = try store.add(draft, actor: database.actor, now: .now)
        Terminal.say("“\(name)”: next \(clock.text(next)) \(clock.zone), launched by the server that runs then")
        if let version = source.version, let template = source.template {
            Terminal.say("it says version \(version) of the template “\(template)”, whatever becomes of the template")
        }
        guard let quiet = policy.quiet, let end = quiet.end(at: next) else { return }
        let isOver = end >= next.advanced(bySeconds: policy.validitySeconds)
        Terminal.warn(
            "that lies in quiet hours (\(quiet)): " + (isOver
                ? "they outlast the message's validity, and it would be refused: choose another time or a longer --validity"
                : "it will leave from \(clock.text(end)) on"))
    }

    private func owner(in store: AlertDatabase) throws -> (id: OrganisationID, name: String) {
        let tenancy = try Tenancy(store)
        let id = try tenancy.organisation ?? tenancy.owner(named: scope.organisation)
        return (id, try store.name(of: id))
    }

    /// What would be refused every time is refused now: when a schedule is due, nobody can be asked.
    private func requireNobodyToAsk(
        in store: AlertDatabase, of owner: (id: OrganisationID, name: String), mode: CampaignMode
    ) throws {
        guard mode == .real, try Tenancy(store).organisation != nil,
            try store.guardPolicy(of: owner.id).consequence(of: .freeText) >= .secondPerson
        else { return }
        throw ValidationError(
            "“\(owner.name)” asks a second person about texts of accounts (guard rail free_text), and when a schedule is due there "
                + "is nobody to ask: let the machine's administrator add it (without TOCSIN_USER), or launch it in its time with "
                + "`tocsin alert --kind information --ask`")
    }

    private func timing(_ clock: LocalClock) throws -> ScheduleTiming {
        do throws(ScheduleWordsFault) {
            return try ScheduleTiming(at: at, every: every, last: last, clock: clock)
        } catch {
            throw ValidationError(error.description)
        }
    }
}
