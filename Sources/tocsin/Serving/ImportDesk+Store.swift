import AlertModel
import Console
import Foundation
import Import
import Reports
import Store
import Synchronization

extension ImportDesk {
    /// Imports of recipients into the database, as the command line makes them.
    init(store: AlertDatabase) {
        let bench = ImportBench(store: store)
        self.init(
            begin: { account, name in
                let upload = try bench.begin(account, fileName: name)
                return ImportIntake(
                    take: { try upload.append($0) },
                    finish: { try await ConsoleProblems.translating { try bench.sheet(of: upload, account) } },
                    abandon: { bench.forget(upload) })
            },
            state: { account, id in bench.upload(id, of: account)?.state },
            run: { account, id, wish, isDry in
                guard let upload = bench.upload(id, of: account) else { return false }
                try bench.run(upload, account, wish, isDry: isDry)
                return true
            },
            faults: { account, id in
                guard let report = bench.upload(id, of: account)?.report else { return nil }
                return try await Offload.run {
                    var writer = CSVWriter()
                    writer.row(RecipientImportReport.tableHead)
                    report.forEachRow { writer.row($0) }
                    return Array("\u{FEFF}".utf8) + Array(writer.text.utf8)
                }
            },
            records: { account in
                try await Offload.run {
                    let name = try store.organisationName(account.organisation)
                    return try store.registerImports(ofOrganisationNamed: name, limit: ImportBench.shownRecords).map {
                        ImportRecord(
                            id: $0.id, source: $0.source, at: $0.at, actor: $0.actor, added: $0.counts.added,
                            updated: $0.counts.updated, removed: $0.counts.removed, isUndone: $0.undoneAt != nil,
                            canBeUndone: $0.canBeUndone)
                    }
                }
            },
            undo: { account, id in
                try await Offload.run {
                    do {
                        _ = try store.undoImport(
                            id, organisationNamed: try store.organisationName(account.organisation), actor: account.user)
                    } catch let error as RegisterError {
                        if case .unknownImport = error { throw ConsoleProblem(.notFound) }
                        throw ConsoleProblem(.notAllowed, ProblemDetail(reason: error.description))
                    }
                }
            })
    }
}

/// Uploaded files of recipients between two steps of their accounts: in a folder of their own, readable by nobody else. One is
/// gone once it is imported, or an hour after it was last looked at; what a server that was killed left, a day later.
private final class ImportBench: Sendable {
    static let shownRecords = 20
    /// Uploads of an account at a time: two windows, and one forgotten.
    private static let mostUploads = 3
    private static let lifetime: TimeInterval = 3600
    private static let period = Duration.seconds(600)
    private static let previewRows = 8

    let store: AlertDatabase
    private let uploads = Mutex<[Int64: ImportUpload]>([:])

    init(store: AlertDatabase) {
        self.store = store
        TemporaryPlace.removeLeftovers(prefix: ImportUpload.prefix)
        // For as long as there is a bench: nobody else knows of its files.
        Task.detached { [weak self] in
            while true {
                try? await Task.sleep(for: Self.period)
                guard let self else { return }
                expire()
            }
        }
    }

    private func expire() {
        let old = uploads.withLock { uploads in
            let old = uploads.values.filter { !$0.isBusy && $0.lastUsed < Date.now.addingTimeInterval(-Self.lifetime) }
            for one in old { uploads[one.id] = nil }
            return old
        }
        for one in old { one.remove() }
    }

    func begin(_ account: Account, fileName: String) throws -> ImportUpload {
        let upload = try ImportUpload(account: account.id, organisation: account.organisation, fileName: fileName)
        expire()
        let dropped = uploads.withLock { uploads in
            let own = uploads.values.filter { $0.account == account.id && !$0.isBusy }.sorted { $0.lastUsed < $1.lastUsed }
            let dropped = own.dropLast(Self.mostUploads - 1)
            for one in dropped { uploads[one.id] = nil }
            uploads[upload.id] = upload
            return dropped
        }
        for one in dropped { one.remove() }
        return upload
    }

