/// Why an import is not written, or not taken back. Nothing has been changed then.
package enum RegisterError: Error, Equatable, CustomStringConvertible {
    /// No space for the temporary file, or it was damaged.
    case noRoom
    /// Somebody else changed the register between the reading of the file and the writing.
    case changedMeanwhile
    case noImport
    case unknownImport(id: Int64)
    case alreadyUndone(id: Int64)
    /// The images that an undoing needs are no longer kept.
    case tooOld(id: Int64, kept: Int)
    /// Recipients that something later has touched.
    case touchedSince(id: Int64, externalIDs: [String], count: Int)

    package var description: String {
        switch self {
        case .noRoom: "the import's temporary file beside the database can't be written or read: is the disk full?"
        case .changedMeanwhile:
            "the register was changed by somebody else while the file was read: nothing was written; import it again"
        case .noImport: "no import of this organisation can be undone"
        case .unknownImport(let id): "this organisation has no import \(id)"
        case .alreadyUndone(let id): "import \(id) is already undone"
        case .tooOld(let id, let kept):
            "import \(id) can no longer be undone: what was before is kept for the newest \(kept) imports"
        case .touchedSince(let id, let externalIDs, let count):
            "import \(id) can't be undone: \(count) of its recipients were changed since, among them "
                + externalIDs.joined(separator: ", ")
                + "; undo later imports first, or correct these recipients by a new import"
        }
    }
}
