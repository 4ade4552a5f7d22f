import AlertModel
import Foundation
import HTTPTypes
import Hummingbird

/// Signing in and out, and choosing a password.
struct SessionRoutes: Sendable {
    static let longestPassword = 1_024
    static let longestUser = 128

    let accounts: Accounts
    let isBehindTLSProxy: Bool
    let isSecure: Bool
    let mode: CampaignMode
    let now: @Sendable () -> Date
    let gate = SignInGate()
    /// An address that tries many names waits, too; whoever signs in from another one does not.
    let addressGate = SignInGate(freeFailures: 40)
    /// Those who signed in from there before do not wait for what others try at their address.
    let familiar = FamiliarPairs()
    /// Six figures can be guessed by who knows the password and has many addresses: tries of one account wait, too. The
    /// account is never locked: a recovery code does not wait.
    let codeGate = SignInGate(freeFailures: 10)
    /// Whoever is signed in and proves who they are waits for their own session's failures only: nobody elsewhere, not even on
    /// the same network, makes them wait before a launch.
    let proofGate = SignInGate()
    let passwordChecks: Turnstile
    let keys: KeyDoor

    init(accounts: Accounts, configuration: ConsoleConfiguration, challenges: KeyChallenges) {
        keys = KeyDoor(configuration: configuration, challenges: challenges)
        self.accounts = accounts
        isBehindTLSProxy = configuration.isBehindTLSProxy
        isSecure = configuration.isSecure
        mode = configuration.mode
        now = configuration.now
        passwordChecks = Turnstile(width: configuration.limits.concurrentPasswordChecks, longestQueue: 32)
    }

    func register(on routes: RouteRegistrar) {
        routes.on(.signIn) { try await signIn($0) }
        routes.on(.session) { call in
            guard let visitor = call.visitor else { throw ConsoleProblem(.sessionRequired) }
            return try Answer.json(try await document(visitor))
        }
        routes.on(.signOut) { call in
            guard let visitor = call.visitor else { throw ConsoleProblem(.sessionRequired) }
            try await accounts.closeSession(visitor.token.digest)
            var response = Answer.nothing
            response.headers[.setCookie] = cookie("", maximumAge: 0)
            return response
        }
        routes.on(.changePassword) { try await changePassword($0) }
        routes.on(.prove) { try await prove($0) }
        routes.on(.beginProof) { call in
            guard let visitor = call.visitor else { throw ConsoleProblem(.sessionRequired) }
            let request = try await keys.request(
                .proof(visitor.token.digest), of: visitor.account, accounts: accounts, call: call)
            return try Answer.json(ProofOffer(key: request))
        }
    }

    private func signIn(_ call: Call) async throws -> Response {
        let body = try await call.bodyObject()
        let user = try body.text("user", maximumLength: Self.longestUser)
        let password = Redacted(try body.text("password", maximumLength: Self.longestPassword))
        let code = body.has("code") ? Redacted(try body.text("code", maximumLength: 64)) : nil
        let signed = body.has("key") ? try body.object("key") : nil
        let isLong = try body.has("long") && body.flag("long")
        let key = gateKey(user, call), address = SignInGate.Key(user: "", address: key.address)
        let isFamiliar = familiar.has(key, at: now())
        // The address is asked first: a try that it refuses is none of the pair's.
        if !isFamiliar, let seconds = addressGate.begin(address, at: now()) {
            throw ConsoleProblem(.tooManyAttempts, ProblemDetail(retryAfterSeconds: seconds))
        }
        if let seconds = gate.begin(key, at: now()) {
            if !isFamiliar { addressGate.forgive(address) }
            throw ConsoleProblem(.tooManyAttempts, ProblemDetail(retryAfterSeconds: seconds))
        }
        let account = try await passwordChecks.run { try await accounts.authenticate(user, password) }
        guard let account else { throw ConsoleProblem(mode == .real ? .badCredentials : .badExerciseCredentials) }
        if account.hasSecondFactor {
            guard code != nil || signed != nil else {
                // The password was right: that alone is no failed try, and no success either.
                gate.forgive(key)
                if !isFamiliar { addressGate.forgive(address) }
                var detail = ProblemDetail()
                detail.key = try await keys.request(.signIn(account: account.id), of: account, accounts: accounts, call: call)
                throw ConsoleProblem(.secondFactorNeeded, detail.key == nil ? nil : detail)
            }
            let isProved =
                if let signed {
                    try await isSigned(signed, for: .signIn(account: account.id), by: account, verifiedUser: false, call)
                } else if let code { try await isRight(code, of: account) } else { false }
            guard isProved else { throw ConsoleProblem(.badCredentials) }
        }
        gate.succeed(key)
        if !isFamiliar { addressGate.forgive(address) }
        familiar.note(key, at: now())

        // Always a new token: one that was there before signing in may be somebody else's choice.
        if let old = call.request.cookies[Doorkeeper.cookieName(mode)].flatMap({ SessionToken(cookieValue: $0.value) }) {
            try await accounts.closeSession(old.digest)
        }
        let token = SessionToken()
        let openedAt = now()
        // A week of duty only where an administrator said so, and only if asked for.
        var station: StationID?
        if mode == .real, isLong, let cookie = call.request.cookies[Doorkeeper.stationCookieName],
            let stationToken = SessionToken(cookieValue: cookie.value)
        {
            station = try await accounts.findStation(stationToken.digest, account.organisation)
        }
        let kind = station == nil ? SessionKind.desk : .duty
        let record = SessionRecord(
            digest: token.digest, accountID: account.id, openedAt: openedAt,
            expiresAt: openedAt.addingTimeInterval(Double(kind.seconds)), kind: kind, station: station, provedAt: openedAt)
        try await accounts.openSession(record)
        var response = try Answer.json(try await document(Visitor(account: account, token: token, session: record)))
        response.headers[.setCookie] = cookie(token.cookieValue, maximumAge: kind.seconds)
        return response
    }

