import AlertModel
import ArgumentParser
import Foundation
import GeoModel
import Reports
import Store

extension OutcomeGroup: ExpressibleByArgument {}
extension FailureCause: ExpressibleByArgument {}
extension CampaignPeopleFile.Format: ExpressibleByArgument {}
extension DoorListing.Format: ExpressibleByArgument {}

/// Whom of a group to list.
struct PeopleChoice: ParsableArguments {
    @Option(help: "Only who is on this list now.") var list: String?
    @Option(help: "Only who bears this tag now.") var tag: String?
    @Option(help: ArgumentHelp("Only who was in this commune at the launch.", valueName: "code")) var commune: String?
    @Flag(help: "Only who is in the protected table of vulnerable people; the journal tells it.") var vulnerable = false

    func filter(_ group: OutcomeGroup, channel: Channel? = nil, cause: FailureCause? = nil) throws -> PeopleFilter {
        let code = try commune.map { text in
            guard let code = CommuneCode(text) else { throw ValidationError("--commune is a code of five characters, such as 80021") }
            return code
        }
        let filter = PeopleFilter(
            group: group, channel: channel, cause: cause, commune: code, list: list, tag: tag, isVulnerable: vulnerable)
        if let fault = filter.fault { throw ValidationError(fault) }
        return filter
    }
}

struct CampaignPeopleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "people",
        abstract: "List a campaign's people by what became of it for them: who confirmed, who failed and why, who was not reached.",
        discussion: """
            Names are the register's as it is now; ways and states are the ledger's. text prints identifier, name, commune, state \
            and ways, tab-separated; csv and xlsx have a column each. Every list is in the journal.
            """)

    @OptionGroup var database: DatabaseOption
    @OptionGroup var campaign: CampaignArgument
    @Option(help: "Whom.") var group = OutcomeGroup.notReached
    @Option(help: "Only who has a way on this channel in the campaign.") var channel: Channel?
    @Option(help: "Only who has a way that failed for this cause.") var cause: FailureCause?
    @OptionGroup(title: "Choice") var choice: PeopleChoice
    @Option(help: "What to write (default: by the file's name, else text); xlsx needs --output.")
    var format: CampaignPeopleFile.Format?
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Write to a file, whole or not at all; its ending says the format.", valueName: "file"))
    var output: String?

    private var chosen: CampaignPeopleFile.Format {
        format ?? output.flatMap(CampaignPeopleFile.Format.init(fileName:)) ?? .text
    }

    func validate() throws {
        if output == nil, chosen == .xlsx { throw ValidationError("--format xlsx needs --output FILE") }
        _ = try choice.filter(group, channel: channel, cause: cause)
    }

    func run() throws {
        let store = try database.open(for: .seePersonalData)
        let people = try CampaignPeopleFile(
            store: store, campaign: campaign.campaign(in: store), filter: choice.filter(group, channel: channel, cause: cause))
        try people.recordSight(chosen, actor: database.actor)
        guard let output else { return try write(people) { Terminal.out(String(decoding: $0, as: UTF8.self)) } }
        guard chosen != .xlsx else { return try people.writeSheet(to: output) }
        let file = try AtomicFile(path: output)
        try write(people, file.write)
        try file.commit()
    }

    private func write(_ people: CampaignPeopleFile, _ write: ([UInt8]) throws -> Void) throws {
        guard chosen == .csv else {
            return try people.forEach { try write(Array((Self.line($0) + "\n").utf8)) }
        }
        try write(CampaignPeopleFile.csvHead)
        var last: Int64 = 0
        while let piece = try people.csvPiece(after: last) {
            try write(piece.bytes)
            last = piece.last
        }
    }

    private static func line(_ person: CampaignPerson) -> String {
        [
            person.externalID, person.name?.value ?? "", person.communeCode?.rawValue ?? "",
            person.state?.rawValue ?? OutcomeGroup.notLocated.rawValue,
            person.ways.map { way in
                "\(way.channel.rawValue) \(way.address.value) \(way.state.rawValue)" + (way.cause.map { " (\($0.rawValue))" } ?? "")
            }.joined(separator: ", "),
        ].map { $0.split { $0.isNewline || $0 == "\t" }.joined(separator: " ") }.joined(separator: "\t")
    }
}

struct CampaignDoorsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doors",
        abstract: "List who has not confirmed, street after street, for those who go from door to door.",
        discussion: """
            In French, by commune, street and house number, with a place to tick; pdf has numbered pages. It names people: it takes \
            the right to see personal data, and is in the journal.
            """)

    @OptionGroup var database: DatabaseOption
    @OptionGroup var campaign: CampaignArgument
    @Option(help: "Whom.") var group = OutcomeGroup.notAcknowledged
    @OptionGroup(title: "Choice") var choice: PeopleChoice
    @Option(help: "What to write (default: by the file's name, else html); pdf needs --output.")
    var format: DoorListing.Format?
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Write to a file, whole or not at all; its ending says the format.", valueName: "file"))
    var output: String?

    private var chosen: DoorListing.Format {
        format ?? output.flatMap(DoorListing.Format.init(fileName:)) ?? .html
    }

    func validate() throws {
        if output == nil, chosen == .pdf { throw ValidationError("--format pdf needs --output FILE") }
        _ = try choice.filter(group)
    }

    func run() throws {
        let store = try database.open(for: .seePersonalData)
        let list = try DoorListing(store: store).list(
            of: campaign.campaign(in: store), choice.filter(group), format: chosen, actor: database.actor)
        try chosen.rendition(of: list).put(to: output)
        Terminal.say("\(list.doors.count) people to see")
    }
}
