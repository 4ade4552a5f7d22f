import AlertModel
import Campaigns
import Console
import Foundation
import Reports
import Store

extension FollowDesk {
    /// People of one mode's campaigns, in the database's ledger and register.
    init(store: AlertDatabase, mode: CampaignMode) {
        let office = FollowOffice(store: store, mode: mode)
        let grids = StateGrids()
        self.init(
            people: { account, id, filter, after, limit in
                try await ConsoleProblems.translating { try office.page(id, filter, after, limit, account) }
            },
            file: { account, id, filter, format in try await office.file(id, filter, format, account) },
            failures: { account, id in
                try await ConsoleProblems.translating {
                    guard try office.record(id, account) != nil else { return nil }
                    return FailureFigures(failures: try store.failures(of: id).map {
                        .init(channel: $0.channel, cause: $0.cause, people: $0.people)
                    })
                }
            },
            doors: { account, id, filter, format in
                try await ConsoleProblems.translating { try office.doors(id, filter, format, account) }
            },
            cells: { account, id, box, zoom in
                guard let record = try await ConsoleProblems.translating({ try office.record(id, account) }) else { return nil }
                let kept = try await grids.grid(of: id, standing: record.progress) {
                    try store.stateGrid(of: id, scope: try store.scope(of: record.organisation))
                }
                return StateCells(
                    cells: kept.grid.cells(in: box, zoom: zoom, mergesFew: !account.capabilities.contains(.seePersonalData))
                        .map { .init(position: LonLat($0.centre), states: $0.states) },
                    withoutPlace: kept.grid.withoutPlace, at: kept.at)
            })
    }
}

/// The console's reads of a campaign's people. Blocking: called off the cooperative threads.
private struct FollowOffice: Sendable {
    let store: AlertDatabase
    let mode: CampaignMode

    /// Nil for another organisation's, or one of the other mode, as for none.
    func record(_ id: CampaignID, _ account: Account) throws -> CampaignRecord? {
        do {
            let record = try store.ledger.campaign(id)
            return record.organisation == account.organisation && record.mode == mode ? record : nil
        } catch LedgerError.unknownCampaign {
            return nil
        }
    }

    func page(_ id: CampaignID, _ filter: PeopleFilter, _ after: Int64, _ limit: Int, _ account: Account) throws -> CampaignPeoplePage? {
        guard let record = try record(id, account) else { return nil }
        let scope = try store.scope(of: record.organisation)
        let at = Date()
        let found = try store.people(of: id, filter, scope: scope, after: after, limit: limit + 1)
        let people = Array(found.prefix(limit))
        // Nothing is seen without a trace.
        if !people.isEmpty {
            try store.recordSight(
                "campaign.people", of: id, filter, people: people.count, numbers: people.map(\.number), actor: account.user)
        }
        return CampaignPeoplePage(
            people: people.map { CampaignPersonDocument($0) },
            total: after == 0 ? try store.countPeople(of: id, filter, scope: scope) : nil,
            next: found.count > limit ? people.last?.number : nil, at: at)
    }

    func file(
        _ id: CampaignID, _ filter: PeopleFilter, _ format: PeopleFileFormat, _ account: Account
    ) async throws -> StreamedFile? {
        let office = self
        let people = try await ConsoleProblems.translating { () throws -> CampaignPeopleFile? in
            guard try office.record(id, account) != nil else { return nil }
            let people = try CampaignPeopleFile(store: office.store, campaign: id, filter: filter)
            try people.recordSight(format == .csv ? .csv : .xlsx, actor: account.user)
            return people
        }
        guard let people else { return nil }
        let name = "personnes-\(id)-\(filter.group.rawValue).\(format.rawValue)"
        switch format {
        case .csv:
            return StreamedFile(pieces: AsyncThrowingStream(unfolding: PeoplePieces(people).next), fileName: name)
        case .xlsx:
            let pieces = try await ConsoleProblems.translating { try ReadyFile.pieces(of: name) { try people.writeSheet(to: $0) } }
            return StreamedFile(pieces: pieces, fileName: name)
        }
    }

    func doors(_ id: CampaignID, _ filter: PeopleFilter, _ format: Console.DoorFormat, _ account: Account) throws -> DoorFile? {
        guard try record(id, account) != nil else { return nil }
        let listing = DoorListing(store: store)
        let form: DoorListing.Format =
            switch format {
            case .html: .html
            case .pdf: .pdf
            case .csv: .csv
            }
        let list: DoorList
        do {
            list = try listing.list(of: id, filter, format: form, actor: account.user)
        } catch let refusal as DoorRefusal {
            throw ConsoleProblem(
                .invalidParameter, ProblemDetail(path: "group", reason: refusal.description, limit: DoorList.greatestCount))
        }
        return DoorFile(
            file: ReportFile(bytes: try form.rendition(of: list).bytes(), fileName: "porte-a-porte-\(id).\(form.rawValue)"),
            stylesheet: ReportPage.stylesheet)
    }
}

/// A list read page by page, as fast as the reader takes it.
private actor PeoplePieces {
    private let people: CampaignPeopleFile
    /// Nil before the head.
    private var last: Int64?

    init(_ people: CampaignPeopleFile) {
        self.people = people
    }

    func next() async throws -> [UInt8]? {
        guard let after = last else {
            last = 0
            return CampaignPeopleFile.csvHead
        }
        let people = people
        guard let piece = try await Offload.run({ try people.csvPiece(after: after) }) else { return nil }
        last = piece.last
        return piece.bytes
    }
}
