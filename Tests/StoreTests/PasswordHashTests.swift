import Testing

@testable import Store

@Suite struct PasswordHashTests {
    @Test func `a hash tells its own kind, verifies its password and no other`() throws {
        let hash = try PasswordHash.make("correct horse é")
        #expect(hash.hasPrefix("$argon2id$v=19$m=65536,t=2,p=1$"))
        #expect(PasswordHash.verify("correct horse é", against: hash))
        #expect(!PasswordHash.verify("correct horse e", against: hash))
        #expect(!PasswordHash.verify("", against: hash))
        #expect(!PasswordHash.verify("correct horse é\u{0}x", against: hash))
    }

    @Test func `the same password never makes the same hash`() throws {
        #expect(try PasswordHash.make("twice the same") != PasswordHash.make("twice the same"))
    }

    @Test func `nothing verifies against what is no hash, nor a password too long to read`() throws {
        #expect(!PasswordHash.verify("x", against: ""))
        #expect(!PasswordHash.verify("x", against: "plain"))
        let long = String(repeating: "é", count: PasswordHash.maximumBytes / 2 + 1)
        #expect(!PasswordHash.verify(long, against: try PasswordHash.make("x")))
    }

    @Test func `a password too long to be read again is never made`() {
        let long = String(repeating: "a", count: PasswordHash.maximumBytes + 1)
        #expect(throws: PasswordHashError.self) { try PasswordHash.make(long) }
    }

    @Test func `a drawn password has 20 letters and digits without look-alikes`() {
        var drawn: Set<String> = []
        for _ in 0..<200 {
            let password = PasswordHash.random()
            drawn.insert(password)
            #expect(password.split(separator: "-").map(\.count) == [5, 5, 5, 5])
            #expect(!password.contains { "0O1lIio".contains($0) })
            #expect(password.count >= PasswordHash.minimumLength)
        }
        #expect(drawn.count == 200)
    }
}
