import TestSupport
import Testing

@testable import Geocoding

@Suite struct EditDistanceTests {
    @Test func `the fast distance is the definition's, on ten thousand pairs`() {
        var generator = SeededGenerator(seed: 7)
        let letters = Array("abcdep0 ".utf8)
        func word(_ length: ClosedRange<Int>) -> [UInt8] {
            (0..<Int.random(in: length, using: &generator)).map { _ in letters.randomElement(using: &generator) ?? 0 }
        }
        for index in 0..<10_000 {
            let left = word(index % 10 == 0 ? 58...66 : 1...12)
            var right = word(1...12)
            if index.isMultiple(of: 2) {
                // A few errors in the same word: what the geocoder meets.
                right = left
                for _ in 0..<Int.random(in: 1...3, using: &generator) {
                    let place = Int.random(in: 0..<max(1, right.count - 1), using: &generator)
                    switch Int.random(in: 0..<3, using: &generator) {
                    case 0 where right.count > 2: right.remove(at: place)
                    case 1 where right.count > 2: right.swapAt(place, place + 1)
                    default: right.insert(letters[index % letters.count], at: place)
                    }
                }
            }
            let expected = left.withUnsafeBufferPointer { left in
                right.withUnsafeBufferPointer { EditDistance.byTable(left, $0) }
            }
            let found = EditDistance.between(left, right, limit: 100)
            #expect(found == expected, "seed 7, pair \(index): \(String(decoding: left, as: UTF8.self))")
            if expected > 0 { #expect(EditDistance.between(left, right, limit: expected - 1) == nil) }
        }
    }

    @Test func `signatures count what names share`() {
        let name = StreetName(tokens: ["rue", "victor", "hugo"])
        let misspelt = StreetName(tokens: ["rue", "victro", "hugo"])
        let other = StreetName(tokens: ["rue", "des", "lilas"])
        #expect(name.trigrams.shared(with: name.trigrams) == name.trigrams.count)
        #expect(name.trigrams.count <= 10)
        #expect(name.trigrams.shared(with: misspelt.trigrams) >= 6)
        #expect(name.trigrams.shared(with: other.trigrams) <= 1)
        #expect(StreetName(tokens: []).trigrams.count == 0)
    }
}
