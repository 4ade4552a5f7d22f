import AlertModel
import ArgumentParser
import Foundation
import Import
import Store

struct ContactCardCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "contact", abstract: "Print, keep or remove how an organisation itself is reached.",
        discussion: """
            Those above it have the card as a recipient of their register, on the list « Mairies » (« Organismes » for what \
            is no commune), at its town hall: `tocsin alert --list Mairies` alerts them all, a zone those inside it.
            """)

    @OptionGroup var database: DatabaseOption
    @OptionGroup var organisation: OrganisationArgument
    @Option(help: "Who is asked for.") var name: String?
    @Option(help: "What they are, such as “Maire” or “Astreinte”.") var function: String?
    @Option(parsing: .singleValue, help: "An emergency number, at most \(ContactCard.mostNumbers) (repeatable).")
    var number: [String] = []
    @Option(help: "An e-mail address.") var email: String?
    @Flag(help: "Remove the card: those above it can no longer alert it.") var remove = false

    func validate() throws {
        let isGiven = name != nil || function != nil || !number.isEmpty || email != nil
        if remove, isGiven { throw ValidationError("--remove takes the whole card away: leave the rest out") }
        if isGiven, name == nil || number.isEmpty && email == nil {
            throw ValidationError("a card has --name, and --number or --email")
        }
        if number.count > ContactCard.mostNumbers {
            throw ValidationError("a card has at most \(ContactCard.mostNumbers) numbers: keep those that answer")
        }
    }

    func run() throws {
        let store = try database.open(for: .editRegister)
        let own = try organisation.own(in: store)
        if remove {
            try store.setContactCard(nil, of: own.id, actor: database.actor)
            return Terminal.say("“\(own.name)” has no contact card")
        }
        guard let name else { return try show(own, store) }
        let card = try ContactCardReading.card(
            name: name, function: function ?? "", numbers: number, email: email)
        try store.setContactCard(card, of: own.id, actor: database.actor)
        Terminal.say("the contact card of “\(own.name)” is kept, for those above it too")
    }

    private func show(_ own: Organisation, _ store: AlertDatabase) throws {
        guard let card = try store.contactCard(of: own.id) else { return Terminal.say("“\(own.name)” has no contact card") }
        Terminal.out("name\t\(card.name.value)\nfunction\t\(card.function)\n")
        for point in card.contactPoints { Terminal.out("\(point.channel.rawValue)\t\(point.address.value)\n") }
    }
}

/// Reads a contact card as somebody typed it.
enum ContactCardReading {
    /// - Throws: `StoreError.invalidOrganisation` for what is no number and no mailbox.
    static func card(name: String, function: String, numbers: [String], email: String?) throws -> ContactCard {
        var points: [ContactPoint] = []
        for (index, text) in numbers.enumerated() {
            let number: PhoneNumber
            do {
                number = try PhoneNumber(text, department: nil)
            } catch {
                throw StoreError.invalidOrganisation(reason: "number \(index + 1): \(error)")
            }
            for channel in number.isMobile ? [Channel.sms, .voice] : [.voice] {
                points.append(
                    ContactPoint(channel: channel, address: Redacted(number.e164), rank: index + 1, isEmergency: true))
            }
        }
        if let email {
            guard let mailbox = EmailAddress(email) else {
                throw StoreError.invalidOrganisation(reason: "the e-mail address is not one: write it as mairie@example.org")
            }
            points.append(ContactPoint(channel: .email, address: Redacted(mailbox.text), rank: 1))
        }
        return ContactCard(name: Redacted(name), function: function, contactPoints: points)
    }
}
