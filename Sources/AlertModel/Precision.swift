/// How exactly a recipient's place is known.
package enum Precision: String, CaseIterable, Codable, Hashable, Sendable {
    /// Coordinates given by the file or placed by an operator: judged as an exact point.
    case given
    case houseNumber = "house_number"
    case street
    case locality
    /// Only the commune is known: the recipient may be anywhere within it.
    case commune
    /// Nothing usable: listed, never dropped.
    case notLocated = "not_located"
}
