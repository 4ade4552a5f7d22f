import Testing
import TestSupport

@testable import GeoModel

@Suite struct JSONScannerTests {
    private func parse(_ text: String) throws(GeoJSONError) -> JSONValue {
        try parse(Array(text.utf8))
    }

    private func parse(_ bytes: [UInt8]) throws(GeoJSONError) -> JSONValue {
        var scanner = JSONScanner(bytes, maxDepth: 40)
        try scanner.validateDocument()
        return try scanner.parseValue(depth: 0)
    }

    @Test func `every kind of value is read`() throws {
        #expect(
            try parse(#" {"a":[1,-2.5,1e3,true,false,null,"é\n\u00e9\ud83d\ude00"],"b":{}} "#)
                == ["a": [1, -2.5, 1000, true, false, nil, "é\né😀"], "b": [:]])
    }

    @Test(arguments: [
        "0", "-0", "1", "123456789", "2.348333333333333", "48.85", "-149.92383493947585", "1e-7", "1E+2", "1e22",
        "9007199254740993", "0.1234567890123456789", "123456789012345678901234567890", "4.9406564584124654e-324",
        "1e-400", "652301.5650000001", "0.000000000000000000000000000000001"
    ]) func `a number is rounded to nearest`(text: String) throws {
        #expect(try parse(text).number == Double(text))
    }

    @Test func `random numbers read as the standard library reads them`() throws {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<20_000 {
            let digits = Int.random(in: 1...19, using: &generator)
            let fraction = (0..<digits).map { _ in String(Int.random(in: 0...9, using: &generator)) }.joined()
            let text = "\(Int.random(in: -180...180, using: &generator)).\(fraction)"
            #expect(try parse(text).number == Double(text))
        }
    }

    @Test(arguments: [
        "", " ", "{", "[", "[1,]", "{\"a\":1,}", "{a:1}", "{'a':1}", "[1 2]", "{\"a\" 1}", "NaN", "Infinity",
        "-Infinity",
        "-", "01", "-01", "1.", ".5", "+1", "1e", "1e+", "0x10", "tru", "nul", "\"", "\"\\x\"", "\"\\u12\"",
        "\"\\u12g4\"",
        "\"\u{1}\"", "\"a\nb\"", "1 2", "{} {}", "[1]]", "1e400", "-1e309", "{\"a\":1}//c", "\u{FEFF}\u{FEFF}{}"
    ]) func `what RFC 8259 does not allow is refused`(text: String) {
        #expect(throws: GeoJSONError.self) { try parse(text) }
    }

    @Test(
        arguments: [
            [0x22, 0xFF, 0x22], [0x22, 0xC0, 0xAF, 0x22], [0x22, 0xC3, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22],
            [0x22, 0xF5, 0x80, 0x80, 0x80, 0x22], [0x22, 0xE9, 0x22], [0x22, 0xF0, 0x9F, 0x98]
        ] as [[UInt8]]) func `text that is not UTF-8 is refused`(bytes: [UInt8])
    {
        #expect(throws: GeoJSONError.self) { try parse(bytes) }
    }

    @Test func `a lone surrogate becomes the replacement character`() throws {
        #expect(try parse(#""\ud800""#) == "\u{FFFD}")
        #expect(try parse(#""\udc00\ud800""#) == "\u{FFFD}\u{FFFD}")
        #expect(try parse(#""\ud800\u0041""#) == "\u{FFFD}A")
    }

    @Test func `a byte order mark is passed over`() throws {
        #expect(try parse([0xEF, 0xBB, 0xBF] + Array("[1]".utf8)) == [1])
    }

    @Test func `an error gives the line and the column`() {
        let error = #expect(throws: GeoJSONError.self) { try parse("{\n  \"a\": 1,\n  \"b\" 2\n}") }
        #expect(error?.line == 3)
        #expect(error?.column == 7)
        #expect(error?.code == .invalidJSON)
        #expect(error?.description == "line 3, column 7: expected a colon after the key, found “2”")
    }

    @Test func `nesting is bounded`() {
        let error = #expect(throws: GeoJSONError.self) {
            try parse(String(repeating: "[", count: 100_000))
        }
        #expect(error?.code == .tooDeep)
        #expect(throws: Never.self) {
            try parse(String(repeating: "[", count: 40) + String(repeating: "]", count: 40))
        }
    }

    @Test func `a key written twice is read as its last value`() throws {
        let value = try parse(#"{"a":1,"a":2}"#)
        #expect(value["a"] == 2)
        #expect(value["b"] == nil)
    }

    @Test func `a number's text has no needless decimal point`() throws {
        #expect(try parse("80021").text == "80021")
        #expect(try parse("80021.0").text == "80021")
        #expect(try parse("1.5").text == "1.5")
        #expect(try parse("\"01001\"").text == "01001")
        #expect(try parse("true").text == nil)
    }

    @Test func `what is written reads back`() throws {
        let value: JSONValue = ["nom": "L'Haÿ \"les\"\\\u{1}\u{1F}\t\n😀", "n": 1.25, "i": -3, "a": [true, nil, [:]]]
        var writer = JSONWriter()
        writer.value(value)
        #expect(try parse(writer.bytes) == value)
    }

    @Test(arguments: [
        (0.0, "0"), (-0.0, "0"), (2.35, "2.35"), (-2.35, "-2.35"), (48.85000004, "48.85"), (48.85000005, "48.8500001"),
        (0.0000001, "0.0000001"), (-0.00000001, "0"), (-0.5, "-0.5"), (180, "180"), (652_301.565, "652301.565"),
        (1e13, "10000000000000")
    ]) func `a coordinate has seven decimals and no exponent`(value: Double, text: String) {
        var writer = JSONWriter()
        writer.coordinate(value)
        #expect(writer.text == text)
    }
}
