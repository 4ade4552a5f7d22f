import Foundation

/// The name of the source that a file belongs to when nobody says: its stem without dates and numbers, so that
/// `habitants-2026-03.csv` is the next of `habitants-2026-02.csv`.
enum SourceName {
    static func of(file name: String) -> String {
        var stem = Substring(name)
        for suffix in [".gz", ".csv", ".tsv", ".txt", ".xlsx", ".xls", ".ods"] where stem.lowercased().hasSuffix(suffix) {
            stem = stem.dropLast(suffix.count)
        }
        let words = stem.split { !$0.isLetter && !$0.isNumber }.compactMap { word -> Substring? in
            let letters = word.prefix { $0.isLetter }
            // “v” of v2, “copie” and “final” are as good as numbers.
            let isNumbering = ["", "v", "copie", "copy", "final", "def"].contains(letters.lowercased())
            return isNumbering ? nil : letters
        }
        let joined = words.joined(separator: "-").lowercased()
        return joined.isEmpty ? String(stem) : joined
    }
}
