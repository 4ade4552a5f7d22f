import Foundation
import GRDB
import GeoModel
import Targeting

/// An intercommunalité (EPCI à fiscalité propre) with its communes of today.
package struct Intercommunality: Sendable, Hashable {
    /// Nine digits.
    package let siren: String
    package let name: String
    /// Sorted.
    package let communes: [CommuneCode]
    /// Around the boundaries that are loaded; nil when none is.
    package let bounds: BoundingBox<WGS84>?
}

extension AlertDatabase {
    /// Intercommunalités whose name has every word of the text, or whose number starts with it; those whose name starts with
    /// the text first, then by name. Words are compared without accents and case, from their beginning.
    ///
    /// - Parameter scope: the registers by which members that no territory holds are known.
    package func intercommunalities(matching text: String, limit: Int, scope: RegisterScope) throws -> [Intercommunality] {
        let wanted = FoldedName(text).text
        guard !wanted.isEmpty else { return [] }
        return try pool.read { database in
            let known = try Row.fetchAll(
                database,
                sql: """
                    SELECT siren, MAX(name) FROM (
                        SELECT ifnull(current_communes.epci, f.epci) AS siren,
                            ifnull(current_communes.epci_name, f.epci_name) AS name
                        FROM current_communes LEFT JOIN commune_figures AS f USING (code))
                    WHERE siren IS NOT NULL GROUP BY siren ORDER BY siren
                    """
            ).map { (siren: $0[0] as String, name: $0[1] as String? ?? "") }
            let found = known.map { (siren: $0.siren, name: $0.name, folded: FoldedName($0.name).text) }
                .filter { $0.siren.hasPrefix(wanted) || Self.hasWords(wanted, in: $0.folded) }
                .sorted { left, right in
                    let ranks = (left.folded.hasPrefix(wanted) ? 0 : 1, right.folded.hasPrefix(wanted) ? 0 : 1)
                    return (ranks.0, left.folded, left.siren) < (ranks.1, right.folded, right.siren)
                }
            return try found.prefix(limit).map { try database.intercommunality($0.siren, named: $0.name, scope: scope) }
        }
    }

    private static func hasWords(_ wanted: String, in name: String) -> Bool {
        let words = name.split(separator: " ")
        return wanted.split(separator: " ").allSatisfy { part in words.contains { $0.hasPrefix(part) } }
    }
}

extension Database {
    fileprivate func intercommunality(
        _ siren: String, named name: String, scope: RegisterScope
    ) throws -> Intercommunality {
        let communes = try communes(ofEPCI: siren, scope: scope)
        return Intercommunality(
            siren: siren, name: name, communes: communes.map(\.code).sorted(),
            bounds: Area(communes.flatMap(\.grounds).flatMap(\.area.polygons)).boundingBox)
    }
}
