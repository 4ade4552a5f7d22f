import AlertModel
import Campaigns
import Foundation
import Import
import Reports
import Store

/// Writes a list of a campaign's people, page by page.
struct CampaignPeopleFile: Sendable {
    enum Format: String, CaseIterable, Sendable {
        case text, csv, xlsx
    }

    /// People read at a time.
    static let pageLength = 2_000

    let store: AlertDatabase
    let campaign: CampaignID
    let filter: PeopleFilter
    let scope: RegisterScope
    /// As the list begins: who joins later is in the next one.
    private let numbers: ClosedRange<Int64>?

    init(store: AlertDatabase, campaign: CampaignID, filter: PeopleFilter) throws {
        self.store = store
        self.campaign = campaign
        self.filter = filter
        scope = try store.scope(of: try store.ledger.campaign(campaign).organisation)
        numbers = try store.peopleNumbers(of: campaign)
    }

    /// Notes in the journal that the list is taken. Called before anything of it is written.
    func recordSight(_ format: Format, actor: String) throws {
        try store.recordSight(
            "campaign.people", of: campaign, filter, people: try store.countPeople(of: campaign, filter, scope: scope),
            actor: actor, detail: ["format": format.rawValue])
    }

    func forEach(_ body: (CampaignPerson) throws -> Void) throws {
        var last: Int64 = 0
        while true {
            let page = try store.people(of: campaign, filter, scope: scope, after: last, limit: Self.pageLength, within: numbers)
            for person in page { try body(person) }
            guard page.count == Self.pageLength, let end = page.last else { return }
            last = end.number
        }
    }

    /// The next piece of the table for programs, and after whom it goes on; nil after the last one.
    func csvPiece(after last: Int64) throws -> (bytes: [UInt8], last: Int64)? {
        let page = try store.people(of: campaign, filter, scope: scope, after: last, limit: Self.pageLength, within: numbers)
        guard let end = page.last else { return nil }
        var writer = CSVWriter()
        for person in page { writer.row(PeopleTable.cells(of: person)) }
        return (Array(writer.text.utf8), end.number)
    }

    static var csvHead: [UInt8] {
        var writer = CSVWriter()
        writer.row(PeopleTable.columns)
        return Array(writer.text.utf8)
    }

    /// Writes a workbook, whole or not at all. Cells are texts, and so never formulas.
    func writeSheet(to path: String) throws {
        try SheetWriter.write(
            to: path, sheet: "Personnes", columns: PeopleTable.frenchColumns.map { SheetWriter.Column($0) }
        ) { writer in
            try forEach { person in
                try writer.row(PeopleTable.cells(of: person).map { $0.isEmpty ? .empty : .text(FormulaGuard.escaped($0)) })
            }
        }
    }
}
