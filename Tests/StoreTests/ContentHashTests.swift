import Foundation
import Testing

@testable import Store

@Suite struct ContentHashTests {
    private func hash(_ fields: String?...) -> Data {
        var hash = ContentHash()
        hash.add(fields: fields)
        return hash.finish()
    }

    @Test func `no two lists of fields share a digest by the way they are cut`() {
        let lists: [Data] = [
            hash(), hash(nil), hash(""), hash(nil, nil), hash("", nil), hash(nil, ""), hash("a", "b"), hash("ab"),
            hash("ab", ""), hash("", "ab"), hash("ab", nil),
        ]
        #expect(Set(lists).count == lists.count)
        #expect(hash("a", nil, "b") == hash("a", nil, "b"))
    }
}
