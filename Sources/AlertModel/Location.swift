import GeoModel

/// Where a recipient is, as a disc: never more exact than what is known.
package struct Location: Hashable, Sendable {
    package let position: Position<WGS84>
    /// Radius of the disc around `position`, in metres; 0 for coordinates given or placed by hand.
    package let uncertaintyMetres: Double
    package let precision: Precision
    /// The geocoder's confidence from 0 to 1; 1 for given coordinates.
    package let score: Double

    package init(position: Position<WGS84>, uncertaintyMetres: Double, precision: Precision, score: Double) {
        self.position = position
        self.uncertaintyMetres = uncertaintyMetres
        self.precision = precision
        self.score = score
    }
}
