import AlertModel

extension RecipientImportReport {
    /// All that is reported, as rows of a table: kind, line, column, reason.
    package func forEachRow(_ body: ([String]) -> Void) {
        let problems = [("refused", refused), ("contact left out", leftOut), ("warning", warnings), ("duplicate", duplicates)]
        for (kind, problems) in problems {
            for problem in problems { body([kind, String(problem.line), problem.column ?? "", problem.reason]) }
        }
        for line in losingLastContact { body(["unreachable", String(line), "", "loses the last contact point"]) }
        for externalID in gone { body(["gone", "", "", externalID]) }
        for externalID in spared { body(["spared", "", "", externalID]) }
    }

    /// The head of that table.
    package static let tableHead = ["kind", "line", "column", "reason"]
}
