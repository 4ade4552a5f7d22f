import AlertModel
import Foundation
import Hummingbird
import WebAuthn

/// One's own account: second factor, PIN, sessions, tokens. Whatever a stolen session could make lasting asks for the
/// password again.
struct AccountRoutes: Sendable {
    /// Fewest and most figures of a PIN.
    static let pinLengths = 6...12
    static let longestName = 60

    let desk: AccountDesk
    let accounts: Accounts
    let now: @Sendable () -> Date
    let gate = SignInGate()
    let passwordChecks: Turnstile
    let keys: KeyDoor

    init(desk: AccountDesk, accounts: Accounts, configuration: ConsoleConfiguration, challenges: KeyChallenges) {
        keys = KeyDoor(configuration: configuration, challenges: challenges)
        self.desk = desk
        self.accounts = accounts
        now = configuration.now
        passwordChecks = Turnstile(width: configuration.limits.concurrentPasswordChecks, longestQueue: 32)
    }

    func register(on routes: RouteRegistrar) {
        routes.on(.account) { call in
            let visitor = try visitor(call)
            var document = try await desk.read(visitor.account, visitor.token.digest)
            document.keyDomain = keys.party?.id
            document.mayUseKeys = keys.place(of: call) != nil
            return try Answer.json(document)
        }
        routes.on(.beginCodes) { call in
            let (visitor, _) = try await proved(call, allowing: [])
            let outcome = try await desk.act(visitor.account, .beginCodes)
            // A second factor that is there is removed first, in the open.
            guard let secret = outcome.secret else { throw ConsoleProblem(.alreadyExists) }
            let address = OneTimeCode.address(
                secret: secret, user: visitor.account.user, issuer: "Tocsin \(outcome.issuer ?? "")")
            let image = try QRCode(address)
            return try Answer.json(EnrolmentDocument(
                secret: Base32.encode(secret), address: address, side: image.side + 2 * QRCode.quietZone, path: image.path))
        }
        routes.on(.confirmCodes) { call in
            let visitor = try visitor(call)
            let code = Redacted(try await call.bodyObject().text("code", maximumLength: 16))
            try begin(visitor)
            guard let codes = try await desk.act(visitor.account, .confirmCodes(code)).recovery else {
                throw ConsoleProblem(.wrongProof)
            }
            gate.succeed(key(visitor))
            return try Answer.json(SecretsDocument(recovery: codes))
        }
        routes.on(.removeFactors) { call in
            let (visitor, _) = try await proved(call, allowing: [])
            _ = try await desk.act(visitor.account, .removeFactors)
            return Answer.nothing
        }
        routes.on(.renewRecovery) { call in
            let (visitor, _) = try await proved(call, allowing: [])
            return try Answer.json(SecretsDocument(recovery: try await desk.act(visitor.account, .renewRecovery).recovery))
        }
        routes.on(.setPIN) { call in
            let (visitor, body) = try await proved(call, allowing: ["pin"])
            let pin = body.has("pin") ? try body.text("pin", maximumLength: 64) : nil
            if let pin, !Self.isAcceptable(pin) {
                throw ConsoleProblem(.weakPassword, ProblemDetail(path: "pin", limit: Self.pinLengths.lowerBound))
            }
            _ = try await desk.act(visitor.account, .setPIN(pin.map { Redacted($0) }))
            return Answer.nothing
        }
        routes.on(.setExercisePassword) { call in
            let (visitor, body) = try await proved(call, allowing: ["exercisePassword"])
            let fresh = body.has("exercisePassword")
                ? try body.text("exercisePassword", maximumLength: SessionRoutes.longestPassword) : nil
            if let fresh, PasswordRule.isWeak(fresh, user: visitor.account.user) {
                throw ConsoleProblem(.weakPassword, ProblemDetail(path: "exercisePassword", limit: PasswordRule.shortest))
            }
            _ = try await passwordChecks.run {
                try await desk.act(visitor.account, .setExercisePassword(fresh.map { Redacted($0) }))
            }
            return Answer.nothing
        }
        routes.on(.endOwnSession) { call in
            _ = try await desk.act(try visitor(call).account, .endSession(handle: try call.id()))
            return Answer.nothing
        }
        registerKeys(on: routes)
        routes.on(.createToken) { call in
            let (visitor, body) = try await proved(call, allowing: ["name", "capabilities", "days", "mode"])
            let outcome = try await desk.act(
                visitor.account,
                .createToken(
                    name: try body.text("name", maximumLength: Self.longestName),
                    capabilities: Set(try body.words("capabilities", Capability.self)),
                    days: try body.integer("days", in: 1...366),
                    mode: body.has("mode") ? try body.word("mode", CampaignMode.self) : .real))
            return try Answer.json(SecretsDocument(token: outcome.token, id: outcome.id), status: .created)
        }
        routes.on(.revokeToken) { call in
            _ = try await desk.act(try visitor(call).account, .revokeToken(TokenID(rawValue: try call.id())))
            return Answer.nothing
        }
    }

