import AlertModel
import Store

/// Keeps count of an import as its batches come back, in the order of the file, and decides what is to be written.
struct ImportTally {
    var report = RecipientImportReport()
    private(set) var changes: RegisterChanges
    private(set) var refusedWithoutIdentifier = 0
    /// Recipients that the source named last, before this file.
    private(set) var sourceCount = 0
    private let choice: DuplicateChoice
    private var lines = IdentifierLines()
    private var duplicates = DuplicateFinder()
    private var seen = RecipientSet()
    private var idColumn = RecipientField.id.rawValue
    /// Lines that repeat an identifier, which are merged.
    private var repeated: Set<Int> = []

    /// Identifiers and lines listed; beyond, there is only their number.
    private static let listLimit = 100_000

    init(source: String, database: AlertDatabase, duplicates: DuplicateChoice) throws {
        report.source = source
        changes = RegisterChanges(
            spool: try database.makeRegisterSpool(), source: source, placedBy: try database.placesVersion())
        choice = duplicates
    }

    mutating func add(_ batch: ReadBatch) throws {
        idColumn = batch.idColumn
        report.rows += batch.recordCount
        report.add(refused: batch.refused)
        report.add(leftOut: batch.leftOut)
        report.add(warnings: batch.warnings)
        batch.refusedRecipients.forEach { seen.insert($0) }
        refusedWithoutIdentifier += batch.refusedWithoutIdentifier
        for row in batch.rows { try add(row, batch.operations) }
    }

    private mutating func add(_ row: ReadBatch.Row, _ operations: [UInt8]) throws {
        if let first = lines.insert(row.identifier, line: Int32(clamping: max(1, row.line))) {
            guard choice == .merge else {
                return report.add(refused: [RowProblem(
                    line: row.line, column: idColumn, reason: "the same identifier as line \(first)")])
            }
            repeated.insert(row.line)
            report.counts.merged += 1
            report.duplicatePersons += 1
            report.add(duplicate: RowProblem(
                line: row.line, column: idColumn, reason: "the same identifier as line \(first): merged",
                kind: "the same identifier as an earlier line: merged"))
            if let operation = row.operation { try changes.spool.append(operations[operation]) }
            return
        }
        let comparison = row.comparison
        report.counts.count(comparison.change)
        report.precisions[row.precision, default: 0] += 1
        for field in comparison.fields { report.changedFields[field, default: 0] += 1 }
        if comparison.isFromAnotherSource { report.fromAnotherSource += 1 }
        if comparison.losesLastContact {
            report.losingLastContactCount += 1
            if report.losingLastContact.count < Self.listLimit { report.losingLastContact.append(row.line) }
        }
        if !row.isReachable, comparison.known == nil { report.unreachable += 1 }
        if let system = row.system { report.converted[system, default: 0] += 1 }
        if let known = comparison.known { seen.insert(known) }
        if let keys = row.keys, !comparison.isAlias {
            duplicates.add(line: row.line, known: comparison.known, keys: keys)
        }
        if comparison.change == .added { changes.additions += 1 }
        if let operation = row.operation {
            try changes.spool.append(operations[operation])
        } else {
            changes.unchanged += 1
        }
    }

    // MARK: Once all is read

    mutating func finish(register: RegisterSnapshot) throws {
        // Not needed any more, and 50 MB for a million rows.
        lines = IdentifierLines()
        let findings = choice == .keep ? [] : try duplicates.findings(in: register, seen: seen)
        // What is merged is found again by its identifier, which is in the spool or in the register.
        var targets: [Int: DuplicateFinder.Finding.Original] = [:]
        for finding in findings {
            tell(finding)
            guard finding.isSamePerson, finding.isAdded else { continue }
            // Somebody whom a row repeats is in the file, by whatever identifier: what becomes of the row must not go with them.
            if case .registered(let recipient) = finding.original, choice == .merge || choice == .refuse { seen.insert(recipient) }
            switch choice {
            case .merge: targets[finding.line] = finding.original
            case .refuse: changes.leftOut.insert(finding.line)
            case .report, .keep: break
            }
        }
        try findGone(in: register)
        report.counts.added -= changes.leftOut.count
        if !targets.isEmpty || !repeated.isEmpty { try merge(targets, register) }
        if choice == .merge {
            let merged = findings.count { $0.isSamePerson && $0.isAdded }
            report.counts.added -= merged
            report.counts.merged += merged
        }
    }

    private mutating func findGone(in register: RegisterSnapshot) throws {
        var spared: [RecipientID] = []
        try register.forEachRecipient(ofSource: report.source) { recipient, isOthersToo in
            sourceCount += 1
            guard !seen.contains(recipient) else { return }
            if isOthersToo { spared.append(recipient) } else { changes.removed.append(recipient) }
        }
        report.sparedCount = spared.count
        for recipient in spared.prefix(Self.listLimit) {
            if let externalID = try register.externalID(of: recipient) { report.spared.append(externalID) }
        }
        report.goneCount = changes.removed.count
        for recipient in changes.removed.prefix(Self.listLimit) {
            if let externalID = try register.externalID(of: recipient) { report.gone.append(externalID) }
        }
    }

    private mutating func tell(_ finding: DuplicateFinder.Finding) {
        let original = switch finding.original {
        case .line(let line): "line \(line)"
        case .registered: "a recipient of the register"
        }
        let isTaken = finding.isSamePerson && finding.isAdded
        if finding.isSamePerson {
            report.duplicatePersons += 1
        } else {
            report.sharedContacts += 1
        }
        let fate = switch choice {
        case .merge where isTaken: ": merged"
        case .refuse where isTaken: ": refused"
        default: ": kept"
        }
        let problem = RowProblem(
            line: finding.line, column: nil,
            reason: finding.isSamePerson
                ? "the same person as \(original), by name and contact or address" + fate
                : "the same number or mailbox as \(original), under another name (one household?): kept",
            kind: finding.isSamePerson
                ? "the same person as another, by name and contact or address" + fate
                : "the same number or mailbox as another, under another name (one household?): kept")
        if choice == .refuse, isTaken {
            report.add(refused: [problem])
        } else {
            report.add(duplicate: problem)
        }
    }

    /// Resolves what each merged line becomes part of: the first of its chain, by identifier.
    private mutating func merge(
        _ targets: [Int: DuplicateFinder.Finding.Original], _ register: RegisterSnapshot
    ) throws {
        var roots: [Int: DuplicateFinder.Finding.Original] = [:]
        for (line, original) in targets {
            var root = original
            // A line only ever points to an earlier one.
            while case .line(let earlier) = root, let next = targets[earlier] { root = next }
            roots[line] = root
        }
        var needed: [Int: String] = [:]
        for case .line(let line) in roots.values { needed[line] = "" }
        let (spool, repeated) = (changes.spool, repeated)
        var merged: [Int: String] = [:]
        try spool.forEach { operation in
            let isRepeated = repeated.contains(operation.line)
            guard isRepeated || needed[operation.line] != nil else { return }
            let externalID = try operation.decoded().recipient.externalID
            if isRepeated { merged[operation.line] = externalID }
            if needed[operation.line] != nil { needed[operation.line] = externalID }
        }
        for (line, root) in roots {
            switch root {
            case .line(let first): if let id = needed[first], !id.isEmpty { merged[line] = id }
            case .registered(let recipient): merged[line] = try register.externalID(of: recipient)
            }
        }
        changes.merged = merged
    }
}
