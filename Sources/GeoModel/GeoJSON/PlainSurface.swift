/// Reads the geometries that programs write, in one pass over their text: a Polygon or MultiPolygon in degrees, of
/// nothing but its type and its coordinates.
///
/// Whatever else a text may hold is left to `GeoJSON.decodePerimeter`, and every fault with it: what is read here is what
/// that would read, with no warning.
enum PlainSurface {
    /// Objects and arrays around the numbers of a MultiPolygon.
    static let depth = 5

    /// - Parameter start: where the object begins.
    /// - Returns: nil for what is not plain, or faulty; with the place behind the object.
    static func read(_ bytes: [UInt8], from start: Int) -> (area: Area<WGS84>, end: Int)? {
        bytes.withUnsafeBufferPointer { buffer in
            DecimalRounding.withPowersOfTen { powers in
                guard let base = buffer.baseAddress else { return nil }
                var reader = Reader(bytes: base, count: buffer.count, index: start, powersOfTen: powers)
                guard let area = reader.surface() else { return nil }
                return (area, reader.index)
            }
        }
    }

    private struct Reader {
        let bytes: UnsafePointer<UInt8>
        let count: Int
        var index: Int
        private let powersOfTen: PowersOfTen
        /// The territory that the first position was in; all must be in it.
        private var territory: BoundingBox<WGS84>?
        /// Room for one ring, used again for the next; made for the first.
        private var room: PlainRoom?
        private var vertexCount = 0

        init(bytes: UnsafePointer<UInt8>, count: Int, index: Int, powersOfTen: PowersOfTen) {
            self.powersOfTen = powersOfTen
            self.bytes = bytes
            self.count = count
            self.index = index
        }

        // MARK: Structure

        mutating func surface() -> Area<WGS84>? {
            guard take("{") else { return nil }
            // In either order: by the second member both are known.
            if takeKey("type") {
                guard let isMulti = type(), take(","), takeKey("coordinates"), let area = coordinates(isMulti), take("}")
                else { return nil }
                return area
            }
            guard takeKey("coordinates") else { return nil }
            let start = index
            guard let isMulti = typeBehindCoordinates() else { return nil }
            let end = index
            index = start
            guard let area = coordinates(isMulti), take(","), takeKey("type"), type() != nil, take("}"), index == end else {
                return nil
            }
            return area
        }

        /// Looks ahead for `,"type":"…"}` behind the arrays, which only their brackets are looked at.
        private mutating func typeBehindCoordinates() -> Bool? {
            var depth = 0
            skipSpace()
            repeat {
                guard index < count else { return nil }
                switch bytes[index] {
                case UInt8(ascii: "["): depth += 1
                case UInt8(ascii: "]"): depth -= 1
                case UInt8(ascii: "\""), UInt8(ascii: "{"): return nil
                default: break
                }
                index += 1
            } while depth > 0
            guard take(","), takeKey("type"), let isMulti = type(), take("}") else { return nil }
            return isMulti
        }

        private mutating func type() -> Bool? {
            if takeWord("Polygon") { return false }
            return takeWord("MultiPolygon") ? true : nil
        }

        private mutating func coordinates(_ isMulti: Bool) -> Area<WGS84>? {
            guard isMulti else { return polygon().map { Area([$0]) } }
            guard take("[") else { return nil }
            var polygons: [Polygon<WGS84>] = []
            repeat {
                guard let polygon = polygon() else { return nil }
                polygons.append(polygon)
            } while take(",")
            return take("]") ? Area(polygons) : nil
        }

        private mutating func polygon() -> Polygon<WGS84>? {
            guard take("["), let exterior = ring() else { return nil }
            var holes: [Ring<WGS84>] = []
            while take(",") {
                guard let hole = ring() else { return nil }
                holes.append(hole)
            }
            return take("]") ? Polygon(exterior: exterior, holes: holes) : nil
        }

        private mutating func ring() -> Ring<WGS84>? {
            guard take("["), let territory = territory ?? territoryOfNextPosition() else { return nil }
            self.territory = territory
            let room = room ?? PlainRoom(textLength: count - index)
            self.room = room
            guard let read = room.read(from: bytes + index, to: bytes + count, in: territory, powersOfTen) else { return nil }
            index = read.end - bytes
            let ring = read.positions, found = ring.count
            vertexCount += found
            guard take("]"), vertexCount <= GeoJSONLimits.default.maxVertices, found >= 4, ring[0] == ring[found - 1],
                  let second = ring.first(where: { $0 != ring[0] }), ring.contains(where: { $0 != ring[0] && $0 != second })
            else { return nil }
            return Ring(ring)
        }

        private func territoryOfNextPosition() -> BoundingBox<WGS84>? {
            var tokens = PlainTokens(at: bytes + index, end: bytes + count, powersOfTen: powersOfTen)
            return tokens.position().flatMap { FrenchTerritories.box(holding: $0, hint: 0) }
                .map { FrenchTerritories.boxes[$0] }
        }

        // MARK: Tokens

        @inline(__always)
        private mutating func skipSpace() {
            while index < count, bytes[index] <= 0x20 {
                guard bytes[index] == 0x20 || bytes[index] == 0x0A || bytes[index] == 0x0D || bytes[index] == 0x09 else { return }
                index += 1
            }
        }

        @inline(__always)
        private mutating func take(_ character: Unicode.Scalar) -> Bool {
            skipSpace()
            guard index < count, bytes[index] == UInt8(truncatingIfNeeded: character.value) else { return false }
            index += 1
            return true
        }

        private mutating func takeKey(_ key: StaticString) -> Bool {
            let start = index
            if takeWord(key), take(":") { return true }
            index = start
            return false
        }

        /// A word in quotes.
        private mutating func takeWord(_ word: StaticString) -> Bool {
            skipSpace()
            let length = word.utf8CodeUnitCount
            guard index + length + 2 <= count, bytes[index] == UInt8(ascii: "\""),
                  bytes[index + length + 1] == UInt8(ascii: "\"")
            else { return false }
            for offset in 0..<length where bytes[index + 1 + offset] != word.utf8Start[offset] { return false }
            index += length + 2
            return true
        }
    }
}
