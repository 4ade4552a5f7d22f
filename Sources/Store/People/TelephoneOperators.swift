import AlertModel
import Foundation
import GRDB

/// How somebody says by telephone who they are.
package struct TelephoneOperator: Hashable, Sendable {
    package let user: UserID
    /// Four to eight figures.
    package let code: String
    /// In E.164; nil where none is written down.
    package let number: String?
}

extension AlertDatabase {
    /// Figures of a code that is made for somebody.
    private static let codeLength = 6

    /// Lets somebody launch by telephone, or changes the number they call from. Their code stays once they have one.
    ///
    /// - Parameter number: in E.164; nil for none.
    /// - Throws: `RightsError.ofAnotherOrganisation`, `.personIsClosed`, `.unknownPerson`; `TelephoneError.numberTaken`.
    package func admitByTelephone(_ person: UserID, number: String?, by actor: Operator) throws -> TelephoneOperator {
        try actor.require(.administer)
        return try pool.write { database in
            let organisation = try database.organisation(of: person, within: actor)
            try database.requireOwnPeople(of: actor, in: organisation)
            try database.requireOpen(person, in: organisation)
            if let number, let other = try database.telephoneOperator(calling: number), other.user != person {
                throw TelephoneError.numberTaken
            }
            let code = try database.telephoneOperator(person)?.code ?? database.freeTelephoneCode(length: Self.codeLength)
            try database.execute(
                sql: """
                    INSERT INTO telephone_operators (user_id, code, number) VALUES (?, ?, ?)
                    ON CONFLICT (user_id) DO UPDATE SET number = excluded.number
                    """, arguments: [person.rawValue, code, number])
            try database.audit(
                actor: actor.name, action: "telephone.admit", subject: try database.userName(person),
                detail: ["number": number == nil ? "none" : "given"], organisation: organisation)
            return TelephoneOperator(user: person, code: code, number: number)
        }
    }

    /// - Throws: as `admitByTelephone`.
    package func dismissFromTelephone(_ person: UserID, by actor: Operator) throws {
        try actor.require(.administer)
        try pool.write { database in
            let organisation = try database.organisation(of: person, within: actor)
            try database.requireOwnPeople(of: actor, in: organisation)
            try database.execute(sql: "DELETE FROM telephone_operators WHERE user_id = ?", arguments: [person.rawValue])
            try database.audit(
                actor: actor.name, action: "telephone.dismiss", subject: try database.userName(person), organisation: organisation)
        }
    }

    package func telephoneOperator(_ person: UserID) throws -> TelephoneOperator? {
        try pool.read { try $0.telephoneOperator(person) }
    }

    package func telephoneOperator(calling number: String) throws -> TelephoneOperator? {
        try pool.read { try $0.telephoneOperator(calling: number) }
    }

    /// Who a code or a calling number is, when the PIN is theirs and the account may be used: open, its password chosen by itself,
    /// with a second factor where its organisation asks for one. Traced. Slow: call off the cooperative threads.
    package func identifyByTelephone(code: String?, number: String?, pin: String) throws -> (account: UserAccount, telephone: TelephoneOperator)? {
        let found = try pool.read { database in
            try code.flatMap { try database.telephoneOperator(code: $0) } ?? number.flatMap { try database.telephoneOperator(calling: $0) }
        }
        let isRight: Bool
        if let found, try factors(of: found.user).isPINUsable {
            isRight = try checkPIN(pin, of: found.user)
        } else {
            // As long as a wrong PIN takes: nobody learns which codes there are.
            isRight = false
            _ = PasswordHash.verify(pin, against: Self.decoyHash)
        }
        guard isRight, let found, let account = try pool.read({ try $0.account(found.user, now: .now) }), !account.mustChangePassword,
            !account.mustEnrol
        else {
            try audit(actor: "telephone", action: "session.refused", subject: "telephone")
            return nil
        }
        try audit(actor: account.name, action: "telephone.open", subject: account.name)
        return (account, found)
    }
}

/// Why somebody, or a scenario, can't be reached by telephone. Descriptions are safe to show.
package enum TelephoneError: Error, Hashable, Sendable, CustomStringConvertible {
    case numberTaken
    case scenarioNumberTaken(Int)
    /// The scenario has places that only a keyboard fills.
    case blanks([String])
    case numberOutOfRange

    package var description: String {
        switch self {
        case .numberTaken: "this telephone number is another account's: two people can't be told apart by it"
        case .scenarioNumberTaken(let number): "the number \(number) is another scenario's: choose another, or take it away there"
        case .blanks(let names):
            "the scenario has blanks (\(names.joined(separator: ", "))), which no telephone key fills: save one without them"
        case .numberOutOfRange: "a scenario's number goes from 1 to 999"
        }
    }
}

extension Database {
    func telephoneOperator(_ person: UserID) throws -> TelephoneOperator? {
        try telephoneOperator(where: "user_id = ?", person.rawValue)
    }

    func telephoneOperator(code: String) throws -> TelephoneOperator? { try telephoneOperator(where: "code = ?", code) }

    func telephoneOperator(calling number: String) throws -> TelephoneOperator? {
        try telephoneOperator(where: "number = ?", number)
    }

    private func telephoneOperator(where condition: String, _ value: any DatabaseValueConvertible) throws -> TelephoneOperator? {
        try Row.fetchOne(
            self, sql: "SELECT user_id, code, number FROM telephone_operators WHERE \(condition)", arguments: [value]
        ).map { TelephoneOperator(user: UserID(rawValue: $0["user_id"]), code: $0["code"], number: $0["number"]) }
    }

    fileprivate func freeTelephoneCode(length: Int) throws -> String {
        var generator = SystemRandomNumberGenerator()
        while true {
            let code = String((0..<length).map { _ in Character(String(Int.random(in: 0...9, using: &generator))) })
            if try telephoneOperator(code: code) == nil { return code }
        }
    }
}
