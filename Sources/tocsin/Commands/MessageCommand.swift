import AlertModel
import ArgumentParser
import Campaigns
import Foundation
import Import
import Store

struct MessageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "message",
        abstract: "Send a message to yourself before it leaves for everybody.",
        discussion: """
            Only to the few addresses that the organisation registered for it (\(AlertDatabase.mostTestAddresses) at \
            most, \(AlertDatabase.mostTestsAnHour) messages an hour), each written in the journal: a message to anybody \
            else is an alert.
            """,
        subcommands: [
            TestMessageCommand.self, ListTestAddressesCommand.self, AddTestAddressCommand.self, RemoveTestAddressCommand.self,
        ])
}

struct TestMessageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Send a message to your own test addresses, as recipients would get it but for the word TEST.",
        discussion: "Prints label, channel, gateway, answer and detail; ends with a status other than 0 when one failed.")

    @OptionGroup var database: DatabaseOption
    @OptionGroup var owner: OwnerOption
    @OptionGroup(title: "Message") var message: MessageArguments

    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp("Only this test address (repeatable): its label, or the address itself.", valueName: "label"))
    var to: [String] = []

    @Option(help: ArgumentHelp("Only these channels: sms,voice,email,fax.", valueName: "channel,…"))
    var channels: String?

    @Option(help: ArgumentHelp("The wording of people who speak this language, such as en.", valueName: "language"))
    var language = ""

    @Flag(help: "Through the simulators, which reach nobody; the text starts with EXERCICE as well.")
    var exercise = false

    func validate() throws { try message.requireText() }

    func run() async throws {
        let store = try database.open(for: .prepare)
        let organisation = try owner.organisation(in: store)
        let message = try message.message(in: store, of: (organisation, store.name(of: organisation)))
        let answers = try await TestSending(store: store, means: (exercise ? CampaignMode.exercise : .real).means()).send(
            message, to: try chosen(in: store, organisation), language: language,
            of: organisation, actor: database.actor)
        for answer in answers {
            Terminal.out(
                [answer.label, answer.channel.rawValue, answer.gateway, answer.words, answer.detail ?? ""]
                    .joined(separator: "\t") + "\n")
        }
        if answers.contains(where: \.isFailure) { throw ExitCode.failure }
    }

    private func chosen(in store: AlertDatabase, _ organisation: OrganisationID) throws -> [TestAddress] {
        let all = try store.testAddresses(of: organisation)
        let wanted = try channels.map { try Channel.list($0, option: "--channels") } ?? Channel.allCases
        for name in to where !all.contains(where: { $0.isNamed(name) }) {
            throw TestSendError.unknownAddress(known: Set(all.map(\.label)).sorted())
        }
        let chosen = all.filter { address in
            wanted.contains(address.channel) && (to.isEmpty || to.contains { address.isNamed($0) })
        }
        guard !chosen.isEmpty else { throw TestSendError.noAddress(wanted) }
        return chosen
    }
}

struct ListTestAddressesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "addresses", abstract: "List the organisation's test addresses: label, channel, address.")

    @OptionGroup var database: DatabaseOption
    @OptionGroup var owner: OwnerOption

    func run() throws {
        let store = try database.open(for: .prepare)
        for address in try store.testAddresses(of: try owner.organisation(in: store)) {
            Terminal.out("\(address.label)\t\(address.channel.rawValue)\t\(address.address.value)\n")
        }
    }
}

struct AddTestAddressCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add-address", abstract: "Register an address of your own for tests; the journal keeps its label.")

    @OptionGroup var database: DatabaseOption
    @OptionGroup var owner: OwnerOption
    @Argument(help: "Who reads it, such as “Astreinte”.") var label: String
    @Argument(help: "A telephone number or a mailbox.") var address: String

    @Option(help: ArgumentHelp(
        "What it is for: sms,voice,email,fax. Without: email for a mailbox, voice for a number, and sms for a mobile.",
        valueName: "channel,…"))
    var channels: String?

    func run() throws {
        let store = try database.open(for: .administer)
        let organisation = try owner.organisation(in: store)
        let wanted = try channels.map { try Channel.list($0, option: "--channels") }
        for (channel, address) in try TestAddress.read(address, channels: wanted) {
            try store.add(
                TestAddress(label: label, channel: channel, address: Redacted(address)), to: organisation, actor: database.actor)
            Terminal.say("test address “\(label)” registered for \(channel.rawValue)")
        }
    }
}

struct RemoveTestAddressCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove-address", abstract: "Remove a label's test addresses.")

    @OptionGroup var database: DatabaseOption
    @OptionGroup var owner: OwnerOption
    @Argument(help: "Its label.") var label: String

    func run() throws {
        let store = try database.open(for: .administer)
        try store.removeTestAddress(label, of: try owner.organisation(in: store), actor: database.actor)
        Terminal.say("test address “\(label)” removed")
    }
}

extension TestAddress {
    /// By its label, or by the address however it is written.
    fileprivate func isNamed(_ name: String) -> Bool {
        name == label || ((try? Self.read(name, channels: [channel]))?.contains { $0.address == address.value } ?? false)
    }

    /// An address as the register would write it, for each channel it is wanted for.
    fileprivate static func read(_ text: String, channels: [Channel]?) throws -> [(channel: Channel, address: String)] {
        if let mailbox = EmailAddress(text) {
            guard channels == nil || channels == [.email] else {
                throw ValidationError("a mailbox is for email alone")
            }
            return [(.email, mailbox.text)]
        }
        let number: PhoneNumber
        do {
            number = try PhoneNumber(text, department: nil)
        } catch {
            throw ValidationError("the address is neither a mailbox nor a number: \(error)")
        }
        let channels = channels ?? (number.isMobile ? [.sms, .voice] : [.voice])
        guard !channels.contains(.email) else { throw ValidationError("a number is not for email") }
        return channels.map { ($0, number.e164) }
    }
}

extension Channel {
    /// The channels of an option: `sms,email`.
    static func list(_ text: String, option: String) throws -> [Channel] {
        try text.split(separator: ",").map { word in
            let name = word.trimmingCharacters(in: .whitespaces).lowercased()
            guard let channel = Channel(rawValue: name) else {
                throw ValidationError("\(option): “\(name)” is not a channel: they are sms, voice, email, fax")
            }
            return channel
        }
    }
}
