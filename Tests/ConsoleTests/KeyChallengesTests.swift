import Foundation
import Testing

@testable import Console

@Suite struct KeyChallengesTests {
    private let now = Date(timeIntervalSince1970: 1_800_000_000)

    @Test func `a challenge serves once, for its purpose alone`() {
        let book = KeyChallenges()
        let session = SessionToken().digest, other = SessionToken().digest
        let challenge = book.make(.proof(session), at: now)
        #expect(challenge.count == 32)
        for purpose in [KeyChallenges.Purpose.proof(other), .registration(session), .signIn(account: 1)] {
            #expect(!book.take(challenge, for: purpose, at: now))
        }
        #expect(!book.take(Array(challenge.dropLast()), for: .proof(session), at: now))
        #expect(book.take(challenge, for: .proof(session), at: now))
        #expect(!book.take(challenge, for: .proof(session), at: now))
    }

    @Test func `a challenge ends after five minutes, and a clock put back prolongs none`() {
        let book = KeyChallenges()
        for (age, isTaken) in [(299.0, true), (301, false), (-60, false)] {
            let challenge = book.make(.signIn(account: 1), at: now)
            #expect(book.take(challenge, for: .signIn(account: 1), at: now.addingTimeInterval(age)) == isTaken)
        }
    }

    @Test func `asking again and again costs whoever asks their own challenges`() {
        let book = KeyChallenges()
        let others = book.make(.signIn(account: 2), at: now)
        let own = (0..<6).map { book.make(.signIn(account: 1), at: now.addingTimeInterval(Double($0))) }
        #expect(own.map { book.take($0, for: .signIn(account: 1), at: now.addingTimeInterval(10)) } == [false, false, true, true, true, true])
        #expect(book.take(others, for: .signIn(account: 2), at: now.addingTimeInterval(10)))
    }
}
