import AlertModel
import ArgumentParser
import Campaigns
import Dispatching
import Foundation
import Store
import Targeting

struct ScheduleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schedule",
        abstract: "Send information by the calendar: once, or again and again.",
        discussion: """
            The running server launches what is due: the zone is selected then, with the launch rules and guard rails of \
            that moment. Whatever would need a second person is not launched, and said in `schedule list`. Alerts are \
            launched by a person.
            """,
        subcommands: [
            ListSchedulesCommand.self, AddScheduleCommand.self, ShowScheduleCommand.self, NextScheduleCommand.self,
            PauseScheduleCommand.self, ResumeScheduleCommand.self, RemoveScheduleCommand.self,
        ], defaultSubcommand: ListSchedulesCommand.self)
}

/// The schedule a command is about.
struct ScheduleArgument: ParsableArguments {
    @OptionGroup var database: DatabaseOption
    @OptionGroup var owner: OwnerOption
    @Argument(help: "Its name.") var name: String

    func schedule(in store: AlertDatabase) throws -> SavedSchedule {
        try store.schedule(named: name, of: try owner.organisation(in: store))
    }
}

struct ListSchedulesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List schedules: name, mode, state, next, rule, what became of the last occurrence.")

    @OptionGroup var database: DatabaseOption
    @OptionGroup var owner: OwnerOption

    func run() throws {
        let store = try database.open(for: .statistics)
        for schedule in try store.schedules(of: try owner.organisation(in: store)) {
            let timing = schedule.draft.timing
            Terminal.out(
                [
                    schedule.draft.name, schedule.draft.mode.rawValue, schedule.state.rawValue,
                    schedule.nextAt.map { timing.clock.text($0) } ?? "", timing.rule?.description ?? "once",
                    schedule.last.map { $0.line(timing.clock) } ?? "",
                ].joined(separator: "\t") + "\n")
        }
    }
}

struct ShowScheduleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Print a schedule as `key<TAB>value` lines, its last occurrences at the end.")

    @OptionGroup var schedule: ScheduleArgument

    func run() throws {
        let store = try schedule.database.open(for: .statistics)
        let saved = try schedule.schedule(in: store)
        let draft = saved.draft
        let clock = draft.timing.clock
        let text = try draft.message.template == nil || draft.message.document != nil
            ? draft.message.written(in: store, of: draft.organisation).message : nil
        let lines: [(String, String)] = [
            ("name", draft.name), ("mode", draft.mode.rawValue), ("state", saved.state.rawValue),
            ("next", saved.nextAt.map { clock.text($0) } ?? ""), ("rule", draft.timing.rule?.description ?? "once"),
            ("time_zone", clock.zone),
            ("zone", try ZoneDocument.decode(Array(draft.zoneDocument.utf8)).label),
            ("template", draft.message.template ?? ""), ("subject", text?.subject ?? ""), ("text", text?.text ?? ""),
            ("template_version", draft.message.version.map(String.init) ?? ""),
            ("channels", draft.policy.channels.map(\.rawValue).joined(separator: ",")),
            ("validity_seconds", String(draft.policy.validitySeconds)),
            ("quiet_hours", draft.policy.quiet?.description ?? "none"), ("weight", String(draft.weight)),
            ("created_by", saved.createdBy),
        ]
        Terminal.out(lines.map { "\($0.0)\t\($0.1.replacing("\n", with: " "))\n" }.joined())
        if let name = draft.message.template, let now = try? store.template(named: name, of: draft.organisation).version,
            now != draft.message.version
        {
            Terminal.warn(
                "the template “\(name)” is at version \(now) now: what is sent is what was seen when the schedule was made; "
                    + "remove it and add it again to send the new text")
        }
        for occurrence in try store.occurrences(of: saved) { Terminal.out("occurrence\t\(occurrence.line(clock))\n") }
    }
}

struct NextScheduleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "next", abstract: "Print when a schedule's next occurrences are, by its own clock.")

    @OptionGroup var schedule: ScheduleArgument
    @Option(help: "How many.") var count = 5

    func validate() throws {
        guard (1...1000).contains(count) else { throw ValidationError("--count goes from 1 to 1000") }
    }

    func run() throws {
        let saved = try schedule.schedule(in: try schedule.database.open(for: .statistics))
        guard saved.state == .active else {
            Terminal.say("“\(saved.draft.name)” is \(saved.state.rawValue): nothing of it is launched")
            return
        }
        // What is overdue comes first.
        let from = min(saved.nextAt ?? .now, .now).advanced(byMilliseconds: -1)
        for moment in saved.draft.timing.next(count, after: from) {
            Terminal.out(saved.draft.timing.clock.text(moment) + "\n")
        }
    }
}

struct PauseScheduleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause", abstract: "Let occurrences pass until the schedule is resumed.")

    @OptionGroup var schedule: ScheduleArgument

    func run() throws {
        let store = try schedule.database.open(for: .launch)
        try store.setSchedule(
            named: schedule.name, of: try schedule.owner.organisation(in: store), paused: true,
            actor: schedule.database.actor, now: .now)
        Terminal.say("“\(schedule.name)” is paused")
    }
}

struct ResumeScheduleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Launch a paused schedule's occurrences again, from the next one on.")

    @OptionGroup var schedule: ScheduleArgument

    func run() throws {
        let store = try schedule.database.open(for: .launch)
        let saved = try schedule.schedule(in: store)
        let next = try store.setSchedule(
            named: schedule.name, of: saved.draft.organisation, paused: false, actor: schedule.database.actor, now: .now)
        Terminal.say("“\(schedule.name)”: next \(next.map { saved.draft.timing.clock.text($0) } ?? "never")")
    }
}

struct RemoveScheduleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Take a schedule away; campaigns it launched go on.")

    @OptionGroup var schedule: ScheduleArgument

    func run() throws {
        let store = try schedule.database.open(for: .launch)
        try store.removeSchedule(
            named: schedule.name, of: try schedule.owner.organisation(in: store), actor: schedule.database.actor)
        Terminal.say("“\(schedule.name)” is removed")
    }
}

extension SavedSchedule.Occurrence {
    /// `2026-12-04 18:00 launched campaign 7`.
    fileprivate func line(_ clock: LocalClock) -> String {
        "\(clock.text(at)) \(outcome.rawValue) \(campaign.map { "campaign \($0)" } ?? reason ?? "")"
    }
}
