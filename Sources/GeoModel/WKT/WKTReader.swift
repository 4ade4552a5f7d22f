/// Reads the polygons of well-known text (OGC 06-103r4), with the `SRID=…;` that PostGIS writes before it.
///
/// POLYGON, MULTIPOLYGON and GEOMETRYCOLLECTION of them; Z and M are dropped; letter case and spaces do not matter.
struct WKTReader {
    /// Collections within collections.
    private static let greatestDepth = 16

    private let bytes: [UInt8]
    private let limits: GeoJSONLimits
    private var index = 0
    private(set) var polygons: [Polygon<ForeignCRS>] = []
    private(set) var origins: [PolygonOrigin] = []
    private(set) var epsgCode: Int?
    private var vertexCount = 0

    init(_ bytes: [UInt8], limits: GeoJSONLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    mutating func readAll() throws(GeoJSONError) {
        skipSpace()
        if word() == "SRID" {
            guard take("="), let code = Int(number() ?? ""), (1...999_999).contains(code), take(";") else {
                throw failure(.unsupportedCRS, "SRID takes the number of a system, such as SRID=2154;")
            }
            epsgCode = code == 4979 ? WGS84.epsgCode : code
        } else {
            index = 0
        }
        try readGeometry(depth: 1)
        _ = take(";")
        skipSpace()
        guard index == bytes.count else { throw failure(.invalidJSON, "there is more text after the end of the geometry") }
    }

    private mutating func readGeometry(depth: Int) throws(GeoJSONError) {
        guard depth <= Self.greatestDepth else { throw failure(.tooDeep, "collections are nested too deep") }
        var type = word()
        var dimensions: Int?
        // POLYGONZ, POLYGON Z, POLYGON ZM.
        for (suffix, count) in [("ZM", 4), ("Z", 3), ("M", 3)] where type.hasSuffix(suffix) && Self.isType(type.dropLast(suffix.count)) {
            (type, dimensions) = (String(type.dropLast(suffix.count)), count)
            break
        }
        let start = index
        let next = word()
        if let count = ["Z": 3, "M": 3, "ZM": 4][next] { dimensions = count } else { index = start }
        let content = index
        if word() == "EMPTY" { throw failure(.emptyGeometry, "the geometry is empty") }
        index = content
        switch type {
        case "POLYGON": try readPolygon(number: 1, dimensions)
        case "MULTIPOLYGON":
            try readList { (reader, position) throws(GeoJSONError) in
                try reader.readPolygon(number: position + 1, dimensions)
            }
        case "GEOMETRYCOLLECTION":
            try readList { (reader, _) throws(GeoJSONError) in try reader.readGeometry(depth: depth + 1) }
        case "POINT", "MULTIPOINT", "LINESTRING", "MULTILINESTRING":
            throw failure(.notAnArea, "a \(type) has no inside; give polygons only, or draw a circle around a point")
        default:
            throw failure(.unknownType, "this is no POLYGON, MULTIPOLYGON or GEOMETRYCOLLECTION in well-known text")
        }
    }

    private static func isType(_ word: Substring) -> Bool {
        ["POLYGON", "MULTIPOLYGON", "GEOMETRYCOLLECTION"].contains(word)
    }

    private mutating func readPolygon(number: Int, _ dimensions: Int?) throws(GeoJSONError) {
        var rings: [Ring<ForeignCRS>] = []
        let polygon = polygons.count + 1
        try readList { (reader, position) throws(GeoJSONError) in
            let place = GeoJSONError.Place(polygon: polygon, ring: position + 1)
            rings.append(try reader.readRing(place, dimensions))
        }
        polygons.append(Polygon(exterior: rings[0], holes: Array(rings.dropFirst())))
        origins.append(PolygonOrigin(feature: nil, polygon: polygon, path: ""))
    }

    private mutating func readRing(_ place: GeoJSONError.Place, _ dimensions: Int?) throws(GeoJSONError) -> Ring<ForeignCRS> {
        var positions: [Position<ForeignCRS>] = []
        try readList { (reader, vertex) throws(GeoJSONError) in
            var place = place
            place.vertex = vertex + 1
            positions.append(try reader.readPosition(place, dimensions))
        }
        vertexCount += positions.count
        guard vertexCount <= limits.maxVertices else {
            throw failure(.tooManyVertices, "there are more than \(limits.maxVertices) vertices; simplify the geometry", place)
        }
        try GeoJSONDecoder.checkRing(positions, path: "", place: place)
        return Ring(positions)
    }

    private mutating func readPosition(_ place: GeoJSONError.Place, _ dimensions: Int?) throws(GeoJSONError) -> Position<ForeignCRS> {
        var numbers: [Double] = []
        skipSpace()
        while let text = number() {
            guard let value = Double(text), value.isFinite else {
                throw failure(.badPosition, "a coordinate is not a finite number", place)
            }
            numbers.append(value)
            skipSpace()
        }
        guard dimensions.map({ $0 == numbers.count }) ?? (2...4).contains(numbers.count) else {
            throw failure(.badPosition, "a position must be two numbers, longitude before latitude; altitude may follow", place)
        }
        return Position(east: numbers[0], north: numbers[1])
    }

    // MARK: Text

    private mutating func readList(
        _ body: (inout WKTReader, Int) throws(GeoJSONError) -> Void
    ) throws(GeoJSONError) {
        guard take("(") else { throw failure(.invalidJSON, "an opening parenthesis is due") }
        var position = 0
        repeat {
            try body(&self, position)
            position += 1
        } while take(",")
        guard take(")") else { throw failure(.truncated, "a closing parenthesis is due; is the text cut short?") }
    }

    private mutating func take(_ sign: Character) -> Bool {
        skipSpace()
        guard index < bytes.count, bytes[index] == sign.asciiValue else { return false }
        index += 1
        return true
    }

    private mutating func skipSpace() {
        while index < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[index]) { index += 1 }
    }

