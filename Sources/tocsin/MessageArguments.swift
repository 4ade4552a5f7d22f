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

    @Option(help: "Text of the message; {name} is a place to fill, {nom}, {commune} and {adresse} are each recipient's, {{ and }} are braces.")
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
        if template != nil, message != nil { throw Self.textDue }
        if template != nil, subject != nil { throw ValidationError("a template has its own subject: leave --subject out") }
        if part != nil, template == nil { throw ValidationError("--part goes with --template") }
        _ = try Self.values(values)
    }

    /// For commands that have no text but this one.
    func requireText() throws {
        if template == nil, message == nil { throw Self.textDue }
    }

    private static let textDue = ValidationError("give --message TEXT or --template NAME")

    /// - Parameter organisation: whose template it is, and what {organisme} stands for.
    func message(
        in store: AlertDatabase, of organisation: (id: OrganisationID, name: String), at now: Date = .now
    ) throws -> Message {
        try source().message(in: store, of: organisation, at: now)
    }

    /// What was asked for, its places still to be filled.
    func source() throws -> ScheduledMessage {
        try requireText()
        return ScheduledMessage(
            subject: subject, text: message, template: template, part: part?.rawValue, values: try Self.values(values))
    }

    /// What fills places, by their folded names.
    static func values(_ values: [String]) throws -> [String: String] {
        if let bad = values.first(where: { !$0.contains("=") }) { throw ValidationError("--set \(bad): name=value is due") }
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

extension MessageTemplate.Part: ExpressibleByArgument {}
