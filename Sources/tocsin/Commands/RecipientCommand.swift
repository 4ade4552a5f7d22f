import AlertModel
import ArgumentParser
import Foundation
import GeoModel
import Store

struct RecipientCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recipient", abstract: "Correct a recipient by hand, or remove one.",
        subcommands: [SetRecipientCommand.self, DeleteRecipientCommand.self])
}

struct SetRecipientCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Correct what the register says of a recipient.",
        discussion: """
            Fields: name, kind (person, household, office), language, address, postcode, commune, commune_code, household, \
            building, confirmed_on (a day, for the contact points too), position (LON,LAT: exact), tags (a|b; tags+=a and \
            tags-=a add and take away one), and for the order of contact points sms, voice, email, fax: their numbers as \
            `register show` has them, in the new order, such as voice=2,1. FIELD= empties a field.

            A later import of the same row changes nothing of it. A row that has changed since then, that is of another \
            source than the last one, or that gives coordinates, wins again in every column its file has.
            """)

    @OptionGroup var database: DatabaseOption
    @OptionGroup var scope: ScopeOption
    @Argument(help: "The recipient's identifier in the register.") var recipient: String
    @Argument(help: ArgumentHelp("What to set.", valueName: "field=value")) var changes: [String]

    func run() throws {
        let edits = try changes.map { try RecipientEditText.edit($0) }
        guard !edits.isEmpty else { throw ValidationError("say what to set, such as language=en") }
        let store = try database.open(for: .editRegister)
        try store.edit(
            recipient: recipient, edits, scope: try scope.scope(in: store), actor: database.actor)
    }
}

struct DeleteRecipientCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Remove a recipient who moved or objected, with all contact data.",
        discussion: """
            Gone with it: contact points, lists, tags, protected facts, and what imports kept of it to be undone. The \
            ledger of past campaigns stays readable, with the addresses that were used. The journal has no name. \
            A later import whose file still has the row adds the recipient again: take the row out of the file too.
            """)

    @OptionGroup var database: DatabaseOption
    @OptionGroup var scope: ScopeOption
    @Argument(help: "The recipient's identifier in the register.") var recipient: String

    func run() throws {
        let store = try database.open(for: .editRegister)
        try store.delete(recipient: recipient, scope: try scope.scope(in: store), actor: database.actor)
        try store.forgetAllErasedWords()
        Terminal.say("the recipient is removed; take the row out of the file that is imported, or it comes back")
    }
}

/// Reads one `field=value` of a correction.
enum RecipientEditText {
    static func edit(_ text: String) throws -> RecipientEdit {
        if let (field, tag) = split(text, at: "+="), field == "tags" { return .addTag(tag) }
        if let (field, tag) = split(text, at: "-="), field == "tags" { return .removeTag(tag) }
        guard let (field, value) = split(text, at: "=") else {
            throw ValidationError("“\(text.prefix(40))” is not FIELD=VALUE")
        }
        let optional = value.isEmpty ? nil : value
        switch field {
        case "name": return .name(value)
        case "address": return .address(optional)
        case "postcode": return .postcode(optional)
        case "commune": return .communeName(optional)
        case "household": return .household(optional)
        case "building": return .building(optional)
        case "kind": return .kind(try read(value, field, "person, household or office") { RecipientKind(rawValue: $0) })
        case "language": return .language(try read(value, field, "a tag such as fr or pt-br") { language($0) })
        case "commune_code":
            return .communeCode(try optional.map { try read($0, field, "an INSEE code such as 80021") { CommuneCode($0) } })
        case "confirmed_on":
            return .confirmedOn(try optional.map { try read($0, field, "a day such as 2026-01-31") { CalendarDate($0) } })
        case "position": return .position(try position(value))
        case "tags":
            return .tags(value.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty })
        default:
            guard let channel = Channel(rawValue: field) else {
                throw ValidationError("there is no field “\(field.prefix(40))”: see `tocsin recipient set --help`")
            }
            let order = value.split(separator: ",").map { Int($0.trimmingCharacters(in: .whitespaces)) }
            guard !order.isEmpty, order.allSatisfy({ $0 != nil }) else {
                throw ValidationError("\(field): the numbers of its contact points are due, in their new order, such as 2,1")
            }
            return .contactOrder(channel, order.compactMap(\.self))
        }
    }

    private static func split(_ text: String, at sign: String) -> (field: String, value: String)? {
        guard let place = text.range(of: sign) else { return nil }
        return (
            text[..<place.lowerBound].trimmingCharacters(in: .whitespaces).lowercased(),
            text[place.upperBound...].trimmingCharacters(in: .whitespaces)
        )
    }

    private static func read<Value>(
        _ text: String, _ field: String, _ due: String, _ read: (String) -> Value?
    ) throws -> Value {
        guard let value = read(text) else { throw ValidationError("\(field): \(due) is due") }
        return value
    }

    static func language(_ text: String) -> String? {
        let tag = text.lowercased()
        let isTag = (2...11).contains(tag.utf8.count) && tag.utf8.first.map { (97...122).contains($0) } == true
            && tag.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
        return isTag ? tag : nil
    }

    private static func position(_ text: String) throws -> Position<WGS84> {
        let parts = text.split(separator: ",").map { Double($0.trimmingCharacters(in: .whitespaces)) }
        guard parts.count == 2, let longitude = parts[0], let latitude = parts[1] else {
            throw ValidationError("position: LON,LAT with decimal points is due, such as 2.2958,49.8942")
        }
        let position = Position<WGS84>(longitude: longitude, latitude: latitude)
        guard position.isInRange, longitude != 0 || latitude != 0 else {
            throw ValidationError("position: degrees are due, longitude first, and not 0,0")
        }
        if !FrenchTerritories.contain(position) {
            if FrenchTerritories.contain(Position(longitude: latitude, latitude: longitude)) {
                throw ValidationError("position: longitude and latitude look exchanged")
            }
            Terminal.warn("the position lies outside every French territory: check it")
        }
        return position
    }
}
