import GeoModel
import Testing

@testable import AlertModel

@Suite struct ListDocumentTests {
    private func decode(_ text: String) throws -> ListDefinition { try ListDocument.decode(Array(text.utf8)) }

    private func canonical(_ text: String) throws -> String? {
        ListDocument.encode(try decode(text)).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test(arguments: [
        #"{"type":"kind","values":["household","person"]}"#,
        #"{"type":"commune","values":["2A004","80021"]}"#,
        #"{"type":"postcode","values":["80000"]}"#,
        #"{"type":"language","values":["fr","pt-br"]}"#,
        #"{"type":"tag","values":["a \"b\"","é"]}"#,
        #"{"type":"channel","values":["email","sms"]}"#,
        #"{"type":"precision","values":["given","not_located"]}"#,
        #"{"type":"household","values":["F-1"]}"#,
        #"{"type":"building","values":["Tour A"]}"#,
        #"{"type":"source","values":["mairie.csv"]}"#,
        #"{"type":"list","values":["Astreinte"]}"#,
        #"{"before":"2025-02-01","since":"2024-02-29","type":"confirmed"}"#,
        #"{"since":"2024-02-29","type":"confirmed"}"#,
        #"{"before":"2024-02-29","type":"confirmed"}"#,
        #"{"contains":"d'eau","type":"address"}"#,
        #"{"contains":"Le Goff","type":"name"}"#,
        #"{"filters":[{"type":"tag","values":["a"]},{"filter":{"type":"kind","values":["office"]},"type":"not"}],"type":"all"}"#,
        #"{"filters":[{"type":"tag","values":["a"]}],"type":"any"}"#,
        #"{"lists":["B","A"],"type":"union"}"#,
        #"{"lists":["A","B","C"],"type":"intersection"}"#,
        #"{"lists":["B","A"],"type":"difference"}"#,
    ])
    func `a canonical text comes back as it was`(text: String) throws {
        #expect(try canonical(text) == text)
    }

    @Test func `any order, spacing, case or doubling of values gives the canonical text`() throws {
        #expect(
            try canonical(#" { "values": ["80021","1001","01001","80021"], "type" : "commune" } "#)
                == #"{"type":"commune","values":["01001","80021"]}"#)
        #expect(try canonical(#"{"type":"language","values":["PT-br"]}"#) == #"{"type":"language","values":["pt-br"]}"#)
    }

    @Test func `a list of members has no document`() {
        #expect(ListDocument.encode(.members) == nil)
    }

    @Test(arguments: [
        ("", ""), ("[]", ""), ("{}", "type"), (#"{"type":"tribe","values":["x"]}"#, "type"),
        (#"{"type":"tag"}"#, "values"), (#"{"type":"tag","values":[]}"#, "values"),
        (#"{"type":"tag","values":["a"],"value":["b"]}"#, "value"), (#"{"type":"tag","values":["a",1]}"#, "values[1]"),
        (#"{"type":"tag","values":[""]}"#, "values[0]"), (#"{"type":"kind","values":["dog"]}"#, "values"),
        (#"{"type":"commune","values":["8002"]} "#, nil), (#"{"type":"commune","values":["Amiens"]}"#, "values"),
        (#"{"type":"channel","values":["SMS"]}"#, "values"), (#"{"type":"language","values":["français"]}"#, "values"),
        (#"{"type":"confirmed"}"#, ""), (#"{"type":"confirmed","since":"2023-02-29"}"#, "since"),
        (#"{"type":"confirmed","since":"31/01/2024"}"#, "since"),
        (#"{"type":"confirmed","since":"2024-02-01","before":"2024-02-01"}"#, ""),
        (#"{"type":"all","filters":[]}"#, "filters"), (#"{"type":"any","filters":{}}"#, "filters"),
        (#"{"type":"all","filters":[{"type":"any","filters":[{"type":"x"}]}]}"#, "filters[0].filters[0].type"),
        (#"{"type":"not","filter":[]}"#, "filter"), (#"{"type":"name","contains":""}"#, "contains"),
        (#"{"type":"union","lists":["A"]}"#, "lists"), (#"{"type":"union","lists":["A","A"]}"#, "lists"),
        (#"{"type":"all","filters":[{"type":"union","lists":["A","B"]}]}"#, "filters[0].type"),
        (#"{"type":"tag","values":["a"],"values":["b"]}"#, ""),
    ] as [(String, String?)])
    func `what is not exactly a list is refused, with its place`(text: String, path: String?) {
        guard let path else {
            // A spreadsheet swallowed the zero.
            #expect(throws: Never.self) { try decode(text) }
            return
        }
        let error = #expect(throws: ListDocumentError.self) { try decode(text) }
        #expect(error?.path == path, "\(String(describing: error))")
    }

    @Test func `depth, number and length are bounded`() {
        var limits = ListDocument.Limits()
        limits.maxDepth = 3
        limits.maxItems = 4
        limits.maxValues = 5
        limits.maxTextLength = 6
        func refusal(_ text: String) -> String? {
            #expect(throws: ListDocumentError.self) { try ListDocument.decode(Array(text.utf8), limits: limits) }?.reason
        }
        let tag = #"{"type":"tag","values":["a"]}"#
        func not(_ text: String) -> String { #"{"type":"not","filter":\#(text)}"# }
        #expect(throws: Never.self) { try ListDocument.decode(Array(not(not(tag)).utf8), limits: limits) }
        #expect(refusal(not(not(not(tag))))?.contains("3 levels") == true)
        #expect(refusal(#"{"type":"all","filters":[\#([tag, tag, tag, tag].joined(separator: ","))]}"#)?.contains("4 filters") == true)
        #expect(refusal(#"{"type":"tag","values":["a","b","c","d","e","f"]}"#)?.contains("5 values") == true)
        #expect(refusal(#"{"type":"tag","values":["abcdefg"]}"#)?.contains("6 characters") == true)
        let deep = String(repeating: #"{"type":"not","filter":"#, count: 100_000)
        #expect(throws: ListDocumentError.self) { try decode(deep) }
    }

    @Test func `names of lists are found and follow a renaming, wherever they are`() throws {
        let text = #"{"type":"all","filters":[{"type":"list","values":["A","B"]},{"type":"not","filter":{"type":"any","filters":[{"type":"list","values":["A"]},{"type":"tag","values":["A"]}]}}]}"#
        let filter = try decode(text)
        #expect(filter.listNames == ["A", "B"])
        let renamed = filter.renamingList("A", to: "C")
        #expect(renamed.listNames == ["B", "C"])
        #expect(ListDocument.encode(renamed).map { String(decoding: $0, as: UTF8.self) }?.contains(#"{"type":"tag","values":["A"]}"#) == true)
        let combined = try decode(#"{"type":"difference","lists":["B","A"]}"#).renamingList("B", to: "Z")
        #expect(combined == .combination(ListCombination(.difference, of: ["Z", "A"])))
    }
}
