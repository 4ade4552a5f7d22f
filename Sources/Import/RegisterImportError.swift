/// Why an import of recipients stops before anything is written.
package enum RegisterImportError: Error, Equatable, CustomStringConvertible {
    /// More of the source would be removed than a newer file usually drops.
    case tooManyGone(source: String, gone: Int, of: Int)
    /// Rows whose identifier cannot be read: whether their people are gone is not known.
    case goneUnknown(rows: Int)
    /// A column that nobody asked for and that is full of telephone numbers.
    case unclaimedNumbers(file: String, columns: [String])

    package var description: String {
        switch self {
        case .tooManyGone(let source, let gone, let all):
            "\(gone) of the \(all) recipients of “\(source)” are not in this file: nothing was written; "
                + "is it the whole file? Say --yes if they are to be removed"
        case .goneUnknown(let rows):
            "--remove-gone: \(rows) rows are refused without a readable identifier, so that nobody knows who is gone: "
                + "correct them first"
        case .unclaimedNumbers(let file, let columns):
            "\(file): what look like telephone numbers stand in a column that was not recognised: "
                + columns.map { "“\($0)”" }.joined(separator: ", ")
                + "; say what it is: --map \(columns.first ?? "COLUMN")=phone, or =ignore"
        }
    }
}
