import AlertModel
import ArgumentParser
import Dispatching
import Store

struct NoticesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "notices",
        abstract: "Say where an account is written to when something waits for it, or somebody went on alone.",
        discussion: "By the organisation's e-mail gateway, from the server; without --email or --none it says what is set.")

    @OptionGroup var people: PeopleOption

    @Argument(help: "The sign-in name.")
    var name: String

    @Option(help: ArgumentHelp("The mailbox.", valueName: "address"))
    var email: String?

    @Flag(help: "Write to nobody.")
    var none = false

    func validate() throws {
        if email != nil, none { throw ValidationError("--email and --none: choose one") }
        if let email, EmailAddress(email) == nil { throw ValidationError("--email: that is no mailbox's address") }
    }

    func run() throws {
        let (store, actor, organisation) = try people.open()
        _ = try store.person(name, of: organisation, within: actor)
        guard email != nil || none else {
            return Terminal.out("email\t\(try store.noticeAddress(of: name)?.text ?? "")\n")
        }
        try store.setNoticeAddress(
            of: name, within: organisation, to: email.flatMap { EmailAddress($0) }, actor: actor.name, now: .now)
        Terminal.say(none ? "nobody is written to for \(name)" : "\(name) is written to when something waits")
    }
}
