extension GeoJSONDecoder {
    /// The system named by an object's legacy `crs` member (GeoJSON 2008, section 3), else the inherited one.
    /// - Returns: an EPSG code; 4326 for every way to write WGS 84. Nil when nothing names a system.
    mutating func decodeCRS(
        _ members: Members, path: String, inherited: Int?
    ) throws(GeoJSONError) -> Int? {
        guard let offset = members.crs else { return inherited }
        scanner.index = offset
        let value = try scanner.parseValue(depth: 0)
        if value == .null { return inherited }
        let path = Self.join(path, "crs")
        guard let name = value["properties"]?["name"]?.string ?? value["properties"]?["code"]?.text else {
            throw failure(
                .unsupportedCRS, "the crs member names no system; remove it if the file is in WGS 84 degrees",
                path: path)
        }
        guard let code = Self.epsgCode(named: name) else {
            throw failure(
                .unsupportedCRS, "unknown coordinate reference system; export the file in WGS 84 (EPSG:4326)",
                path: path)
        }
        return code
    }

    /// Reads `urn:ogc:def:crs:OGC:1.3:CRS84`, `urn:ogc:def:crs:EPSG::2154`, `EPSG:2154`,
    /// `http://www.opengis.net/def/crs/EPSG/0/2154` and their like.
    static func epsgCode(named name: String) -> Int? {
        let parts = name.uppercased().split { ":/#.".contains($0) }
        guard let last = parts.last else { return nil }
        // Both name WGS 84; in GeoJSON longitude comes first whatever the authority says.
        if last == "CRS84" || last == "CRS84H" || last == "WGS84" { return WGS84.epsgCode }
        guard parts.count == 1 || parts.contains("EPSG"), let code = Int(last), (1...999_999).contains(code)
        else { return nil }
        return code == 4979 ? WGS84.epsgCode : code
    }
}