    private func document(_ visitor: Visitor) async throws -> SessionDocument {
        var document = SessionDocument(visitor)
        document.hands = try await accounts.hands(visitor.account)
        return document
    }

    /// A touch is enough beside the password; in its place the key has to know its owner, by PIN or fingerprint.
    private func isSigned(
        _ body: BodyObject, for purpose: KeyChallenges.Purpose, by account: Account, verifiedUser: Bool, _ call: Call
    ) async throws -> Bool {
        guard let (assertion, expectation) = try keys.assertion(body, for: purpose, call: call) else { return false }
        return try await accounts.checkKey(account, assertion, expectation, verifiedUser)
    }

    /// PIN, password, code or security key, for what a session must not do on its own. Wrong ones slow this session.
    private func prove(_ call: Call) async throws -> Response {
        guard let visitor = call.visitor else { throw ConsoleProblem(.sessionRequired) }
        let body = try await call.bodyObject()
        try body.allow(["pin", "password", "code", "key"])
        let key = proofKey(visitor)
        if let seconds = proofGate.begin(key, at: now()) {
            throw ConsoleProblem(.tooManyAttempts, ProblemDetail(retryAfterSeconds: seconds))
        }
        let account = visitor.account
        let isRight: Bool
        if body.has("key") {
            isRight = try await isSigned(
                body.object("key"), for: .proof(visitor.token.digest), by: account, verifiedUser: true, call)
        } else if body.has("pin") {
            let pin = Redacted(try body.text("pin", maximumLength: 64))
            isRight = try await passwordChecks.run { try await accounts.checkPIN(account, pin) }
        } else if body.has("code") {
            isRight = try await self.isRight(Redacted(try body.text("code", maximumLength: 64)), of: account)
        } else {
            let password = Redacted(try body.text("password", maximumLength: Self.longestPassword))
            isRight = try await passwordChecks.run { try await accounts.authenticate(account.user, password) }?.id == account.id
        }
        guard isRight else { throw ConsoleProblem(.wrongProof) }
        proofGate.succeed(key)
        try await accounts.noteProof(visitor.token.digest)
        return Answer.nothing
    }

    private func isRight(_ code: Redacted<String>, of account: Account) async throws -> Bool {
        let key = SignInGate.Key(user: String(account.id), address: "")
        // The same text that is compared, so that no way of writing six figures passes by; a recovery code cannot be guessed.
        let plain = OneTimeCode.plain(code.value)
        let isGuessable = plain.utf8.count != OneTimeCode.recoveryLetters
        if isGuessable, let seconds = codeGate.begin(key, at: now()) {
            throw ConsoleProblem(.tooManyAttempts, ProblemDetail(retryAfterSeconds: seconds))
        }
        guard try await accounts.checkCode(account, Redacted(plain)) else { return false }
        codeGate.succeed(key)
        return true
    }

    private func changePassword(_ call: Call) async throws -> Response {
        guard let visitor = call.visitor else { throw ConsoleProblem(.sessionRequired) }
        let body = try await call.bodyObject()
        let current = try body.text("current", maximumLength: Self.longestPassword)
        let new = try body.text("new", maximumLength: Self.longestPassword)
        if new == current || PasswordRule.isWeak(new, user: visitor.account.user) {
            throw ConsoleProblem(.weakPassword, ProblemDetail(path: "new", limit: PasswordRule.shortest))
        }
        // A stolen session must not help to guess the password either.
        let key = proofKey(visitor)
        if let seconds = proofGate.begin(key, at: now()) {
            throw ConsoleProblem(.tooManyAttempts, ProblemDetail(retryAfterSeconds: seconds))
        }
        let isChanged = try await passwordChecks.run {
            try await accounts.changePassword(visitor.account, Redacted(current), Redacted(new), visitor.token.digest)
        }
        guard isChanged else { throw ConsoleProblem(.wrongPassword, ProblemDetail(path: "current")) }
        proofGate.succeed(key)
        return Answer.nothing
    }

    private func gateKey(_ user: String, _ call: Call) -> SignInGate.Key {
        let address = ClientAddress.text(
            of: call.request.headers, connection: call.context.channel.remoteAddress, isBehindProxy: isBehindTLSProxy)
        return SignInGate.Key(user: user.lowercased(), address: address)
    }

    private func proofKey(_ visitor: Visitor) -> SignInGate.Key {
        SignInGate.Key(user: Data(visitor.token.digest.bytes).base64EncodedString(), address: "")
    }

    private func cookie(_ value: String, maximumAge: Int) -> String {
        Doorkeeper.cookie(Doorkeeper.cookieName(mode), value, maximumAge: maximumAge, isSecure: isSecure)
    }
}

/// `POST /api/session/proof/key`.
struct ProofOffer: Codable {
    /// Absent when no key of the account can be used on this page.
    let key: KeyRequest?
}

extension SessionDocument {
    init(_ visitor: Visitor) {
        self.init(
            user: visitor.account.user, role: visitor.account.role,
            capabilities: visitor.account.capabilities.sorted(),
            mustChangePassword: visitor.account.mustChangePassword, csrf: visitor.token.csrf,
            mustEnrol: visitor.account.mustEnrol, kind: visitor.session.kind)
    }
}