    private func registerKeys(on routes: RouteRegistrar) {
        routes.on(.beginKey) { call in
            let (visitor, _) = try await proved(call, allowing: [])
            let place = try keys.requirePlace(of: call)
            let challenge = keys.challenges.make(.registration(visitor.token.digest), at: now())
            return try Answer.json(KeyOffer(
                request: KeyRequest(
                    challenge: challenge, party: place.party, keys: try await accounts.keys(visitor.account, place.party)),
                handle: Base64URL.encode(Array("tocsin \(visitor.account.id)".utf8)), user: visitor.account.user,
                algorithms: WebAuthn.algorithms))
        }
        routes.on(.addKey) { call in
            let visitor = try visitor(call)
            let body = try await call.bodyObject()
            try body.allow(["name", "challenge", "clientData", "attestation"])
            let name = try body.text("name", maximumLength: Self.longestName)
            let (registration, expectation) = try keys.registration(body, session: visitor.token.digest, call: call)
            let outcome = try await desk.act(visitor.account, .addKey(name: name, registration, expectation))
            return try Answer.json(SecretsDocument(recovery: outcome.recovery, id: outcome.id), status: .created)
        }
        routes.on(.removeKey) { call in
            let id = try call.id()
            let (visitor, _) = try await proved(call, allowing: [])
            _ = try await desk.act(visitor.account, .removeKey(SecurityKeyID(rawValue: id)))
            return Answer.nothing
        }
    }

    /// Six to twelve figures that are neither one figure again and again nor a run.
    static func isAcceptable(_ pin: String) -> Bool {
        let figures = Array(pin.utf8)
        guard pinLengths.contains(figures.count), figures.allSatisfy({ (48...57).contains($0) }) else { return false }
        let steps = Set(zip(figures, figures.dropFirst()).map { Int($1) - Int($0) })
        return Set(figures).count > 2 && !(steps.count == 1)
    }

    private func visitor(_ call: Call) throws -> Visitor {
        guard let visitor = call.visitor else { throw ConsoleProblem(.sessionRequired) }
        return visitor
    }

    private func key(_ visitor: Visitor) -> SignInGate.Key { SignInGate.Key(user: String(visitor.account.id), address: "") }

    private func begin(_ visitor: Visitor) throws {
        if let seconds = gate.begin(key(visitor), at: now()) {
            throw ConsoleProblem(.tooManyAttempts, ProblemDetail(retryAfterSeconds: seconds))
        }
    }

    /// The body of a request that brings the account's password.
    private func proved(_ call: Call, allowing keys: Set<String>) async throws -> (Visitor, BodyObject) {
        let visitor = try visitor(call)
        let body = try await call.bodyObject()
        try body.allow(keys.union(["password"]))
        let password = Redacted(try body.text("password", maximumLength: SessionRoutes.longestPassword))
        try begin(visitor)
        let found = try await passwordChecks.run { try await accounts.authenticate(visitor.account.user, password) }
        guard found?.id == visitor.account.id else { throw ConsoleProblem(.wrongPassword, ProblemDetail(path: "password")) }
        gate.succeed(key(visitor))
        return (visitor, body)
    }
}

/// `POST /api/account/codes`: shown once.
struct EnrolmentDocument: Codable {
    let secret: String
    let address: String
    /// Of the drawing, in its units, the quiet zone included.
    let side: Int
    /// An SVG path.
    let path: String
}

/// What is shown once.
struct SecretsDocument: Codable {
    var recovery: [String]?
    var token: String?
    var id: Int64?
}
