import AlertModel
import ArgumentParser
import Foundation
import Store

struct DoublesBenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doubles",
        abstract: "Time the search for people who are twice, and the reading of a page of them.",
        discussion: """
            The search reads all of one organisation's register; a page reads the cards of ten groups anew. Nothing is changed, and \
            nothing of anybody is written. Memory is the most that the process held during the search, in MiB.
            """)

    @OptionGroup var database: DatabaseOption
    @OptionGroup var owner: OwnerOption

    /// As many as the console shows at once.
    private static let page = 10

    func run() throws {
        let store = try database.open(for: .administer)
        let organisation = try owner.organisation(in: store)
        let clock = ContinuousClock()
        let before = MemoryPeak.mebibytes
        MemoryPeak.reset()
        var findings: DoubleFindings?
        let search = try clock.measure { findings = try store.findDoubles(in: organisation) }
        let peak = MemoryPeak.mebibytes
        guard let findings else { return }
        var shown = 0
        let page = try clock.measure {
            shown = try store.doubles(findings, from: 0, most: Self.page, scope: .organisation(organisation)).groups.count
        }
        for (name, value) in [
            ("search_seconds", search.inSeconds), ("page_seconds", page.inSeconds), ("groups", Double(findings.groups.count)),
            ("shown", Double(shown)), ("memory_before", before), ("memory_peak", peak),
        ] {
            Terminal.out("\(name)\t\(String(format: "%.4g", value))\n")
        }
    }
}
