import Foundation
import GRDB
import Testing

@testable import Store

/// Argon2id takes some 50 ms each time: few sign-ins, each telling much.
@Suite struct AccountsTests {
    private let token: [UInt8] = Array(repeating: 7, count: 32)
    private let other: [UInt8] = Array(repeating: 9, count: 32)

    private func open(
        _ token: [UInt8], of user: UserAccount, in bench: StoreBench, for seconds: TimeInterval = 600
    ) throws {
        try bench.database.openSession(
            tokenHash: token, userID: user.id, openedAt: .now, expiresAt: Date(timeIntervalSinceNow: seconds))
    }

    @Test func `a one-time password opens the door once shown, and must be changed`() throws {
        let bench = try StoreBench()
        #expect(try !bench.database.hasUser(named: "admin"))
        let password = try bench.database.resetPassword(user: "admin", organisationNamed: "Mairie", actor: "cli")
        #expect(try bench.database.hasUser(named: "admin"))
        let user = try #require(try bench.database.authenticate(user: "admin", password: password))
        #expect(user.mustChangePassword)
        #expect((user.name, user.role, user.organisationName) == ("admin", "administrator", "Mairie"))
        #expect(try bench.database.authenticate(user: "admin", password: password + "x") == nil)
        #expect(try bench.database.authenticate(user: "nobody", password: password) == nil)
        #expect(try bench.database.organisation(ofUser: "admin") == user.organisation)
        #expect(throws: StoreError.unknownUser) { try bench.database.organisation(ofUser: "nobody") }
        // Neither the password nor who mistyped it is written anywhere.
        let entries = try bench.database.auditEntries(limit: 10)
        #expect(entries.prefix(3).map(\.action) == ["session.refused", "session.refused", "user.password.reset"])
        #expect(!entries.contains { "\($0)".contains(password) || "\($0)".contains("nobody") })
        #expect(try bench.fetch("SELECT password_hash FROM users", as: String.self)[0].hasPrefix("$argon2id$"))
    }

    @Test func `a changed password closes the other sessions and keeps this one`() throws {
        let bench = try StoreBench()
        let password = try bench.database.resetPassword(user: "admin", organisationNamed: "Mairie", actor: "cli")
        let user = try #require(try bench.database.authenticate(user: "admin", password: password))
        try open(token, of: user, in: bench)
        try open(other, of: user, in: bench)
        let new = "une phrase de passe"
        #expect(
            try !bench.database.changePassword(user: "admin", current: "wrong", new: new, keepingSession: token))
        #expect(try bench.database.session(tokenHash: other) != nil)
        #expect(try bench.database.changePassword(user: "admin", current: password, new: new, keepingSession: token))
        #expect(try bench.database.session(tokenHash: token)?.user.mustChangePassword == false)
        #expect(try bench.database.session(tokenHash: other) == nil)
        #expect(try bench.database.authenticate(user: "admin", password: password) == nil)
        #expect(try bench.database.authenticate(user: "admin", password: new)?.mustChangePassword == false)
    }

    @Test func `a reset closes every session, and the old password with them`() throws {
        let bench = try StoreBench()
        let first = try bench.database.resetPassword(user: "admin", organisationNamed: "Mairie", actor: "cli")
        let user = try #require(try bench.database.authenticate(user: "admin", password: first))
        try open(token, of: user, in: bench)
        let second = try bench.database.resetPassword(user: "admin", organisationNamed: "Mairie", actor: "cli")
        #expect(first != second)
        #expect(try bench.database.session(tokenHash: token) == nil)
        #expect(try bench.database.authenticate(user: "admin", password: first) == nil)
        #expect(try bench.database.authenticate(user: "admin", password: second)?.id == user.id)
    }

    @Test func `a session opens by its digest until it expires or is closed`() throws {
        let bench = try StoreBench()
        let password = try bench.database.resetPassword(user: "admin", organisationNamed: "Mairie", actor: "cli")
        let user = try #require(try bench.database.authenticate(user: "admin", password: password))
        try open(token, of: user, in: bench)
        try open(other, of: user, in: bench, for: -1)
        let session = try #require(try bench.database.session(tokenHash: token))
        #expect(session.user == user)
        #expect(session.expiresAt > session.openedAt)
        #expect(try bench.database.session(tokenHash: other) == nil)
        #expect(try bench.database.session(tokenHash: []) == nil)
        // Opening another sweeps away what has expired.
        try open([1], of: user, in: bench)
        #expect(try bench.count("SELECT count(*) FROM sessions") == 2)
        try bench.database.closeSession(tokenHash: token)
        #expect(try bench.database.session(tokenHash: token) == nil)
    }
}
