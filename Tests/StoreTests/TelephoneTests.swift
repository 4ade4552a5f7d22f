import AlertModel
import Campaigns
import Foundation
import Testing

@testable import Store

/// Who may launch by telephone, and what.
@Suite struct TelephoneTests {
    private static let machine = Operator.machine(login: "root")

    @Test func `a code and a PIN are an account's together, and nothing else is`() throws {
        let bench = try StoreBench()
        let store = bench.database
        _ = try store.resetPassword(user: "marie", organisationNamed: "Mairie", actor: "cli:root")
        let marie = try store.person(named: "marie", within: Self.machine).id
        let admitted = try store.admitByTelephone(marie, number: "+33199001010", by: Self.machine)
        #expect(admitted.code.count == 6 && admitted.code.allSatisfy(\.isNumber))
        #expect(try store.admitByTelephone(marie, number: nil, by: Self.machine).code == admitted.code, "a code stays")
        _ = try store.admitByTelephone(marie, number: "+33199001010", by: Self.machine)
        func identify(_ code: String?, _ number: String?, _ pin: String) throws -> String? {
            try store.identifyByTelephone(code: code, number: number, pin: pin)?.account.name
        }
        #expect(try identify(admitted.code, nil, "864209") == nil, "without a PIN nobody is let in")
        try store.setPIN("864209", of: marie)
        #expect(try identify(admitted.code, nil, "864209") == nil, "nor with a one-time password")
        #expect(try store.changePassword(user: "marie", current: store.resetPassword(user: "marie", organisationNamed: "Mairie", actor: "cli:root"), new: "une-cloche-de-village", keepingSession: []))
        #expect(try identify(admitted.code, nil, "864209") == "marie")
        #expect(try identify(nil, "+33199001010", "864209") == "marie")
        for (code, number, pin) in [("000000", nil, "864209"), (admitted.code, nil, "000000"), (nil, "+33199001011", "864209"), (nil, nil, "864209")] as [(String?, String?, String)] {
            #expect(try identify(code, number, pin) == nil)
        }
        for _ in 0..<5 { #expect(try identify(admitted.code, nil, "111111") == nil) }
        #expect(try identify(admitted.code, nil, "864209") == nil, "five wrong ones lock it")
        try store.forgivePIN(of: marie)
        #expect(try identify(admitted.code, nil, "864209") == "marie")
        try store.dismissFromTelephone(marie, by: Self.machine)
        #expect(try identify(admitted.code, nil, "864209") == nil)
    }

    @Test func `two accounts do not share a number`() throws {
        let bench = try StoreBench()
        let store = bench.database
        let people = try ["marie", "paul"].map { name in
            _ = try store.resetPassword(user: name, organisationNamed: "Mairie", actor: "cli:root")
            return try store.person(named: name, within: Self.machine).id
        }
        _ = try store.admitByTelephone(people[0], number: "+33199001010", by: Self.machine)
        #expect(throws: TelephoneError.numberTaken) { try store.admitByTelephone(people[1], number: "+33199001010", by: Self.machine) }
        let codes = try people.map { try store.admitByTelephone($0, number: nil, by: Self.machine).code }
        #expect(Set(codes).count == 2)
        let watcher = Operator(name: "paul", user: people[1], organisation: nil, capabilities: [.launch])
        #expect(throws: RightsError.notPermitted(.administer)) { try store.admitByTelephone(people[1], number: nil, by: watcher) }
    }
}
