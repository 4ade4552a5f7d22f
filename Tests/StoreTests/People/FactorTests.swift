import AlertModel
import Foundation
import GRDB
import Testing

@testable import Store

@Suite struct FactorTests {
    private let organisation: OrganisationID
    private let bench: StoreBench
    private let user: UserID
    private let box: SecretBox
    private let now = Date(timeIntervalSince1970: 1_800_000_000)

    init() throws {
        bench = try StoreBench()
        organisation = try bench.database.organisation(named: "Mairie")
        user = try bench.insert("anne", role: "administrator", in: organisation)
        let path = try StoreBench.newFolder().appending(path: "key").path
        try SecretBox.makeKey(at: path)
        box = try SecretBox(keyFile: path)
    }

    private var store: AlertDatabase { bench.database }

    private func enrolled() throws -> (secret: [UInt8], recovery: [String]) {
        let secret = try #require(try store.beginCodes(of: user, box: box))
        let code = OneTimeCode.code(secret: secret, step: OneTimeCode.step(at: now))
        return (secret, try #require(try store.confirmCodes(of: user, code: code, box: box, now: now)))
    }

    @Test func `a secret counts once a code has confirmed it, and no code serves twice`() throws {
        let first = try #require(try store.beginCodes(of: user, box: box))
        #expect(try !store.factors(of: user).hasCode)
        #expect(try store.confirmCodes(of: user, code: "000000", box: box, now: now.addingTimeInterval(86_400)) == nil)
        let (secret, recovery) = try enrolled()
        #expect(secret != first)
        #expect(Set(recovery).count == 10)
        // Begun again without being removed: refused.
        #expect(try store.beginCodes(of: user, box: box) == nil)
        let step = OneTimeCode.step(at: now)
        #expect(try !store.checkCode(OneTimeCode.code(secret: secret, step: step), of: user, box: { box }, now: now))
        let next = OneTimeCode.code(secret: secret, step: step + 1)
        #expect(try store.checkCode(next, of: user, box: { box }, now: now))
        #expect(try !store.checkCode(next, of: user, box: { box }, now: now))
    }

    @Test func `a recovery code serves once, however it is typed, and needs no key`() throws {
        let (_, recovery) = try enrolled()
        let noKey = { throw SecretBoxError.noKey(path: "gone") } as () throws -> SecretBox
        #expect(try store.checkCode(recovery[3].lowercased().replacing("-", with: " "), of: user, box: noKey, now: now))
        #expect(try !store.checkCode(recovery[3], of: user, box: noKey, now: now))
        #expect(try store.factors(of: user).recoveryCodesLeft == 9)
        _ = try store.renewRecoveryCodes(of: user)
        #expect(try !store.checkCode(recovery[4], of: user, box: noKey, now: now))
    }

    @Test func `a copy of the database alone gives no second factor`() throws {
        let (secret, recovery) = try enrolled()
        try store.pool.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
        let bytes = try Data(contentsOf: URL(filePath: store.path))
        #expect(bytes.range(of: Data(secret)) == nil)
        #expect(bytes.range(of: Data(Base32.encode(secret).utf8)) == nil)
        #expect(bytes.range(of: Data(recovery[0].utf8)) == nil)
        let path = try StoreBench.newFolder().appending(path: "key").path
        try SecretBox.makeKey(at: path)
        let other = try SecretBox(keyFile: path)
        let code = OneTimeCode.code(secret: secret, step: OneTimeCode.step(at: now) + 1)
        #expect(throws: SecretBoxError.cannotOpen) { try store.checkCode(code, of: user, box: { other }, now: now) }
        // Nor does a row of somebody else's account.
        let thief = try bench.insert("zoe", role: "observer", in: organisation)
        try store.pool.write { try $0.execute(sql: "INSERT INTO user_factors (user_id, totp_secret, totp_confirmed_at) SELECT ?, totp_secret, 1 FROM user_factors", arguments: [thief.rawValue]) }
        #expect(throws: SecretBoxError.cannotOpen) { try store.checkCode(code, of: thief, box: { box }, now: now) }
    }

    @Test func `the key is made once, for its owner's eyes only, and a damaged one is said`() throws {
        let path = try StoreBench.newFolder().appending(path: "key").path
        #expect(throws: SecretBoxError.noKey(path: path)) { try SecretBox(keyFile: path) }
        try SecretBox.makeKey(at: path)
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try SecretBox.makeKey(at: path)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
        try "not a key".write(toFile: path, atomically: true, encoding: .utf8)
        #expect(throws: SecretBoxError.badKey(path: path)) { try SecretBox(keyFile: path) }
    }

    @Test func `after five wrong PINs the right one is worth nothing until another proof`() throws {
        try store.setPIN("481596", of: user)
        #expect(try store.checkPIN("481596", of: user))
        for _ in 0..<5 { #expect(try !store.checkPIN("111222", of: user)) }
        #expect(try !store.checkPIN("481596", of: user))
        #expect(try !store.factors(of: user).isPINUsable)
        try store.forgivePIN(of: user)
        #expect(try store.checkPIN("481596", of: user))
    }

    @Test func `a session on a station ends with its declaration, and with its account`() throws {
        let actor = try store.actingOperator(named: "anne")
        let station = try store.declareStation(named: "PC crise", tokenHash: [1], in: organisation, by: actor)
        #expect(try store.station(tokenHash: [1])?.id == station)
        func open(_ token: UInt8, station: StationID?) throws {
            try store.openSession(
                tokenHash: [token], userID: user.rawValue, openedAt: .now, expiresAt: .now.addingTimeInterval(600), kind: station == nil ? .desk : .duty, station: station)
        }
        try open(7, station: station)
        try open(8, station: nil)
        #expect(try store.session(tokenHash: [7])?.kind == .duty)
        #expect(try store.openSessions(of: organisation).count == 2)
        try store.revokeStation(station, in: organisation, by: actor)
        #expect(try store.session(tokenHash: [7]) == nil)
        #expect(try store.station(tokenHash: [1]) == nil)
        #expect(try store.session(tokenHash: [8]) != nil)
        try bench.insert("bruno", role: "administrator", in: organisation)
        try store.closePerson(user, by: try store.actingOperator(named: "bruno"))
        #expect(try store.session(tokenHash: [8]) == nil)
    }

    @Test func `a token may do what it was given and its account still may, until it is over or revoked`() throws {
        let actor = try store.actingOperator(named: "anne")
        let observer = try bench.insert("odile", role: "observer", in: organisation)
        #expect(throws: RightsError.beyondOwnRights([.launch])) {
            try store.createToken(named: "essai", for: observer, capabilities: [.launch], days: 1, by: actor)
        }
        let made = try store.createToken(named: "tableau", for: user, capabilities: [.statistics, .launch], days: 10, by: actor)
        #expect(made.token.hasPrefix("tocsin_"))
        #expect(try store.account(ofToken: made.token)?.capabilities == [.statistics, .launch])
        #expect(try store.account(ofToken: made.token + "x") == nil)
        #expect(try store.account(ofToken: made.token, now: .now.addingTimeInterval(11 * 86_400)) == nil)
        #expect(try bench.fetch("SELECT name FROM api_tokens WHERE instr(token_hash, 'tocsin') > 0", as: String.self).isEmpty)
        // What the account loses, its token loses.
        try bench.insert("bruno", role: "administrator", in: organisation)
        let grant = try #require(try store.grants(of: organisation).first { $0.beneficiary == "anne" })
        try store.withdraw(grant.grant.id, by: try store.actingOperator(named: "bruno"))
        #expect(try store.account(ofToken: made.token)?.capabilities == [])
        let zoe = try bench.insert("zoe", role: "administrator", in: try store.organisation(named: "Ailleurs"))
        _ = zoe
        #expect(throws: RightsError.unknownToken) { try store.revokeToken(made.id, by: try store.actingOperator(named: "zoe")) }
        try store.revokeToken(made.id, by: try store.actingOperator(named: "bruno"))
        #expect(try store.account(ofToken: made.token) == nil)
    }

    @Test func `a second factor is asked of those who may launch, approve or administer, and of nobody else`() throws {
        let odile = try bench.insert("odile", role: "observer", in: organisation)
        let actor = try store.actingOperator(named: "anne")
        try store.requireSecondFactor(true, in: organisation, by: actor)
        func needs(_ user: UserID) throws -> Bool? {
            try store.pool.read { database in try database.account(user, now: .now)?.needsSecondFactor }
        }
        #expect(try needs(user) == true && needs(odile) == false)
        try store.requireSecondFactor(false, in: organisation, by: actor)
        #expect(try needs(user) == false)
    }
}
