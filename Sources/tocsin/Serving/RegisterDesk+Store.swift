import AlertModel
import Console
import Foundation
import GeoModel
import Import
import Store

extension RegisterDesk {
    /// People taken away in one file at most.
    private static let mostExported = 1_000_000
    /// Addresses that a small map shows by which to find one's way.
    private static let mostNear = 60

    /// The register in the database.
    init(store: AlertDatabase) {
        let addresses = AddressCounter(store: store)
        ReadyFile.removeLeftovers()
        self.init(
            find: { account, query, after, limit in
                try await ConsoleProblems.translating {
                    let found = try store.findPeople(
                        PeopleQuestion(query), scope: try store.scope(of: account.organisation),
                        after: after.map { PeopleCursor(stage: $0.stage, id: RecipientID(rawValue: $0.id)) }, limit: limit)
                    try store.recordSight("register.search", ofPeople: found.people, actor: account.user)
                    return FoundPeoplePage(
                        people: found.people.map { FoundPeoplePage.Line($0) },
                        next: found.next.map { PeoplePlace(stage: $0.stage, id: $0.id.rawValue) }, count: found.count)
                }
            },
            card: { account, id in
                try await ConsoleProblems.translating {
                    let scope = try store.scope(of: account.organisation)
                    let card = try store.personCard(id, scope: scope)
                    try store.recordSight(ofPerson: card, actor: account.user)
                    return try PersonCardDocument(card, outcomes: try store.contactOutcomes(of: id, scope: scope), store: store)
                }
            },
            history: { account, id in
                try await ConsoleProblems.translating {
                    PersonHistoryDocument(try store.personHistory(id, scope: try store.scope(of: account.organisation)))
                }
            },
            change: { account, id, draft, version in
                try await ConsoleProblems.translating {
                    let scope = try store.scope(of: account.organisation)
                    let reading = PersonReading(draft)
                    var change = PersonChange()
                    change.edits = try reading.edits()
                    // Numbers are read as they are dialled where the recipient lives.
                    change.contacts = try draft.contacts.map {
                        let known = try store.personCard(id, scope: scope).entry.recipient.communeCode
                        return try reading.contacts($0, department: (draft.communeCode.flatMap { CommuneCode($0) } ?? known)?.department)
                    }
                    change.lists = draft.lists
                    change.reason = draft.reason?.rawValue
                    return try store.change(person: id, change, version: version, scope: scope, actor: account.user).version
                }
            },
            add: { account, draft in
                try await ConsoleProblems.translating {
                    try store.add(person: try PersonReading(draft).recipient(), to: account.organisation, actor: account.user)
                }
            },
            erase: { account, id, version in
                try await ConsoleProblems.translating {
                    try store.erase(
                        person: id, version: version, scope: try store.scope(of: account.organisation), actor: account.user)
                }
            },
            label: { account, ids, kind, name, isOn in
                try await ConsoleProblems.translating {
                    try store.label(
                        ids, kind == .list ? .list(name) : .tag(name), isOn: isOn,
                        scope: try store.scope(of: account.organisation), actor: account.user)
                }
            },
            gather: { account, ids, name in
                guard account.capabilities.contains(.prepare) else { throw ConsoleProblem(.notPermitted) }
                return try await ConsoleProblems.translating {
                    try store.oneOffAudience(of: ids, named: name, owner: account.organisation, actor: account.user).listName
                }
            },
            export: { account, query, format in
                try await ConsoleProblems.translating {
                    var selection = RegisterSelection(organisation: account.organisation)
                    if query != RegisterQuery() {
                        selection.people = try store.allPeople(
                            PeopleQuestion(query), scope: .organisation(account.organisation), most: Self.mostExported)
                    }
                    let name = "registre.\(format.rawValue)"
                    return StreamedFile(
                        pieces: try ReadyFile.pieces(of: name) { path in
                            _ = try RegisterFile(store: store, actor: account.user)
                                .write(selection, to: path, format: format == .csv ? .csv : .xlsx)
                        }, fileName: name)
                }
            },
            places: { _, text in
                guard text.contains(where: { $0.isLetter || $0.isNumber }) else { return [] }
                return try await Offload.run {
                    try addresses.search(
                        AddressQuestion(text: text, limit: 6, completes: true, centre: nil, filters: AddressFilters())
                    ).found.map { PlaceSuggestion($0) }
                }
            },
            near: { _, place in
                try await Offload.run {
                    try addresses.reverse(
                        [PlaceQuestion(position: place.position, limit: Self.mostNear, filters: AddressFilters())]
                    )[0].map { PlaceSuggestion($0) }
                }
            })
    }
}

