import AlertModel
import ArgumentParser
import Foundation
import Import
import Store

/// The options of people who are written to once: of a file, or chosen in the register.
struct OneOffArguments: ParsableArguments {
    @Option(help: ArgumentHelp(
        "Alert the people of a table (CSV, XLSX…) once: they never enter the register, and are erased \(OneOffAudience.lifetimeDays) days later.",
        valueName: "file"))
    var people: String?

    @Option(
        name: .customLong("people-map"), parsing: .singleValue,
        help: ArgumentHelp("Say what a column of --people holds (repeatable).", valueName: "column=field"))
    var peopleMap: [String] = []

    @Flag(help: "Leave rows of --people out that are refused.")
    var skipInvalid = false

    @Option(
        name: .customLong("recipient"), parsing: .singleValue,
        help: ArgumentHelp(
            "Alert this recipient, by its identifier in the register (repeatable), beside a zone or alone.", valueName: "identifier"))
    var recipients: [String] = []

    /// Whether anybody is named.
    var isEmpty: Bool { people == nil && recipients.isEmpty }

    /// Takes them in, each way as an audience of its own; none where nobody is named.
    ///
    /// - Throws: `ImportError.invalidRows` when rows are refused, `StoreError.unknownRecipients` when somebody is not in the
    ///   register; nothing of the file is kept then. `RightsError` to who may not import.
    func drops(into store: AlertDatabase, for owner: OrganisationID, actor: String) throws -> [OneOffAudience] {
        guard people != nil || peopleMap.isEmpty && !skipInvalid else {
            throw ValidationError("--people-map and --skip-invalid are of --people")
        }
        guard !isEmpty else { return [] }
        try store.currentOperator().require(.editRegister)
        // Who is not there stops it before the file is read.
        let chosen = try recipients.isEmpty ? nil : chosen(in: store, owner, actor: actor)
        do {
            return try [chosen, drop(into: store, for: owner, actor: actor)].compactMap(\.self)
        } catch {
            if let chosen { try store.discardOneOffAudience(chosen.register, actor: actor) }
            throw error
        }
    }

    private func chosen(in store: AlertDatabase, _ owner: OrganisationID, actor: String) throws -> OneOffAudience {
        let count = Set(recipients).count
        return try store.oneOffAudience(
            ofIdentifiers: recipients, named: count == 1 ? "1 recipient" : "\(count) recipients", owner: owner, actor: actor)
    }

    private func drop(into store: AlertDatabase, for owner: OrganisationID, actor: String) throws -> OneOffAudience? {
        guard let people else { return nil }
        let name = URL(filePath: people).lastPathComponent
        let (drop, report) = try OneOffDrop(store: store, actor: actor).take(
            file: people, named: name, for: owner, map: try ColumnMapping.read(peopleMap, option: "--people-map"),
            skipsInvalid: skipInvalid)
        for problem in report.refused { Terminal.say("refused: \(problem)") }
        // Who cannot be reached by a number that the file has is not passed over in silence.
        for problem in report.leftOut { Terminal.say("contact left out: \(problem)") }
        guard let drop else { throw ImportError.invalidRows(file: name, count: report.refusedRows) }
        Terminal.say("\(name): \(report.counts.added) people to alert once, \(report.refusedRows) rows refused")
        return drop
    }
}
