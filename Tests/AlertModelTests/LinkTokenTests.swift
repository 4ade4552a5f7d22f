import Testing

@testable import AlertModel

@Suite struct LinkTokenTests {
    private func key() throws -> LinkKey { try #require(LinkKey(bytes: LinkKey.random())) }

    @Test func `a token gives its number back, for its purpose and its key only`() throws {
        let key = try key(), other = try self.key()
        for number in [1, 2, 255, 256, 1 << 40, Int64.max, 0, -1] {
            let text = LinkToken(number, .acknowledgement).text(key: key)
            #expect(text.utf8.count == LinkToken.length)
            #expect(LinkToken(text, .acknowledgement, key: key)?.number == number)
            #expect(LinkToken(text.uppercased(), .acknowledgement, key: key)?.number == number)
            #expect(LinkToken(text, .unsubscription, key: key) == nil)
            #expect(LinkToken(text, .bounce, key: key) == nil)
            #expect(LinkToken(text, .acknowledgement, key: other) == nil)
        }
    }

    @Test func `no letter of a token can be changed`() throws {
        let key = try key()
        let text = Array(LinkToken(77, .bounce).text(key: key))
        for index in text.indices {
            var altered = text
            altered[index] = altered[index] == "a" ? "b" : "a"
            #expect(LinkToken(String(altered), .bounce, key: key) == nil)
        }
        for bad in ["", "a", String(text.dropLast()), String(text) + "a", "1" + String(text.dropFirst())] {
            #expect(LinkToken(bad, .bounce, key: key) == nil)
        }
    }

    @Test func `neighbours do not look alike, nor tell their number`() throws {
        let key = try key()
        let texts = (0..<1_000).map { LinkToken($0, .acknowledgement).text(key: key) }
        #expect(Set(texts).count == 1_000)
        #expect(Set(texts.map { $0.suffix(8) }).count == 1_000)
        #expect(Set(texts.map { $0.prefix(6) }).count > 990)
    }
}
