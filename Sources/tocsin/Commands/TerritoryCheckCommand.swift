import AlertModel
import ArgumentParser
import GeoModel
import Import
import Reports
import Store
import Targeting

struct TerritoryCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Find overlaps and gaps between communes, and recipients whose point and commune do not agree.",
        discussion: """
            Of the boundaries: `overlap`, ground in several communes; `gap`, ground closed in by communes and in none.

            Of recipients with a point: `sliver`, no commune code and in no commune, but within \
            \(Int(BetweenCommunes.toleranceMetres)) m of some: possibly in each; `overlap`, no code and in several \
            communes: certainly in each; `nowhere`, no code and far from every commune; `disagreement`, a code, and a \
            point more than \(Int(BetweenCommunes.toleranceMetres)) m outside that commune: --communes goes by the code, \
            a perimeter by the point.

            `text` prints `key<TAB>number` lines; `ids` one external identifier a line, in byte order; `csv` a line \
            for each recipient; `boundaries` a CSV line for each overlap and gap.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, ids, csv, boundaries
    }

    @OptionGroup var database: DatabaseOption
    @OptionGroup var scope: ScopeOption

    @Option(help: "What to print.")
    var format = Format.text

    @Option(help: "Only recipients of this kind.")
    var only: PlaceDoubt.Kind?

    func run() throws {
        let store = try database.open(for: .statistics)
        if format == .boundaries {
            Terminal.out(CommuneFindingReport.csv(try CommuneTopology(of: store).findings))
            return
        }
        let doubts = try store.placeDoubts(scope: try scope.scope(in: store)).filter { only == nil || $0.kind == only }
        switch format {
        case .boundaries: break
        case .ids: Terminal.out(doubts.map { $0.externalID + "\n" }.joined())
        case .csv: Terminal.out(csv(doubts))
        case .text:
            let topology = try CommuneTopology(of: store)
            Terminal.out("boundary_overlaps\t\(topology.count(of: .overlap))\n")
            Terminal.out("boundary_gaps\t\(topology.count(of: .gap))\n")
            for kind in PlaceDoubt.Kind.allCases where only == nil || only == kind {
                Terminal.out("\(kind.rawValue)\t\(doubts.count { $0.kind == kind })\n")
            }
        }
    }

    private func csv(_ doubts: [PlaceDoubt]) -> String {
        var writer = CSVWriter()
        writer.row(["id", "finding", "commune_code", "communes", "metres"])
        for doubt in doubts {
            writer.row([
                doubt.externalID, doubt.kind.rawValue, doubt.code?.rawValue ?? "",
                doubt.communes.map(\.rawValue).joined(separator: " "),
                doubt.metres.map { String(Int($0.rounded())) } ?? "",
            ])
        }
        return writer.text
    }
}

extension PlaceDoubt.Kind: ExpressibleByArgument {}