    func upload(_ id: Int64, of account: Account) -> ImportUpload? {
        uploads.withLock { uploads in
            guard let upload = uploads[id], upload.account == account.id, upload.organisation == account.organisation else {
                return nil
            }
            upload.touch()
            return upload
        }
    }

    func forget(_ upload: ImportUpload) {
        uploads.withLock { $0[upload.id] = nil }
        upload.remove()
    }

    func sheet(of upload: ImportUpload, _ account: Account) throws -> ImportSheet {
        try upload.close()
        let preview = try RecipientPreview.read(
            file: upload.path, rowCount: Self.previewRows, organisation: try store.organisationName(account.organisation),
            database: store)
        return ImportSheet(
            id: upload.id, fileName: upload.fileName,
            columns: preview.columns.map { ImportSheet.Column(name: $0.name, field: $0.field?.rawValue) }, rows: preview.rows,
            skippedRows: preview.skippedRows, isRemembered: preview.isRemembered,
            fields: RecipientField.allCases.map(\.rawValue))
    }

    /// Starts the work on a thread of its own: an import takes seconds to minutes, and nobody waits on the line.
    func run(_ upload: ImportUpload, _ account: Account, _ wish: ImportWish, isDry: Bool) throws {
        guard !wish.isOneOff || account.capabilities.contains(.prepare) else { throw ConsoleProblem(.notPermitted) }
        var options = RecipientImport.Options(
            organisation: try store.organisationName(account.organisation), map: wish.map, dryRun: isDry,
            skipInvalid: wish.skipsInvalid)
        options.duplicates = DuplicateChoice(rawValue: wish.duplicates) ?? .report
        options.removesGone = wish.removesGone
        options.isSure = wish.isSure
        guard upload.start(isDry: isDry) else {
            throw ConsoleProblem(.notAllowed, ProblemDetail(reason: "the file is being read: wait until it is"))
        }
        let store = store, made = options, actor = account.user, owner = account.organisation
        let thread = Thread {
            do {
                if wish.isOneOff {
                    return try Self.takeOnce(upload, wish, OneOffDrop(store: store, actor: actor), owner, isDry: isDry)
                }
                let report = try RecipientImport(database: store, actor: actor).run(file: upload.path, options: made) {
                    upload.note($0)
                }
                upload.finish(report, isDry: isDry, isRefused: !report.refused.isEmpty && !made.skipInvalid)
            } catch {
                upload.fail("\(error)")
            }
        }
        thread.name = "register-import"
        thread.stackSize = 4 << 20
        thread.start()
    }

    private static func takeOnce(
        _ upload: ImportUpload, _ wish: ImportWish, _ drop: OneOffDrop, _ owner: OrganisationID, isDry: Bool
    ) throws {
        guard !isDry else {
            let report = try drop.check(file: upload.path, map: wish.map, skipsInvalid: wish.skipsInvalid) { upload.note($0) }
            return upload.finish(report, isDry: true, isRefused: false)
        }
        let (audience, report) = try drop.take(
            file: upload.path, named: upload.fileName, for: owner, map: wish.map, skipsInvalid: wish.skipsInvalid
        ) { upload.note($0) }
        upload.finish(report, isDry: false, isRefused: audience == nil, list: audience?.listName)
    }
}

/// One uploaded file.
private final class ImportUpload: Sendable {
    private struct Progress {
        var step = ImportState.Step.received
        var rows = 0
        var percent = 0
        var report: RecipientImportReport?
        var problem: String?
        var list: String?
        var lastUsed = Date.now
        var handle: FileHandle?
    }

    private static let shownProblems = 200
    static let prefix = "tocsin-import-"

    let id: Int64
    let account: Int64
    let organisation: OrganisationID
    let fileName: String
    let path: String
    private let folder: String
    private let progress: Mutex<Progress>

