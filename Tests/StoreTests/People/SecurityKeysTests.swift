import AlertModel
import Foundation
import GRDB
import Testing

@testable import Store

@Suite struct SecurityKeysTests {
    private let bench: StoreBench

    init() throws { bench = try StoreBench() }

    private func house() throws -> (store: AlertDatabase, anne: UserID) {
        let store = bench.database
        let organisation = try store.organisation(named: "Mairie")
        let made = try store.createPerson(
            named: "anne", role: Role.observer.name, in: organisation, by: Operator.machine(login: "test"))
        return (store, made.id)
    }

    private func add(_ byte: UInt8, to user: UserID, in store: AlertDatabase, counter: UInt32 = 0) throws -> (id: SecurityKeyID, recovery: [String]?) {
        try store.addSecurityKey(
            named: "key \(byte)", to: user, domain: "localhost", identifier: [byte, 1, 2], algorithm: -7, publicKey: [1, 2, 3], counter: counter)
    }

    @Test func `the first key brings recovery codes, and the last one takes them away`() throws {
        let (store, anne) = try house()
        let first = try add(1, to: anne, in: store)
        #expect(first.recovery?.count == 10)
        #expect(try add(2, to: anne, in: store).recovery == nil)
        #expect(throws: RightsError.keyExists) { try add(1, to: anne, in: store) }
        let anneActs = try store.actingOperator(named: "anne")
        for key in try store.securityKeys(of: anne) { try store.removeSecurityKey(key.id, by: anneActs) }
        #expect(try store.factors(of: anne).recoveryCodesLeft == 0)
        #expect(throws: RightsError.unknownKey) { try store.removeSecurityKey(first.id, by: anneActs) }
    }

    @Test func `who has keys is known by their domain`() throws {
        let (store, anne) = try house()
        #expect(try store.securityKeyHolders().isEmpty)
        for byte: UInt8 in 1...2 { _ = try add(byte, to: anne, in: store) }
        #expect(try store.securityKeyHolders() == ["localhost": [anne]])
    }

    @Test func `an account has ten keys at most, named with something that can be read`() throws {
        let (store, anne) = try house()
        for number in 1...10 { _ = try add(UInt8(number), to: anne, in: store) }
        #expect(throws: RightsError.tooMany(what: "security keys", limit: 10)) { try add(11, to: anne, in: store) }
        for name in ["", " x", "a\u{200B}b", String(repeating: "a", count: 61)] {
            #expect(throws: RightsError.invalidName(longest: 60)) {
                try store.addSecurityKey(
                    named: name, to: anne, domain: "localhost", identifier: [9, 9], algorithm: -7, publicKey: [1], counter: 0)
            }
        }
    }

    @Test(arguments: [
        (UInt32(0), UInt32(0), true), (0, 1, true), (5, 6, true), (5, 5, false), (5, 4, false), (5, 0, false),
        (4_294_967_294, 4_294_967_295, true), (4_294_967_295, 0, false),
    ])
    func `a count goes on, or stays at nothing`(stored: UInt32, given: UInt32, isTaken: Bool) throws {
        let (store, anne) = try house()
        _ = try add(1, to: anne, in: store, counter: stored)
        let key = try #require(try store.securityKeys(of: anne).first)
        #expect(try store.noteUse(of: key, counter: given) == (isTaken ? .taken : .counterWentBack))
        let kept = try #require(try store.securityKeys(of: anne).first)
        #expect(kept.counter == (isTaken ? given : stored) && (kept.lastUsedAt != nil) == isTaken)
        #expect(try store.auditEntries(limit: 5).contains { $0.action == "factor.key.regress" } == !isTaken)
    }
}
