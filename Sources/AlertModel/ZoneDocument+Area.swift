import GeoModel

extension ZoneDocument {
    /// Reads a geometry member as an area.
    /// - CRS: WGS 84, longitude first.
    /// - Parameters:
    ///   - node: read with `keepingTextOf: textKeys`.
    ///   - path: where the geometry is; errors say so, down to the vertex.
    package static func area(
        _ node: JSONNode, path: String, maxVertices: Int
    ) throws(ZoneDocumentError) -> Area<WGS84> {
        if case .area(let area) = node {
            guard area.vertexCount <= maxVertices else {
                throw ZoneDocumentError(geometry: .tooManyVertices(limit: maxVertices), path: path)
            }
            return area
        }
        guard case .text(let bytes) = node else {
            throw ZoneDocumentError(.invalidZone, path: path, reason: "a GeoJSON geometry is due")
        }
        let perimeter: DecodedPerimeter
        do {
            perimeter = try GeoJSON.decodePerimeter(
                bytes, limits: GeoJSONLimits(maxBytes: bytes.count, maxVertices: maxVertices))
        } catch {
            throw ZoneDocumentError(geometry: error, path: path)
        }
        guard case .wgs84(let area) = perimeter.surface else {
            let error = GeoJSONError(.unsupportedCRS, reason: "only WGS 84 is accepted here; upload the file instead")
            throw ZoneDocumentError(geometry: error, path: path)
        }
        return area
    }
}
