import Foundation
import TestSupport
import Testing

@testable import GeoModel

/// Against the C library's `strtod`, which rounds exactly.
@Suite struct DecimalRoundingTests {
    private func scanned(_ text: String) throws -> Double {
        var scanner = JSONScanner(Array(text.utf8), maxDepth: 1)
        return try scanner.parseNumber()
    }

    @Test(arguments: 0..<4 as Range<UInt64>)
    func `literals of every length are rounded as strtod rounds them`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var wrong = 0
        for _ in 0..<60_000 {
            let mantissa = UInt64.random(in: 0...UInt64.max, using: &generator) >> UInt64.random(in: 0..<64, using: &generator)
            let exponent = Int.random(in: -30...3, using: &generator)
            guard mantissa < 10_000_000_000_000_000_000,
                  let rounded = DecimalRounding.double(mantissa, exponent: exponent)
            else { continue }
            if rounded.bitPattern != strtod("\(mantissa)e\(exponent)", nil).bitPattern { wrong += 1 }
        }
        #expect(wrong == 0)
    }

    @Test(arguments: 0..<4 as Range<UInt64>)
    func `literals half-way between two doubles, and next to it, go where strtod takes them`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var wrong = 0
        for _ in 0..<20_000 {
            // The middle of two neighbours, cut after 19 digits, and a unit of the last on either side.
            let number = Double.random(in: 0.001...200, using: &generator)
            let whole = "\(Int(number))".count
            guard let exact = middle(number), let cut = UInt64(exact.prefix(19)) else { continue }
            for mantissa in [cut - 1, cut, cut + 1] {
                let exponent = -(19 - whole)
                guard let rounded = DecimalRounding.double(mantissa, exponent: exponent) else { continue }
                if rounded.bitPattern != strtod("\(mantissa)e\(exponent)", nil).bitPattern { wrong += 1 }
            }
        }
        #expect(wrong == 0)
    }

    /// The digits of the middle between a double and the next, without its point.
    private func middle(_ number: Double) -> String? {
        // Exact in the wider type.
        #if arch(x86_64)
        let sum = (Float80(number) + Float80(number.nextUp)) / 2
        let whole = Int(sum)
        var fraction = sum - Float80(whole)
        var text = "\(whole)"
        for _ in 0..<25 {
            fraction *= 10
            let digit = Int(fraction)
            text += "\(digit)"
            fraction -= Float80(digit)
        }
        return text
        #else
        return nil
        #endif
    }

    @Test func `ties go to the even neighbour`() throws {
        #expect(try scanned("9007199254740993.0") == 9_007_199_254_740_992)
        #expect(try scanned("9007199254740995.0") == 9_007_199_254_740_996)
        #expect(try scanned("4503599627370497.5") == 4_503_599_627_370_498)
        #expect(try scanned("-4503599627370496.5").bitPattern == (-4_503_599_627_370_496.0).bitPattern)
    }

    @Test func `what doubles print as is read back to the bit`() throws {
        var generator = SeededGenerator(seed: 9)
        for _ in 0..<50_000 {
            let number = Double.random(in: -180...180, using: &generator)
            #expect(try scanned("\(number)").bitPattern == number.bitPattern)
        }
    }
}