    private mutating func word() -> String {
        skipSpace()
        let start = index
        while index < bytes.count, (bytes[index] | 0x20) >= 0x61, (bytes[index] | 0x20) <= 0x7A { index += 1 }
        return String(decoding: bytes[start..<index], as: UTF8.self).uppercased()
    }

    private mutating func number() -> String? {
        let start = index
        while index < bytes.count, (0x30...0x39).contains(bytes[index]) || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains(bytes[index]) {
            index += 1
        }
        return start == index ? nil : String(decoding: bytes[start..<index], as: UTF8.self)
    }

    private func failure(
        _ code: GeoJSONError.Code, _ reason: String, _ place: GeoJSONError.Place = .init()
    ) -> GeoJSONError {
        let before = bytes[..<min(index, bytes.count)]
        let lineStart = (before.lastIndex(of: 0x0A) ?? -1) + 1
        return GeoJSONError(
            code, reason: reason, place: place, line: before.count { $0 == 0x0A } + 1, column: index - lineStart + 1)
    }
}

/// Well-known text, as databases and GIS programs copy geometries.
package enum WKT {
    /// Whether a text begins like one that `decodePerimeter` reads.
    package static func isLikely(_ start: some Collection<UInt8>) -> Bool {
        let text = String(decoding: start.prefix(200), as: UTF8.self).drop { $0.isWhitespace }.uppercased()
        return ["SRID", "POLYGON", "MULTIPOLYGON", "GEOMETRYCOLLECTION", "POINT", "MULTIPOINT", "LINESTRING",
            "MULTILINESTRING", "CURVEPOLYGON", "MULTISURFACE", "TRIANGLE", "TIN", "POLYHEDRALSURFACE",
        ].contains { text.hasPrefix($0) }
    }

    /// Reads every polygon as one area.
    ///
    /// - CRS: WGS 84, longitude first, unless `SRID` names another or `recognising` does.
    /// - Throws: the first fault, with polygon, ring and vertex; as `GeoJSON.decodePerimeter`.
    package static func decodePerimeter(
        _ bytes: [UInt8], limits: GeoJSONLimits = .default, recognising: (Area<ForeignCRS>) -> Int? = { _ in nil }
    ) throws(GeoJSONError) -> DecodedPerimeter {
        guard bytes.count <= limits.maxBytes else {
            throw GeoJSONError(
                .tooLarge, reason: "the text has \(bytes.count) bytes, the limit is \(limits.maxBytes); simplify it")
        }
        var reader = WKTReader(bytes, limits: limits)
        try reader.readAll()
        return try DecodedPerimeter(
            name: nil, polygons: reader.polygons, epsgCode: reader.epsgCode, origins: reader.origins,
            recognising: recognising)
    }
}
