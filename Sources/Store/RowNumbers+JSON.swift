import AlertModel

extension Sequence<Int64> {
    /// The numbers as a JSON array: one argument for `json_each`, however many there are.
    var json: String { "[" + map(String.init).joined(separator: ",") + "]" }
}

extension Sequence where Element: RowIdentifier {
    var json: String { map(\.rawValue).json }
}
