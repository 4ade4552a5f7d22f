import GeoModel

/// Something about the boundaries of an import that whoever answers for the territory should know.
package struct CommuneFinding: Sendable, Equatable {
    /// The raw value is what `--report` writes.
    package enum Kind: String, Sendable, CaseIterable {
        /// The boundary was not valid and has been repaired, outward.
        case repaired
        /// The commune came without a boundary.
        case withoutBoundary = "no_boundary"
        /// Ground that lies in several communes.
        case overlap
        /// Ground between communes that lies in none: a sliver, an enclave, or a commune that is missing.
        case gap
    }

    package let kind: Kind
    /// The commune, or those that meet there, by code.
    package let communes: [CommuneCode]
    /// The number of the feature in its file, from 1.
    package var feature: Int?
    /// Polygon, ring and vertex of a fault in the feature, from 1.
    package var polygon: Int?
    package var ring: Int?
    package var vertex: Int?
    package var position: Position<WGS84>?
    /// Of an overlap or a gap, its surface; of a repair, how much larger the commune has become.
    package var squareMetres: Double?
    /// In words.
    package var detail: String
}
