import AlertModel
import ArgumentParser
import Campaigns
import Store

struct NumberScenarioCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "number",
        abstract: "Give a scenario the number that launches it by telephone, as an exercise unless --real; without one, list them.",
        discussion: "--real holds for the scenario as it stands: once changed, it is an exercise again until it is marked anew.")

    @OptionGroup var database: DatabaseOption
    @OptionGroup var owner: OwnerOption

    @Argument(help: "Its name.")
    var name: String?

    @Argument(help: "From 1 to 999.")
    var number: Int?

    @Flag(help: "A call launches it for real.")
    var real = false

    @Flag(help: "Take its number away.")
    var remove = false

    func validate() throws {
        if remove, name == nil || number != nil || real { throw ValidationError("--remove takes a scenario's name, and nothing else") }
        if name != nil, number == nil, !remove { throw ValidationError("a number is due, or --remove") }
        if real, number == nil { throw ValidationError("--real goes with a name and a number") }
    }

    func run() throws {
        let store = try database.open(for: name == nil ? .statistics : real ? .launch : .prepare)
        let organisation = try owner.organisation(in: store)
        guard let name else {
            for one in try store.numberedScenarios(of: organisation) {
                Terminal.out("\(one.number)\t\(one.scenario.name)\t\(one.mode.rawValue)\n")
            }
            return
        }
        let actor = try store.currentOperator()
        guard let number else { return try store.takeNumber(fromScenario: name, of: organisation, by: actor) }
        try store.number(
            scenario: name, of: organisation, as: number, mode: real ? .real : .exercise,
            standardBlanks: StandardPlaces.names, by: actor)
    }
}