    init(account: Int64, organisation: OrganisationID, fileName: String) throws {
        guard let folder = TemporaryPlace.folder(in: FileManager.default.temporaryDirectory.path, prefix: Self.prefix)
        else { throw ConsoleProblem(.unavailable) }
        self.folder = folder
        // The name tells the format and the source.
        path = folder + "/" + fileName
        // Nobody guesses it, and a script's number holds it.
        id = Int64.random(in: 1...(1 << 53 - 1))
        self.account = account
        self.organisation = organisation
        self.fileName = fileName
        guard FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]),
            let handle = FileHandle(forWritingAtPath: path)
        else {
            try? FileManager.default.removeItem(atPath: folder)
            throw ConsoleProblem(.unavailable)
        }
        var start = Progress()
        start.handle = handle
        progress = Mutex(start)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    var lastUsed: Date { progress.withLock { $0.lastUsed } }
    var isBusy: Bool { progress.withLock { $0.step == .checking || $0.step == .applying } }
    var report: RecipientImportReport? { progress.withLock { $0.report } }

    func touch() { progress.withLock { $0.lastUsed = .now } }
    func append(_ bytes: [UInt8]) throws { try progress.withLock { try $0.handle?.write(contentsOf: bytes) } }
    func close() throws {
        try progress.withLock {
            try $0.handle?.close()
            $0.handle = nil
        }
    }
    func remove() { try? FileManager.default.removeItem(atPath: folder) }

    /// - Returns: false while it is being read already.
    func start(isDry: Bool) -> Bool {
        progress.withLock {
            guard $0.step != .checking, $0.step != .applying else { return false }
            $0.step = isDry ? .checking : .applying
            ($0.rows, $0.percent, $0.report, $0.problem) = (0, 0, nil, nil)
            return true
        }
    }

    func note(_ made: ImportProgress) {
        progress.withLock {
            $0.rows = made.rows
            $0.percent = made.totalBytes > 0 ? min(100, made.bytesRead * 100 / made.totalBytes) : 0
        }
    }

    func finish(_ report: RecipientImportReport, isDry: Bool, isRefused: Bool, list: String? = nil) {
        progress.withLock {
            $0.report = report
            $0.list = list
            // Refused rows and no leave to skip them: nothing was written.
            $0.step = isDry || isRefused ? .checked : .applied
            $0.percent = 100
            $0.lastUsed = .now
        }
        // Its people are in the register: no copy of them is needed.
        if !isDry, !isRefused { remove() }
    }

    func fail(_ problem: String) {
        progress.withLock {
            $0.step = .failed
            $0.problem = problem
            $0.lastUsed = .now
        }
    }

    var state: ImportState {
        progress.withLock {
            ImportState(
                id: id, step: $0.step, rows: $0.rows, percent: $0.percent,
                report: $0.report.map { ImportReportDocument($0, shown: Self.shownProblems) }, problem: $0.problem, list: $0.list)
        }
    }
}

extension ImportReportDocument {
    fileprivate init(_ report: RecipientImportReport, shown: Int) {
        self.init()
        source = report.source
        rows = report.rows
        (added, updated, unchanged) = (report.counts.added, report.counts.updated, report.counts.unchanged)
        (removed, merged) = (report.counts.removed, report.counts.merged)
        refused = report.refusedRows
        gone = report.goneCount
        spared = report.sparedCount
        unreachable = report.unreachable
        losingLastContact = report.losingLastContactCount
        duplicatePersons = report.duplicatePersons
        sharedContacts = report.sharedContacts
        precisions = Dictionary(uniqueKeysWithValues: report.precisions.map { ($0.key.rawValue, $0.value) })
        unrecognised = report.unrecognisedColumns
        importID = report.importID
        let sorts = [
            ("refused", report.refused), ("contact left out", report.leftOut), ("warning", report.warnings),
            ("duplicate", report.duplicates),
        ]
        problems = Array(
            sorts.lazy.flatMap { kind, list in
                list.lazy.map { Problem(kind: kind, line: $0.line, column: $0.column, reason: $0.reason) }
            }.prefix(shown))
        problemCount = sorts.reduce(report.furtherProblems) { $0 + $1.1.count }
    }
}

extension AlertDatabase {
    /// - Throws: `not_found` for an organisation that was erased meanwhile.
    fileprivate func organisationName(_ id: OrganisationID) throws -> String {
        guard let organisation = try organisation(id) else { throw ConsoleProblem(.notFound) }
        return organisation.name
    }
}
