import AlertModel
import Foundation
import GRDB
import Testing

@testable import Store

/// What opens the console of exercises opens nothing real, and the other way round. Argon2id takes its time: few sign-ins.
@Suite struct ExerciseSignInTests {
    private let own = "une phrase de passe", drill = "une phrase pour rire"
    private let token: [UInt8] = Array(repeating: 7, count: 32)

    private func bench() throws -> (StoreBench, UserAccount) {
        let bench = try StoreBench()
        let once = try bench.database.resetPassword(user: "anne", organisationNamed: "Mairie", actor: "cli:test")
        #expect(try bench.database.changePassword(user: "anne", current: once, new: own, keepingSession: token))
        return (bench, try #require(try bench.database.authenticate(user: "anne", password: own)))
    }

    @Test func `each password opens its own address, and none is there until it is set`() throws {
        let (bench, anne) = try bench()
        let database = bench.database, id = UserID(rawValue: anne.id)
        #expect(try !database.hasExercisePassword(id))
        #expect(try database.authenticate(user: "anne", password: own, mode: .exercise) == nil)
        try database.setExercisePassword(drill, of: id)
        #expect(try database.authenticate(user: "anne", password: drill) == nil, "it opens the real address")
        #expect(try database.authenticate(user: "anne", password: own, mode: .exercise) == nil)
        let trainee = try #require(try database.authenticate(user: "anne", password: drill, mode: .exercise))
        #expect(trainee.capabilities == Capability.exercise && anne.capabilities.count > trainee.capabilities.count)
        try database.setExercisePassword(nil, of: id)
        #expect(try database.authenticate(user: "anne", password: drill, mode: .exercise) == nil)
        let actions = try database.auditEntries(limit: 20).map(\.action)
        #expect(actions.contains("user.exercise_password.set") && actions.contains("user.exercise_password.remove"))
        #expect(try bench.count("SELECT count(*) FROM users WHERE exercise_password_hash IS NOT NULL") == 0)
    }

    @Test func `one is never the other`() throws {
        let (bench, anne) = try bench()
        let database = bench.database, id = UserID(rawValue: anne.id)
        #expect(throws: RightsError.samePassword) { try database.setExercisePassword(own, of: id) }
        try database.setExercisePassword(drill, of: id)
        // What was typed where people train becomes one's own: it opens exercises no more.
        #expect(try database.changePassword(user: "anne", current: own, new: drill, keepingSession: token))
        #expect(try !database.hasExercisePassword(id))
        #expect(try database.authenticate(user: "anne", password: drill, mode: .exercise) == nil)
    }

    @Test(arguments: CampaignMode.allCases)
    func `a session's token opens the address it was made at`(mode: CampaignMode) throws {
        let (bench, anne) = try bench()
        let database = bench.database, other: CampaignMode = mode == .real ? .exercise : .real
        try database.openSession(
            tokenHash: token, userID: anne.id, openedAt: .now, expiresAt: Date(timeIntervalSinceNow: 60), mode: mode)
        #expect(try database.session(tokenHash: token, mode: other) == nil)
        try database.closeSession(tokenHash: token, mode: other)
        let session = try #require(try database.session(tokenHash: token, mode: mode))
        #expect((session.user.capabilities == Capability.exercise) == (mode == .exercise))
        #expect(try database.openSessions(of: anne.organisation).map(\.mode) == [mode])
        try database.closeSession(tokenHash: token, mode: mode)
        #expect(try database.session(tokenHash: token, mode: mode) == nil)
    }

    @Test func `a new password for exercises ends the sessions of exercises, and those alone`() throws {
        let (bench, anne) = try bench()
        let database = bench.database, real: [UInt8] = Array(repeating: 9, count: 32)
        for (token, mode) in [(token, CampaignMode.exercise), (real, .real)] {
            try database.openSession(
                tokenHash: token, userID: anne.id, openedAt: .now, expiresAt: Date(timeIntervalSinceNow: 60), mode: mode)
        }
        try database.setExercisePassword(drill, of: UserID(rawValue: anne.id))
        #expect(try database.session(tokenHash: token, mode: .exercise) == nil)
        #expect(try database.session(tokenHash: real) != nil)
    }

    @Test func `a program's token is of one mode, and for exercises within what they take`() throws {
        let (bench, anne) = try bench()
        let database = bench.database, id = UserID(rawValue: anne.id)
        let person = Operator(name: "anne", user: id, organisation: anne.organisation, capabilities: anne.capabilities)
        #expect(throws: RightsError.beyondExercises([.administer])) {
            try database.createToken(named: "x", for: id, capabilities: [.launch, .administer], days: 1, mode: .exercise, by: person)
        }
        let drill = try database.createToken(
            named: "drill", for: id, capabilities: [.launch, .statistics], days: 1, mode: .exercise, by: person)
        let real = try database.createToken(named: "real", for: id, capabilities: [.launch, .statistics], days: 1, by: person)
        #expect(try database.account(ofToken: drill.token) == nil && database.account(ofToken: real.token, mode: .exercise) == nil)
        #expect(try database.account(ofToken: drill.token, mode: .exercise)?.capabilities == [.launch, .statistics])
        #expect(try database.account(ofToken: real.token)?.capabilities == [.launch, .statistics])
        #expect(try database.tokens(of: anne.organisation).map(\.mode) == [.exercise, .real])
    }
}
