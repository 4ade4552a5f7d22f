import AlertModel
import Console
import Foundation
import Store
import WebAuthn

extension PeopleDesk {
    /// People and rights kept in the database.
    init(store: AlertDatabase) {
        self.init(
            read: { account in try await ConsoleProblems.translating { try Self.document(of: account, in: store) } },
            act: { account, action in
                try await ConsoleProblems.translating { try Self.perform(action, for: account, in: store) }
            })
    }

    private static func perform(_ action: PeopleAction, for account: Account, in store: AlertDatabase) throws -> PeopleOutcome {
        let actor = account.acting, organisation = account.organisation
        switch action {
        case .createPerson(let name, let role):
            let made = try store.createPerson(named: name, role: role, in: organisation, by: actor)
            return PeopleOutcome(id: made.id.rawValue, password: made.password, state: made.role.rawValue)
        case .closePerson(let person): try store.closePerson(person, by: actor)
        case .resetPassword(let person): return PeopleOutcome(password: try store.resetPassword(of: person, by: actor))
        case .resetFactors(let person): try store.resetFactors(of: person, by: actor)
        case .removeKey(let key): try store.removeSecurityKey(key, by: actor)
        case .endSession(let handle):
            guard try store.endSession(handle, of: organisation, by: actor) else { throw ConsoleProblem(.notFound) }
        case .saveRole(let role): try store.save(role, in: organisation, by: actor)
        case .removeRole(let name): try store.removeRole(named: name, in: organisation, by: actor)
        case .createGroup(let name):
            return PeopleOutcome(id: try store.createGroup(named: name, in: organisation, by: actor).rawValue)
        case .removeGroup(let group): try store.removeGroup(group, in: organisation, by: actor)
        case .give(let beneficiary, let gift, let from, let until):
            let made = try store.give(
                GrantRequest(to: beneficiary, gift, from: from, until: until), in: organisation, by: actor)
            return PeopleOutcome(id: made.id.rawValue, state: made.state.rawValue)
        case .confirm(let grant): try store.confirm(grant, by: actor)
        case .refuse(let grant): try store.refuse(grant, by: actor)
        case .withdraw(let grant): try store.withdraw(grant, by: actor)
        case .declareStation(let name, let digest):
            let id = try store.declareStation(named: name, tokenHash: digest.bytes, in: organisation, by: actor)
            return PeopleOutcome(id: id.rawValue)
        case .revokeStation(let station): try store.revokeStation(station, in: organisation, by: actor)
        case .requireSecondFactor(let isRequired):
            try store.requireSecondFactor(isRequired, in: organisation, by: actor)
        }
        return PeopleOutcome()
    }

    private static func document(of account: Account, in store: AlertDatabase) throws -> PeopleDocument {
        let organisation = account.organisation
        let groups = try store.groups(of: organisation), people = try store.people(of: organisation)
        let names = Dictionary(people.map { ($0.id, $0.name) }, uniquingKeysWith: { name, _ in name })
        let keys = Dictionary(grouping: try store.securityKeys(of: organisation), by: \.user)
        let own = try store.grants(of: organisation)
        // What waits below this organisation waits for its administrators, too.
        let below = try store.pendingGrants(within: organisation).filter { $0.organisation != organisation }
        return PeopleDocument(
            people: try people.map { person in
                .init(
                    id: person.id.rawValue, name: person.name, isClosed: person.isClosed,
                    mustChangePassword: person.mustChangePassword,
                    hasSecondFactor: try store.factors(of: person.id).hasCode || keys[person.id] != nil,
                    keys: (keys[person.id] ?? []).map { KeyEntry($0) }, capabilities: person.capabilities.sorted())
            },
            roles: try store.roles(of: organisation).map {
                .init(name: $0.name, isBuiltIn: Role.builtIn(named: $0.name) != nil, capabilities: $0.capabilities.sorted())
            },
            groups: groups.map {
                .init(
                    id: $0.id.rawValue, name: $0.name, capabilities: $0.capabilities.sorted(),
                    members: $0.members.compactMap { names[$0] })
            },
            grants: (below + own).map { .init($0, for: account, groups: groups) },
            sessions: try store.openSessions(of: organisation).map { SessionEntry($0, isThis: false) },
            stations: try store.stations(of: organisation).map {
                .init(id: $0.id.rawValue, name: $0.name, declaredBy: $0.declaredBy, declaredAt: $0.declaredAt)
            },
            isSecondFactorRequired: try store.requiresSecondFactor(in: organisation))
    }
}

