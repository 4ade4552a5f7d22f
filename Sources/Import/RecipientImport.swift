import AlertModel
import Foundation
import GeoModel
import Store

/// Imports recipients from a table: streaming, idempotent by external identifier, all or nothing. What differs is known
/// and shown before anything is written.
package struct RecipientImport: Sendable {
    private let database: AlertDatabase
    private let actor: String
    /// Additions from which rows are written in bulk.
    private let bulkAdditions: Int

    package struct Options: Sendable {
        package var organisation: String
        /// Column name → field name.
        package var map: [String: String]
        package var dryRun: Bool
        package var skipInvalid: Bool
        /// The sheet of a workbook.
        package var sheet: String?
        /// The source the file belongs to; by its name when nil.
        package var source: String?
        package var duplicates = DuplicateChoice.report
        /// Removes recipients of the source that the file does not name.
        package var removesGone = false
        /// Removes them however many they are.
        package var isSure = false
        /// Forgets how columns were understood another time.
        package var forgetsMapping = false
        /// Most emergency numbers of an office, from now on; nil leaves what the organisation has settled.
        package var emergencyLimit: Int?
        /// Takes a file that has no column of identifiers: its rows go by their lines.
        package var numbersRows = false
        /// Rows to be shown as they are.
        package var previewRows = 0

        package init(organisation: String, map: [String: String] = [:], dryRun: Bool = false, skipInvalid: Bool = false)
        {
            self.organisation = organisation
            self.map = map
            self.dryRun = dryRun
            self.skipInvalid = skipInvalid
        }
    }

    /// The part of a source that may be gone without a word: people move, and a tenth a year is usual.
    package static let greatestGoneShare = 0.2

    package init(database: AlertDatabase, actor: String, bulkAdditions: Int = AlertDatabase.bulkAdditions) {
        self.database = database
        self.actor = actor
        self.bulkAdditions = bulkAdditions
    }

    /// - Returns: the report; when it lists refused rows and `skipInvalid` is off, nothing was written.
    /// - Throws: `ImportError` and `RegisterImportError` when the file as a whole cannot be taken.
    package func run(
        file path: String, options: Options, progress: (ImportProgress) -> Void = { _ in }
    ) throws -> RecipientImportReport {
        let source = try FileSource(path: path)
        var tally = try ImportTally(
            source: options.source ?? SourceName.of(file: source.name), database: database,
            duplicates: options.duplicates)
        var early = try EarlyWriting(database, options: options, actor: actor, bulkAdditions: bulkAdditions)
        defer { early.giveUp() }
        let remembered = try read(source, options, &tally, &early, progress)
        try early.endRows()
        try database.readRegister(ofOrganisationNamed: options.organisation) { register in
            try tally.finish(register: register)
        }
        let isRefused = !tally.report.refused.isEmpty && !options.skipInvalid
        if options.removesGone, !options.dryRun, !isRefused { try requireFewGone(tally, options) }
        guard !options.dryRun, !isRefused else {
            if isRefused, !options.dryRun { tally.report.counts = RecipientImportCounts() }
            return tally.report
        }
        var changes = tally.changes
        if !options.removesGone { changes.removed = [] }
        changes.settings[.importColumns] = try remembered?.json
        changes.settings[.emergencyLimit] = options.emergencyLimit.map(String.init)
        let file = try source.imported()
        let result = try early.commit(changes, from: file)
            ?? database.apply(
                changes, organisationNamed: options.organisation, from: file, actor: actor,
                bulkAdditions: bulkAdditions)
        tally.report.counts = result.counts
        tally.report.importID = result.importID
        return tally.report
    }

    private func requireFewGone(_ tally: ImportTally, _ options: Options) throws {
        if tally.refusedWithoutIdentifier > 0 {
            throw RegisterImportError.goneUnknown(rows: tally.refusedWithoutIdentifier)
        }
        let all = tally.sourceCount
        if !options.isSure, Double(tally.report.goneCount) > Double(all) * Self.greatestGoneShare {
            throw RegisterImportError.tooManyGone(
                source: tally.report.source, gone: tally.report.goneCount, of: all)
        }
    }

    // MARK: Reading

    /// Records of a batch: enough that its transaction costs nothing, few enough that two threads share a small file.
    private static let batchRecords = 500
    /// Batches at work or waiting to be counted.
    private static let batchLimit = 8

    /// - Returns: the mappings to remember, when one is new.
    private func read(
        _ source: FileSource, _ options: Options, _ tally: inout ImportTally, _ early: inout EarlyWriting,
        _ progress: (ImportProgress) -> Void
    ) throws -> RememberedColumns? {
        let (database, name, sourceName) = (database, options.organisation, tally.report.source)
        let findsDuplicates = options.duplicates != .keep
        let batches = OrderedBatches<RecordBatch, ReadBatch>(
            workers: max(2, ProcessInfo.processInfo.activeProcessorCount), limit: Self.batchLimit,
            context: { BatchReader() },
            work: { batch, reader in
                try database.readRegister(ofOrganisationNamed: name) { register in
                    try reader.read(batch, register: register, source: sourceName, findsDuplicates: findsDuplicates)
                }
            })
        var intake = try RecipientIntake(database: database, file: source.name, options: options)
        try batches.run(
            produce: { pass in
                try TableReader.read(source, sheet: options.sheet) { record, bytesRead in
                    try intake.take(record, bytesRead, pass)
                }
                try intake.finish(source.byteCount, pass)
            },
            consume: { batch in
                try tally.add(batch)
                try early.consider(tally)
                progress(ImportProgress(rows: tally.report.rows, bytesRead: batch.bytesRead, totalBytes: source.byteCount))
            })
        intake.tell(&tally.report)
        return intake.newMappings
    }

    /// Takes records as they come: looks for the header first, then cuts batches.
    private struct RecipientIntake {
        private let file: String
        private let options: Options
        private let remembered: RememberedColumns
        private let emergencyLimit: Int
        private let computedLists: Set<String>
        private var head: [CSVRecord] = []
        private var parser: RecipientRowParser?
        private var header: RecipientHeader?
        private var records: [CSVRecord] = []
        private var bytesRead = 0
        private var preview: [[String]] = []

        /// Rows below the header that are looked at for columns of numbers that nobody claims.
        private static let sampleRows = 100

        init(database: AlertDatabase, file: String, options: Options) throws {
            self.file = file
            self.options = options
            let stored = try database.setting(.importColumns, ofOrganisationNamed: options.organisation)
            remembered = options.forgetsMapping
                ? RememberedColumns() : stored.flatMap { RememberedColumns(json: $0) } ?? RememberedColumns()
            emergencyLimit = try options.emergencyLimit
                ?? database.effectiveSetting(.emergencyLimit, ofOrganisationNamed: options.organisation).flatMap { Int($0) }
                ?? ContactCells.defaultEmergencyLimit
            computedLists = try database.computedLists(ofOrganisationNamed: options.organisation)
        }

        mutating func take(_ record: CSVRecord, _ bytesRead: Int, _ pass: (RecordBatch) throws -> Void) throws {
            self.bytesRead = bytesRead
            guard parser != nil else {
                head.append(record)
                if head.count == RecipientHeader.searchedRows + Self.sampleRows { try start(pass) }
                return
            }
            try add(record, pass)
        }

        private mutating func add(_ record: CSVRecord, _ pass: (RecordBatch) throws -> Void) throws {
            records.append(record)
            if records.count == RecipientImport.batchRecords { try send(pass) }
        }

        private mutating func send(_ pass: (RecordBatch) throws -> Void) throws {
            guard let parser, !records.isEmpty else { return }
            try pass(RecordBatch(parser: parser, records: records, bytesRead: bytesRead))
            records.removeAll(keepingCapacity: true)
        }

        private mutating func start(_ pass: (RecordBatch) throws -> Void) throws {
            let header = try RecipientHeader(
                head, map: options.map, remembered: remembered, file: file, numbersRows: options.numbersRows)
            try Self.requireNoUnclaimedNumbers(header, file: file)
            parser = RecipientRowParser(
                columns: header.columns, emergencyLimit: emergencyLimit, computedLists: computedLists)
            self.header = header
            preview = header.rows.prefix(options.previewRows).map(\.fields)
            head = []
            for record in header.rows { try add(record, pass) }
        }

        mutating func finish(_ bytesRead: Int, _ pass: (RecordBatch) throws -> Void) throws {
            if parser == nil { try start(pass) }
            self.bytesRead = bytesRead
            try send(pass)
        }

        /// People would lose their telephone by a column's name: at least three numbers, and more than half of its cells.
        private static func requireNoUnclaimedNumbers(_ header: RecipientHeader, file: String) throws {
            let columns = header.columns
            let suspects = columns.unrecognisedIndexes.indices.filter { index in
                let column = columns.unrecognisedIndexes[index]
                let cells = header.rows.prefix(sampleRows).compactMap { record -> String? in
                    guard column < record.fields.count else { return nil }
                    let text = record.fields[column].trimmed
                    return text.isEmpty ? nil : text
                }
                let numbers = cells.count { cell in
                    (try? PhoneNumber(cell, department: nil)).map { $0.ambiguity == nil } ?? false
                }
                return numbers >= 3 && numbers * 2 > cells.count
            }
            guard suspects.isEmpty else {
                throw RegisterImportError.unclaimedNumbers(
                    file: file, columns: suspects.map { columns.unrecognised[$0] })
            }
        }

        func tell(_ report: inout RecipientImportReport) {
            guard let header else { return }
            report.columns = header.columns.columns
            report.unrecognisedColumns = header.columns.unrecognised
            report.headerLine = header.line
            report.skippedRows = header.skippedRows
            report.isMappingRemembered = header.isRemembered
            report.preview = preview
        }

        /// What to remember: only what was said, since a guess may get better.
        var newMappings: RememberedColumns? {
            guard let header else { return nil }
            var mappings = remembered
            if !options.map.isEmpty { mappings.remember(header.mapping, forHeader: header.names) }
            return mappings == remembered && !options.forgetsMapping ? nil : mappings
        }
    }
}
