import AlertModel
import ArgumentParser
import Campaigns
import Foundation
import Store

extension ScheduledMessage {
    /// What is said, with its places filled.
    ///
    /// - Parameters:
    ///   - organisation: whose template it is, and what {organisme} stands for.
    ///   - moment: what {date} and {heure} stand for, by the zone's clock.
    func message(
        in store: AlertDatabase, of organisation: (id: OrganisationID, name: String), at moment: Date,
        zone: TimeZone = .current
    ) throws -> Message {
        let written = try written(in: store, of: organisation.id).message
        let known = StandardPlaces.values(organisation: organisation.name, at: moment, zone: zone)
        let unused = Set(values.keys).subtracting(try written.placeholders.map(\.name))
        if let stray = unused.min() { throw ValidationError("--set \(stray)=…: the text has no place {\(stray)}") }
        return try written.filled { values[$0] ?? known[$0] }
    }
}

extension ScheduledMessage {
    /// As it was seen, where it is kept; else the template as it is now, with its version, or the text of its own.
    func written(in store: AlertDatabase, of organisation: OrganisationID) throws -> (message: Message, version: Int?) {
        if let document { return (try MessageDocument.decode(Array(document.utf8)), version) }
        guard let template else { return (Message(subject: subject ?? "", text: text ?? ""), nil) }
        let saved = try store.template(named: template, of: organisation)
        return (saved.template[part.flatMap(MessageTemplate.Part.init(rawValue:)) ?? .message], saved.version)
    }

    /// With the template's text as it is now: what a schedule is seen with, and sends.
    func seen(in store: AlertDatabase, of organisation: OrganisationID) throws -> ScheduledMessage {
        guard template != nil else { return self }
        let written = try written(in: store, of: organisation)
        var seen = self
        seen.document = MessageDocument.encode(written.message)
        seen.version = written.version
        return seen
    }
}

/// What fills itself.
enum StandardPlaces {
    /// Places that nobody has to declare.
    static let names = Set(values(organisation: "", at: .now).keys)

    /// - Parameter moment: written in French, by the zone's clock.
    static func values(organisation: String, at moment: Date, zone: TimeZone = .current) -> [String: String] {
        let french = Locale(identifier: "fr_FR")
        var day = Date.FormatStyle.dateTime.day().month(.wide).year().locale(french)
        day.timeZone = zone
        return [
            "organisme": organisation,
            "date": moment.formatted(day),
            "heure": moment.formatted(Date.VerbatimFormatStyle(
                format: "\(hour: .defaultDigits(clock: .twentyFourHour, hourCycle: .zeroBased)) h \(minute: .twoDigits)",
                locale: french, timeZone: zone, calendar: Calendar(identifier: .gregorian))),
        ]
    }
}
