import AlertModel
import ArgumentParser
import Import
import Store

struct UserTelephoneCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "telephone",
        abstract: "Let an account launch by telephone: print its call code; its PIN, set in the console, proves who calls.",
        discussion: "Whoever calls from the account's own number types no code, and can be called back there.")

    @OptionGroup var people: PeopleOption

    @Argument(help: "The sign-in name.")
    var name: String

    @Option(help: ArgumentHelp("The number it calls from and is called back at; without it none is kept.", valueName: "telephone"))
    var number: String?

    @Flag(help: "Take it away: no launching by telephone.")
    var remove = false

    func validate() throws {
        if remove, number != nil { throw ValidationError("--remove and --number: one or the other") }
    }

    func run() throws {
        let (store, actor, organisation) = try people.open()
        let person = try store.person(name, of: organisation, within: actor)
        if remove { return try store.dismissFromTelephone(person, by: actor) }
        let number = try number.map { text in
            do { return try PhoneNumber(text, department: nil).e164 } catch { throw ValidationError("--number: \(error)") }
        }
        let admitted = try store.admitByTelephone(person, number: number, by: actor)
        Terminal.out("call code: \(admitted.code)\n")
        if try !store.factors(of: person).hasPIN {
            Terminal.warn("\(name) has no PIN yet: it is set in the console, under “Mon compte”; nobody gets in without one")
        }
    }
}
