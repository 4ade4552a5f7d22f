/// Bounds on what a stranger's GeoJSON may cost.
package struct GeoJSONLimits: Hashable, Sendable {
    /// Bytes of the document, or of one feature of a stream.
    package var maxBytes: Int
    /// Vertices in all, or in one feature of a stream. They cost 16 bytes each, several times over in GEOS.
    package var maxVertices: Int
    /// Nesting of objects and arrays: a nested collection of multipolygons in features needs 12.
    package var maxDepth: Int

    package init(maxBytes: Int, maxVertices: Int, maxDepth: Int = 40) {
        self.maxBytes = maxBytes
        self.maxVertices = maxVertices
        self.maxDepth = maxDepth
    }

    /// A perimeter: 64 MiB and a million vertices, fifty times the largest flood-risk plan seen.
    package static let `default` = GeoJSONLimits(maxBytes: 64 << 20, maxVertices: 1_000_000)

    /// One feature of a stream: the most detailed commune has fewer than 100,000 vertices.
    package static let feature = GeoJSONLimits(maxBytes: 32 << 20, maxVertices: 500_000)
}