extension PeopleQuestion {
    fileprivate init(_ query: RegisterQuery) {
        self.init()
        text = query.text
        list = query.list
        tag = query.tag
        communeCode = query.communeCode
        channel = query.channel
        precision = query.precision
        unconfirmedSince = query.staleMonths.map { CoverageOptions(staleMonths: $0).staleBefore }
        hasOptedOut = query.hasOptedOut
        isUnreachable = query.isUnreachable
    }
}

extension FoundPeoplePage.Line {
    fileprivate init(_ person: FoundPerson) {
        self.init(
            id: person.id.rawValue, identifier: person.externalID, kind: person.kind, name: person.name.value,
            address: person.address?.value, postcode: person.postcode, commune: person.commune, precision: person.precision,
            channels: person.channels, hasOptedOut: person.hasOptedOut, organisation: person.organisation,
            isWritable: person.isWritable)
    }
}

extension PersonCardDocument {
    init(_ card: PersonCard, outcomes: [ContactOutcome], store: AlertDatabase) throws {
        let recipient = card.entry.recipient
        let box = try recipient.communeCode.flatMap { try store.communes(codes: [$0]).found.first?.boundary?.boundingBox }
        let last = Dictionary(outcomes.map { ("\($0.channel) \($0.address.value)", $0) }) { first, _ in first }
        self.init(
            id: card.id.rawValue, version: card.version, identifier: recipient.externalID, kind: recipient.kind,
            name: recipient.name.value, language: recipient.language, address: recipient.addressText?.value,
            postcode: recipient.postcode, commune: recipient.communeName, communeCode: recipient.communeCode?.rawValue,
            household: recipient.household, building: recipient.building, confirmedOn: recipient.confirmedOn?.text,
            precision: card.entry.precision, position: recipient.location.map { LonLat($0.position) },
            uncertaintyMetres: recipient.location?.uncertaintyMetres,
            communeBounds: box.map { [$0.west, $0.south, $0.east, $0.north] },
            contacts: recipient.contactPoints.map { point in
                var contact = ContactDocument(
                    channel: point.channel, address: point.address.value, rank: point.rank, isEmergency: point.isEmergency,
                    isOfUnknownRange: point.check == .unknownRange, consent: point.consent, consentOn: point.consentOn?.text,
                    provenance: point.provenance, confirmedOn: point.confirmedOn?.text)
                if let outcome = last["\(point.channel) \(point.address.value)"] {
                    contact.outcome = outcome.state
                    contact.cause = outcome.cause
                    contact.outcomeAt = outcome.at
                }
                return contact
            },
            lists: recipient.lists ?? [], tags: recipient.tags ?? [], organisation: card.entry.organisation,
            source: card.entry.source, isWritable: card.isWritable, isKeptBySystem: card.isKeptBySystem,
            updatedAt: card.updatedAt)
    }
}

extension PersonHistoryDocument {
    fileprivate init(_ history: PersonHistory) {
        self.init(
            events: history.events.map { Event(at: $0.at, actor: $0.actor, action: $0.action, detail: $0.detail) },
            messages: history.messages.map {
                Message(campaign: $0.campaign, at: $0.at, subject: $0.subject, mode: $0.mode, state: $0.state)
            })
    }
}

extension PlaceSuggestion {
    fileprivate init(_ found: FoundAddress) {
        let isStreet = found.kind == .housenumber || found.kind == .street
        self.init(
            label: found.label,
            address: isStreet ? [found.houseNumber, found.name].compactMap { $0 }.joined(separator: " ")
                : found.kind == .municipality ? "" : found.name,
            postcode: found.postcode, commune: found.city, communeCode: found.cityCode, kind: found.kind,
            position: LonLat(found.position))
    }
}
