import AlertModel
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
        let store = try database.open(for: .seePersonalData)
        let scope = try scope.scope(in: store)
        let zone = try zone.zone(in: store, scope: scope)
        try ZoneNotes.say(zone, in: store)
        let explanations = try store.explanations(ofExternalID: recipient, in: zone, scope: scope)
        for explanation in explanations {
            Terminal.out("\(recipient): \(explanation.verdict.words)\n")
            Terminal.out("  place: \(explanation.location)\n")
            for term in explanation.terms {
                Terminal.out("  \(term.label): \(term.verdict.words): \(term.because)\n")
            }
            if let note = explanation.note { Terminal.out("  \(note)\n") }
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
