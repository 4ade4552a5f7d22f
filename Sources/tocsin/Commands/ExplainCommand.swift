import ArgumentParser
import GeoModel
import Store
import Targeting

struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say why a recipient is, or is not, in a zone.")

    @OptionGroup var database: DatabaseOption
    @OptionGroup var scope: ScopeOption

    @Argument(help: "The recipient's identifier in the register.")
    var recipient: String

    @OptionGroup(title: "Zone") var zone: ZoneArguments

    func run() throws {
        let zone = try zone.zone()
        let store = try database.open()
        try ZoneNotes.say(zone, in: store)
        let explanations = try store.explanations(
            ofExternalID: recipient, in: zone, scope: try scope.scope(in: store))
        for explanation in explanations {
            Terminal.out("\(recipient): \(explanation.verdict.words)\n")
            Terminal.out("  place: \(explanation.location)\n")
            for term in explanation.terms {
                Terminal.out("  \(term.label): \(term.verdict.words): \(term.because)\n")
            }
        }
    }
}

extension Verdict {
    fileprivate var words: String {
        switch self {
        case .outside: "outside"
        case .notLocated: "not located"
        case .possible: "possible"
        case .certain: "certain"
        }
    }
}
