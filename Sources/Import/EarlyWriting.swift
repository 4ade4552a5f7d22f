import AlertModel
import Store

/// Has an import's rows written while the file is still being read, where that can do no harm.
///
/// An import shows what it would change before it changes anything, and writes only what is to stay: both are kept, since
/// nothing is committed before all of the file is read. But the write lock is held meanwhile. So it is done for the
/// first import of an organisation only, whose rows there is nothing to compare with; once many rows have been read
/// and found good; and as long as the file itself says where its people are: then reading takes no longer than
/// writing. A geocoder takes longer.
struct EarlyWriting {
    private let database: AlertDatabase
    private let actor: String
    private let options: RecipientImport.Options
    private let bulkAdditions: Int
    private var writing: RegisterWritingAhead?
    private var isPossible: Bool

    /// The part of the rows that the geocoder may have to place.
    private static let greatestGeocodedShare = 0.1

    /// - Parameter bulkAdditions: rows to be read and found good before any is written.
    init(_ database: AlertDatabase, options: RecipientImport.Options, actor: String, bulkAdditions: Int) throws {
        self.database = database
        self.options = options
        self.actor = actor
        self.bulkAdditions = bulkAdditions
        // What is merged or refused as a duplicate is known at the end alone.
        isPossible = try !options.dryRun && (options.duplicates == .report || options.duplicates == .keep)
            && database.readRegister(ofOrganisationNamed: options.organisation) { $0.isEmpty }
    }

    /// Starts the writing, or gives it up, by what has been read so far.
    mutating func consider(_ tally: ImportTally) throws {
        guard isPossible else { return }
        guard tally.report.refused.isEmpty || options.skipInvalid,
              Double(tally.report.precisions[.given] ?? 0)
                  >= Double(tally.report.counts.added) * (1 - Self.greatestGeocodedShare)
        else { return giveUp() }
        guard writing == nil, tally.changes.additions >= bulkAdditions else { return }
        guard try database.isBulk(tally.changes.additions, from: bulkAdditions) else { return isPossible = false }
        writing = RegisterWritingAhead(
            tally.changes, in: database, organisationNamed: options.organisation, actor: actor)
    }

    /// Says that the file has been read.
    func endRows() throws { try writing?.endRows() }

    /// Commits what was written.
    ///
    /// - Returns: nil when nothing was: it is to be written now.
    mutating func commit(_ changes: RegisterChanges, from file: ImportedFile) throws -> RegisterImportResult? {
        defer { writing = nil }
        return try writing?.commit(changes, from: file)
    }

    /// Takes back what was written, if anything; nothing more is written early. The lock is free then.
    mutating func giveUp() {
        isPossible = false
        writing?.giveUp()
        writing = nil
    }
}
