import AlertModel
import ArgumentParser
import Campaigns
import Foundation
import GeoModel
import Store

/// What a command says: a text, or one of a saved template's three, with its places filled.
struct MessageArguments: ParsableArguments {
    @Option(help: "Subject, for e-mail and fax.")
    var subject: String?

    @Option(help: "Text of the message; {name} is a place to fill, {{ and }} are braces.")
    var message: String?

    @Option(help: ArgumentHelp("A saved template in the place of --subject and --message.", valueName: "name"))
    var template: String?

    @Option(help: "What of the template: message, correction or allClear.")
    var part: MessageTemplate.Part?

    @Option(
        name: .customLong("set"), parsing: .singleValue,
        help: ArgumentHelp("Fill a place of the text (repeatable).", valueName: "name=value"))
    var values: [String] = []

    func validate() throws {
        guard (template == nil) != (message == nil) else { throw ValidationError("give --message TEXT or --template NAME") }
        if template != nil, subject != nil { throw ValidationError("a template has its own subject: leave --subject out") }
        if part != nil, template == nil { throw ValidationError("--part goes with --template") }
        if let bad = values.first(where: { !$0.contains("=") }) { throw ValidationError("--set \(bad): name=value is due") }
    }

    /// - Parameter organisation: whose template it is, and what {organisme} stands for.
    func message(
        in store: AlertDatabase, of organisation: (id: OrganisationID, name: String), at now: Date = .now
    ) throws -> Message {
        let written = if let template {
            try store.template(named: template, of: organisation.id).template[part ?? .message]
        } else {
            Message(subject: subject ?? "", text: message ?? "")
        }
        let given = try given()
        let unused = Set(given.keys).subtracting(try written.placeholders.map(\.name))
        if let stray = unused.min() { throw ValidationError("--set \(stray)=…: the text has no place {\(stray)}") }
        let known = StandardPlaces.values(organisation: organisation.name, at: now)
        return try written.filled { given[$0] ?? known[$0] }
    }

    private func given() throws -> [String: String] {
        var given: [String: String] = [:]
        for value in values {
            let parts = value.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = PlaceholderText.folded(parts[0].trimmingCharacters(in: .whitespaces))
            guard given.updateValue(String(parts[1]), forKey: name) == nil else {
                throw ValidationError("--set \(name)=… is given twice")
            }
        }
        return given
    }
}

/// What fills itself.
enum StandardPlaces {
    /// - Parameter now: written in French, in the machine's time zone.
    static func values(organisation: String, at now: Date) -> [String: String] {
        let french = Locale(identifier: "fr_FR")
        return [
            "organisme": organisation,
            "date": now.formatted(.dateTime.day().month(.wide).year().locale(french)),
            "heure": now.formatted(Date.VerbatimFormatStyle(
                format: "\(hour: .defaultDigits(clock: .twentyFourHour, hourCycle: .zeroBased)) h \(minute: .twoDigits)",
                locale: french, timeZone: .current, calendar: Calendar(identifier: .gregorian))),
        ]
    }
}

extension MessageTemplate.Part: ExpressibleByArgument {}
