extension GeoJSONDecoder {
    /// Reads the ring at the reading point. It is never closed on the author's behalf: a missing last vertex may
    /// be a file cut short.
    mutating func decodeRing(path: String, place: GeoJSONError.Place) throws(GeoJSONError) -> Ring<ForeignCRS> {
        guard scanner.consume(UInt8(ascii: "[")) else {
            throw failure(.badPosition, "a ring must be an array of positions", path: path, place: place)
        }
        var positions: [Position<ForeignCRS>] = []
        if !scanner.consume(UInt8(ascii: "]")) {
            repeat {
                positions.append(try decodePosition(index: positions.count, path: path, place: place))
            } while scanner.consume(UInt8(ascii: ","))
            try scanner.expect(UInt8(ascii: "]"), "the end of the ring")
        }
        vertexCount += positions.count
        guard vertexCount <= limits.maxVertices else {
            throw failure(
                .tooManyVertices, "there are more than \(limits.maxVertices) vertices; simplify the geometry",
                path: path, place: place)
        }
        do throws(GeoJSONError) {
            try Self.checkRing(positions, path: path, place: place)
        } catch {
            throw failure(error.code, error.reason, path: error.path, place: error.place, position: error.position)
        }
        return Ring(positions)
    }

    /// What a ring needs to enclose anything.
    static func checkRing(
        _ positions: [Position<ForeignCRS>], path: String, place: GeoJSONError.Place
    ) throws(GeoJSONError) {
        guard positions.count >= 4, let first = positions.first, let last = positions.last else {
            throw GeoJSONError(
                .ringTooShort,
                reason: "the ring has \(positions.count) positions; it needs at least four, the last repeating the first",
                path: path, place: place)
        }
        guard first == last else {
            var place = place
            place.vertex = positions.count
            throw GeoJSONError(
                .ringNotClosed, reason: "the ring is not closed; end it with its first position, \(Self.show(first))",
                path: path, place: place, position: last)
        }
        let second = positions.first { $0 != first }
        guard positions.contains(where: { $0 != first && $0 != second }) else {
            throw GeoJSONError(
                .ringTooShort, reason: "the ring has fewer than three different positions, so it encloses nothing",
                path: path, place: place)
        }
    }

    /// Reads `[longitude, latitude]`, with at most two more numbers (altitude, measure), which are dropped.
    private mutating func decodePosition(
        index: Int, path: String, place: GeoJSONError.Place
    ) throws(GeoJSONError) -> Position<ForeignCRS> {
        guard scanner.consume(UInt8(ascii: "[")) else { throw badPosition(index, path, place) }
        var numbers = 0
        var east = 0.0
        var north = 0.0
        repeat {
            scanner.skipWhitespace()
            guard scanner.isAtNumber else { throw badPosition(index, path, place) }
            let number = try scanner.parseNumber()
            switch numbers {
            case 0: east = number
            case 1: north = number
            default: break
            }
            numbers += 1
        } while scanner.consume(UInt8(ascii: ","))
        guard scanner.consume(UInt8(ascii: "]")), (2...4).contains(numbers) else {
            throw badPosition(index, path, place)
        }
        return Position(east: east, north: north)
    }

    private func badPosition(_ index: Int, _ path: String, _ place: GeoJSONError.Place) -> GeoJSONError {
        var place = place
        place.vertex = index + 1
        return failure(
            .badPosition, "a position must be two numbers, [longitude, latitude]; altitude may follow",
            path: "\(path)[\(index)]", place: place)
    }

    static func show(_ position: Position<ForeignCRS>) -> String {
        var writer = JSONWriter()
        writer.raw("[")
        writer.number(position.east)
        writer.raw(", ")
        writer.number(position.north)
        writer.raw("]")
        return writer.text
    }
}
