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
            DecimalRounding.powersOfTen.withUnsafeBufferPointer { powers in
                guard let base = buffer.baseAddress, let powers = powers.baseAddress else { return nil }
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
        /// Of `DecimalRounding`.
        private let powersOfTen: UnsafePointer<Double>
        /// The territory that the last position was in; all must be in one.
        private var territory: BoundingBox<WGS84>?
        private var positions: [Position<WGS84>] = []
        private var vertexCount = 0

        init(bytes: UnsafePointer<UInt8>, count: Int, index: Int, powersOfTen: UnsafePointer<Double>) {
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
            guard take("[") else { return nil }
            positions.removeAll(keepingCapacity: true)
            repeat {
                guard let position = position() else { return nil }
                positions.append(position)
            } while take(",")
            vertexCount += positions.count
            guard take("]"), vertexCount <= GeoJSONLimits.default.maxVertices, positions.count >= 4,
                  let first = positions.first, first == positions[positions.count - 1],
                  let second = positions.first(where: { $0 != first }),
                  positions.contains(where: { $0 != first && $0 != second })
            else { return nil }
            // A copy of its own size: the buffer is used again for the next ring.
            return Ring(positions.withUnsafeBufferPointer { Array($0) })
        }

        private mutating func position() -> Position<WGS84>? {
            guard take("["), let east = number(), take(","), let north = number(), take("]") else { return nil }
            let position = Position<WGS84>(longitude: east, latitude: north)
            if let territory {
                guard territory.contains(position) else { return nil }
            } else {
                guard let box = FrenchTerritories.box(holding: position, hint: 0) else { return nil }
                territory = FrenchTerritories.boxes[box]
            }
            return position
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

        // MARK: Numbers

        /// A number without an exponent, of 19 digits at most.
        @inline(__always)
        private mutating func number() -> Double? {
            skipSpace()
            guard index < count else { return nil }
            let isNegative = bytes[index] == UInt8(ascii: "-")
            if isNegative { index += 1 }
            let start = index
            var mantissa: UInt64 = 0
            let whole = digits(&mantissa)
            guard whole >= 1, whole <= 19, whole == 1 || bytes[start] != UInt8(ascii: "0") else { return nil }
            var fraction = 0
            if index < count, bytes[index] == UInt8(ascii: ".") {
                index += 1
                fraction = digits(&mantissa)
                guard fraction >= 1, whole + fraction <= 19 else { return nil }
            }
            if index < count, bytes[index] | 0x20 == UInt8(ascii: "e") { return nil }
            let value: Double
            if mantissa <= 1 << 53 {
                // Both exact, so that one division rounds once.
                value = Double(mantissa) / powersOfTen[fraction]
            } else if let rounded = DecimalRounding.double(mantissa, exponent: -fraction) {
                value = rounded
            } else {
                return nil
            }
            return isNegative ? -value : value
        }

        /// Digits, eight at a time; the mantissa means nothing when there are more than 19.
        @inline(__always)
        private mutating func digits(_ mantissa: inout UInt64) -> Int {
            let start = index
            while index + 8 <= count {
                let word = UnsafeRawPointer(bytes + index).loadUnaligned(as: UInt64.self).littleEndian ^ 0x3030_3030_3030_3030
                // The lowest byte that is no digit: those above it may be judged wrongly by a carry.
                let others = ((word &+ 0x7676_7676_7676_7676) | word) & 0x8080_8080_8080_8080
                let length = others.trailingZeroBitCount >> 3
                guard length > 0 else { return index - start }
                let shifted = word << UInt64(64 - 8 * length)
                let pairs = (shifted &* 2561) >> 8 & 0x00FF_00FF_00FF_00FF
                let fours = (pairs &* 6_553_601) >> 16 & 0x0000_FFFF_0000_FFFF
                mantissa = mantissa &* UInt64(powersOfTen[length]) &+ (fours &* 42_949_672_960_001) >> 32
                index += length
                if length < 8 { return index - start }
            }
            while index < count, bytes[index] &- UInt8(ascii: "0") < 10 {
                mantissa = mantissa &* 10 &+ UInt64(bytes[index] &- UInt8(ascii: "0"))
                index += 1
            }
            return index - start
        }
    }
}
