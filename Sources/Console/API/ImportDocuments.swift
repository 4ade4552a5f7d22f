import Foundation

/// An uploaded file of recipients, before anything of it is judged.
package struct ImportSheet: Encodable, Hashable, Sendable {
    package struct Column: Codable, Hashable, Sendable {
        package let name: String
        /// What it is taken to hold; nil when it is left aside.
        package let field: String?

        package init(name: String, field: String?) {
            self.name = name
            self.field = field
        }
    }

    package let id: Int64
    package let fileName: String
    package let columns: [Column]
    /// Cells of the first rows.
    package let rows: [[String]]
    package let skippedRows: Int
    package let isRemembered: Bool
    /// What a column may hold.
    package let fields: [String]

    package init(
        id: Int64, fileName: String, columns: [Column], rows: [[String]], skippedRows: Int, isRemembered: Bool, fields: [String]
    ) {
        self.id = id
        self.fileName = fileName
        self.columns = columns
        self.rows = rows
        self.skippedRows = skippedRows
        self.isRemembered = isRemembered
        self.fields = fields
    }
}

/// How far an upload is.
package struct ImportState: Encodable, Hashable, Sendable {
    package enum Step: String, Codable, Hashable, Sendable {
        case received, checking, checked, applying, applied, failed
    }

    package let id: Int64
    package let step: Step
    package let rows: Int
    /// Of the file's bytes.
    package let percent: Int
    package let report: ImportReportDocument?
    /// Why the file as a whole was not taken, in English.
    package let problem: String?
    /// The list that a zone names the people by, once they are taken in as an audience of once.
    package let list: String?

    package init(id: Int64, step: Step, rows: Int, percent: Int, report: ImportReportDocument?, problem: String?, list: String? = nil) {
        self.list = list
        self.id = id
        self.step = step
        self.rows = rows
        self.percent = percent
        self.report = report
        self.problem = problem
    }
}

/// What an import does, or did.
package struct ImportReportDocument: Encodable, Hashable, Sendable {
    package struct Problem: Codable, Hashable, Sendable {
        /// `refused`, `contact left out`, `warning`, `duplicate`.
        package let kind: String
        package let line: Int
        package let column: String?
        package let reason: String

        package init(kind: String, line: Int, column: String?, reason: String) {
            self.kind = kind
            self.line = line
            self.column = column
            self.reason = reason
        }
    }

    package var source = ""
    package var rows = 0
    package var added = 0
    package var updated = 0
    package var unchanged = 0
    package var removed = 0
    package var merged = 0
    package var refused = 0
    package var gone = 0
    /// Gone from the file as well, and kept: another source, or somebody by hand, has a part in them.
    package var spared = 0
    package var unreachable = 0
    package var losingLastContact = 0
    package var duplicatePersons = 0
    package var sharedContacts = 0
    /// People by how exactly their place is known.
    package var precisions: [String: Int] = [:]
    package var unrecognised: [String] = []
    /// The first of them.
    package var problems: [Problem] = []
    package var problemCount = 0
    /// By which it can be undone.
    package var importID: Int64?

    package init() {}
}

/// One import of before.
package struct ImportRecord: Codable, Hashable, Sendable {
    package let id: Int64
    package let source: String
    package let at: Date
    package let actor: String
    package let added: Int
    package let updated: Int
    package let removed: Int
    package let isUndone: Bool
    package let canBeUndone: Bool

    package init(
        id: Int64, source: String, at: Date, actor: String, added: Int, updated: Int, removed: Int, isUndone: Bool,
        canBeUndone: Bool
    ) {
        self.id = id
        self.source = source
        self.at = at
        self.actor = actor
        self.added = added
        self.updated = updated
        self.removed = removed
        self.isUndone = isUndone
        self.canBeUndone = canBeUndone
    }
}

/// How a file is to be taken.
package struct ImportWish: Hashable, Sendable {
    /// Column → field, where somebody corrected what was proposed.
    package var map: [String: String] = [:]
    package var skipsInvalid = false
    package var removesGone = false
    /// Removes them however many they are.
    package var isSure = false
    /// `report`, `merge`, `refuse` or `keep`.
    package var duplicates = "report"
    /// As people who are written to once, beside the register: they are the audience of a campaign, and nothing more.
    package var isOneOff = false

    package init() {}
}