extension PeopleDocument.GrantCard {
    fileprivate init(_ card: Store.GrantCard, for account: Account, groups: [PeopleGroup]) {
        let user = UserID(rawValue: account.id)
        var isGroup = false, isTheirs = false
        switch card.grant.beneficiary {
        case .person(let person): isTheirs = person == user
        case .group(let id):
            isGroup = true
            isTheirs = groups.first { $0.id == id }?.members.contains(user) ?? false
        }
        let kind =
            switch card.grant.gift {
            case .role: "role"
            case .shift: "shift"
            case .rights: "rights"
            case .membership: "membership"
            }
        self.init(
            id: card.grant.id.rawValue, kind: kind, beneficiary: card.beneficiary, isGroup: isGroup, gift: card.gift,
            state: card.grant.state, isInForce: card.grant.isInForce(at: .now), from: card.grant.startsAt,
            until: card.grant.endsAt, madeBy: card.madeBy, decidedBy: card.decidedBy,
            mayConfirm: card.grant.state == .pending && card.madeBy != account.user && !isTheirs)
    }
}

extension SessionEntry {
    init(_ card: SessionCard, isThis: Bool) {
        self.init(
            id: card.handle, user: card.userName, kind: card.kind, mode: card.mode, station: card.station, openedAt: card.openedAt,
            expiresAt: card.expiresAt, isThis: isThis)
    }
}

extension AccountDesk {
    /// One's own account, kept in the database.
    ///
    /// - Parameter keyFile: the path of the key that second factors are sealed with.
    init(store: AlertDatabase, keyFile: String) {
        self.init(
            read: { account, digest in
                try await ConsoleProblems.translating {
                    let user = UserID(rawValue: account.id), factors = try store.factors(of: user)
                    let this = AlertDatabase.handle(ofTokenHash: digest.bytes)
                    return AccountDocument(
                        user: account.user, organisation: try store.organisationName(account.organisation),
                        capabilities: account.capabilities.sorted(), hasSecondFactor: factors.hasCode,
                        mustEnrol: account.mustEnrol, hasPIN: factors.hasPIN, isPINUsable: factors.isPINUsable,
                        hasExercisePassword: try store.hasExercisePassword(user),
                        recoveryCodesLeft: factors.recoveryCodesLeft,
                        keys: try store.securityKeys(of: user).map { KeyEntry($0) },
                        sessions: try store.openSessions(of: account.organisation, user: user).map {
                            SessionEntry($0, isThis: $0.handle == this)
                        },
                        tokens: try store.tokens(of: account.organisation, user: user).map {
                            .init(
                                id: $0.id.rawValue, name: $0.name, capabilities: $0.capabilities.sorted(), mode: $0.mode,
                                expiresAt: $0.expiresAt, lastUsedAt: $0.lastUsedAt)
                        })
                }
            },
            act: { account, action in
                try await ConsoleProblems.translating {
                    try Self.perform(action, for: account, in: store, keyFile: keyFile)
                }
            })
    }

    private static func perform(
        _ action: AccountAction, for account: Account, in store: AlertDatabase, keyFile: String
    ) throws -> AccountOutcome {
        let user = UserID(rawValue: account.id)
        switch action {
        case .beginCodes:
            let secret = try store.beginCodes(of: user, box: try SecretBox(keyFile: keyFile))
            return AccountOutcome(secret: secret, issuer: try store.organisationName(account.organisation))
        case .confirmCodes(let code):
            return AccountOutcome(
                recovery: try store.confirmCodes(of: user, code: code.value, box: try SecretBox(keyFile: keyFile)))
        case .removeFactors: try store.removeFactors(of: user, by: account.acting)
        case .renewRecovery: return AccountOutcome(recovery: try store.renewRecoveryCodes(of: user))
        case .addKey(let name, let registration, let expectation):
            let key: PublicCredential
            do {
                key = try WebAuthn.register(registration, expecting: expectation)
            } catch {
                try store.audit(actor: account.user, action: "factor.key.refused", subject: account.user, detail: ["reason": error.description])
                throw ConsoleProblem(.rightsRefused, ProblemDetail(reason: error.description))
            }
            let added = try store.addSecurityKey(
                named: name, to: user, domain: expectation.party.id, identifier: key.identifier, algorithm: key.algorithm,
                publicKey: key.publicKey, counter: key.counter)
            return AccountOutcome(recovery: added.recovery, id: added.id.rawValue)
        case .removeKey(let key):
            guard try store.securityKeys(of: user).contains(where: { $0.id == key }) else { throw ConsoleProblem(.notFound) }
            try store.removeSecurityKey(key, by: account.acting)
        case .setPIN(let pin): try store.setPIN(pin?.value, of: user)
        case .endSession(let handle):
            guard try store.endSession(handle, of: account.organisation, user: user, by: account.acting) else {
                throw ConsoleProblem(.notFound)
            }
        case .setExercisePassword(let password): try store.setExercisePassword(password?.value, of: user)
        case .createToken(let name, let capabilities, let days, let mode):
            let made = try store.createToken(
                named: name, for: user, capabilities: capabilities, days: days, mode: mode, by: account.acting)
            return AccountOutcome(token: made.token, id: made.id.rawValue)
        case .revokeToken(let token): try store.revokeToken(token, by: account.acting)
        }
        return AccountOutcome()
    }
}
