import AlertModel
import Foundation
import GeoModel

/// An object of a request's body, whose members are taken one by one with their limits; a fault names its path.
struct BodyObject {
    let members: [String: JSONNode]
    let path: String

    /// Refuses members that nobody reads: a misspelt one would be left out in silence.
    func allow(_ keys: Set<String>) throws {
        guard let stranger = members.keys.filter({ !keys.contains($0) }).min() else { return }
        throw fault(String(stranger.prefix(40)), "there is no such member")
    }

    /// Whether a member is there and not null.
    func has(_ key: String) -> Bool { (members[key] ?? .null) != .null }

    /// A text, kept as it is.
    func text(_ key: String, maximumLength: Int) throws -> String {
        guard case .string(let text)? = members[key] else { throw fault(key, "a text is due") }
        guard text.unicodeScalars.count <= maximumLength else {
            throw fault(key, "the text has more than \(maximumLength) characters", limit: maximumLength)
        }
        return text
    }

    /// An array's texts, kept as they are.
    func texts(_ key: String, maximumCount: Int, maximumLength: Int) throws -> [String] {
        guard case .array(let elements)? = members[key], elements.count <= maximumCount else {
            throw fault(key, "an array of at most \(maximumCount) texts is due", limit: maximumCount)
        }
        return try elements.enumerated().map { index, element in
            guard case .string(let text) = element, text.unicodeScalars.count <= maximumLength else {
                throw fault("\(key)[\(index)]", "a text of at most \(maximumLength) characters is due", limit: maximumLength)
            }
            return text
        }
    }

    func object(_ key: String) throws -> BodyObject {
        guard case .object(let members)? = members[key] else { throw fault(key, "an object is due") }
        return BodyObject(members: members, path: join(key))
    }

    func flag(_ key: String) throws -> Bool {
        guard case .bool(let flag)? = members[key] else { throw fault(key, "true or false is due") }
        return flag
    }

    /// An array's objects; none when the member is absent.
    func objects(_ key: String, atMost limit: Int) throws -> [BodyObject] {
        guard has(key) else { return [] }
        guard case .array(let elements)? = members[key], elements.count <= limit else {
            throw fault(key, "an array of at most \(limit) objects is due", limit: limit)
        }
        return try elements.enumerated().map { index, element in
            guard case .object(let members) = element else { throw fault("\(key)[\(index)]", "an object is due") }
            return BodyObject(members: members, path: join("\(key)[\(index)]"))
        }
    }

    func number(_ key: String, in range: ClosedRange<Double>) throws -> Double {
        guard case .number(let number)? = members[key], range.contains(number) else {
            throw fault(key, "a number from \(range.lowerBound) to \(range.upperBound) is due")
        }
        return number
    }

    func integer(_ key: String, in range: ClosedRange<Int>) throws -> Int {
        guard case .number(let number)? = members[key], let integer = Int(exactly: number), range.contains(integer)
        else { throw fault(key, "a whole number from \(range.lowerBound) to \(range.upperBound) is due") }
        return integer
    }

    /// One of an enumeration's words.
    func word<Word: RawRepresentable & CaseIterable>(_ key: String, _: Word.Type) throws -> Word
    where Word.RawValue == String {
        guard case .string(let text)? = members[key], let word = Word(rawValue: text) else {
            let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
            throw fault(key, "one of \(words) is due")
        }
        return word
    }

    /// A set of an enumeration's words, in the enumeration's order.
    func words<Word: RawRepresentable & CaseIterable & Hashable>(_ key: String, _: Word.Type) throws -> [Word]
    where Word.RawValue == String {
        guard case .array(let elements)? = members[key] else { throw fault(key, "an array is due") }
        var words: Set<Word> = []
        for (index, element) in elements.enumerated() {
            guard case .string(let text) = element, let word = Word(rawValue: text) else {
                let all = Word.allCases.map(\.rawValue).joined(separator: ", ")
                throw fault("\(key)[\(index)]", "one of \(all) is due")
            }
            words.insert(word)
        }
        return Word.allCases.filter(words.contains)
    }

    /// An array of row numbers, each once.
    func identifiers(_ key: String, atMost limit: Int) throws -> [Int64] {
        guard case .array(let elements)? = members[key], (1...limit).contains(elements.count) else {
            throw fault(key, "an array of 1 to \(limit) numbers is due", limit: limit)
        }
        let numbers = elements.compactMap { if case .number(let number) = $0 { Int64(exactly: number) } else { nil } }
        guard numbers.count == elements.count, Set(numbers).count == numbers.count else {
            throw fault(key, "whole numbers are due, each once")
        }
        return numbers
    }

    func uuid(_ key: String) throws -> UUID {
        guard case .string(let text)? = members[key], let uuid = UUID(uuidString: text) else {
            throw fault(key, "a UUID is due")
        }
        return uuid
    }

    /// `[west, south, east, north]` in degrees, WGS 84.
    func bounds(_ key: String) throws -> BoundingBox<WGS84> {
        guard case .array(let elements)? = members[key], elements.count == 4 else {
            throw fault(key, "[west, south, east, north] is due")
        }
        let numbers = elements.compactMap { if case .number(let number) = $0 { number } else { nil } }
        guard numbers.count == 4, (-90...90).contains(numbers[1]), (-90...90).contains(numbers[3]),
            numbers[0] <= numbers[2], numbers[1] <= numbers[3], numbers[0] >= -540, numbers[2] <= 540
        else { throw fault(key, "[west, south, east, north] is due, in degrees, each pair in order") }
        return BoundingBox(west: numbers[0], south: numbers[1], east: numbers[2], north: numbers[3])
    }

    func zone(_ key: String) throws -> Zone {
        guard has(key), let node = members[key] else {
            throw ConsoleProblem(.emptyZone, ProblemDetail(path: join(key)))
        }
        do {
            return try ZoneDocument.decode(node, path: join(key))
        } catch {
            throw ConsoleProblem(error)
        }
    }

    func area(_ key: String) throws -> Area<WGS84> {
        guard let node = members[key] else { throw fault(key, "a GeoJSON geometry is due") }
        do {
            return try ZoneDocument.area(node, path: join(key), maxVertices: ZoneDocument.Limits().maxVertices)
        } catch {
            throw ConsoleProblem(error)
        }
    }

    func fault(_ key: String, _ reason: String, limit: Int? = nil) -> ConsoleProblem {
        ConsoleProblem(.invalidParameter, ProblemDetail(path: join(key), reason: reason, limit: limit))
    }

    private func join(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
}
