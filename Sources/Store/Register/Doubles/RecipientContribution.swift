import AlertModel
import Foundation
import GRDB
import GeoModel

/// What one row of a source, or one card made by hand, said last, and what of it the card has that it became part of.
struct RecipientContribution: Codable, Equatable {
    /// Without identifiers of others, ledger, or protected facts. Its number is the one the row had as a card of its own; 0 when
    /// it never was one.
    var image: RecipientImage
    /// The single values of the card that are this row's, in the order of their words.
    private var gives: [MergedValue]
    /// Nobody kept what the row said: its image is the whole card, with what others or a hand may have given it. Nothing of that
    /// is taken away on the row's word, nor on another's.
    let isGuessed: Bool

    init(_ image: RecipientImage, gives: some Sequence<MergedValue>, isGuessed: Bool = false) {
        self.isGuessed = isGuessed
        var image = image
        image.aliases = []
        image.deliveries = []
        image.vulnerability = nil
        image.contributions = nil
        self.image = image
        self.gives = gives.sorted { $0.rawValue < $1.rawValue }
    }

    func gives(_ value: MergedValue) -> Bool { gives.contains(value) }

    /// What the row is known to have said; nil where that is a guess.
    var said: RecipientImage? { isGuessed ? nil : image }

    mutating func give(_ value: MergedValue, _ isGiven: Bool) {
        gives.removeAll { $0 == value }
        if isGiven { gives = (gives + [value]).sorted { $0.rawValue < $1.rawValue } }
    }
}

extension RecipientImage {
    /// Whether several rows are this one card.
    var isMerged: Bool { contributions != nil || !aliases.isEmpty }

    /// What each row gives; of a card that was never merged, all is its own.
    ///
    /// Of a card merged before contributions were kept, and of one that a hand has changed since its file, nobody knows which of
    /// its contact points, lists and tags its own row gave: it is guessed.
    var knownContributions: [RecipientContribution] {
        if let contributions { return contributions }
        let isGuessed = !aliases.isEmpty || importID == nil && source != nil
        return [RecipientContribution(self, gives: MergedValue.allCases, isGuessed: isGuessed)]
    }

    func contribution(of externalID: String) -> RecipientContribution? {
        contributions?.first { $0.image.externalID == externalID }
    }

    /// Over what all rows said: it differs with any of them, and from what any one says alone, so that an import that was read
    /// before a merging is not written over it.
    static func contentHash(of contributions: [RecipientContribution]) -> Data {
        var hash = ContentHash()
        hash.add("merged")
        for one in contributions.sorted(by: { $0.image.externalID < $1.image.externalID }) {
            hash.add(one.image.externalID)
            hash.add(bytes: Array(one.image.contentHash))
        }
        return hash.finish()
    }

    /// What the card is once one of its rows, or a row that joins it, has said something.
    ///
    /// - Parameters:
    ///   - recipient: the row, whole and located.
    ///   - source: whose row it is, and `importID` by which import, should it be heard for the first time.
    ///   - lists: the identifiers of the lists it names.
    func hearing(_ recipient: Recipient, hash: Data, source: String?, importID: Int64?, lists: [Int64]?) -> RecipientImage {
        let before = knownContributions.first { $0.image.externalID == recipient.externalID }
        var row = RecipientImage(saying: recipient, over: before?.image ?? blank, hash: hash, lists: lists)
        row.source = source
        row.importID = importID
        return hearing(row)
    }

    /// The row adds what it brings and takes away what it alone brought before; what others bring, or somebody wrote, stays. A
    /// refusal stays a refusal. Of single values the card's own row changes those that it says otherwise than before, another
    /// row those of them that are its.
    ///
    /// - Parameter row: with all that the source says, and what it does not speak of as it said it before.
    private func hearing(_ row: RecipientImage) -> RecipientImage {
        var card = self
        var all = knownContributions
        let isOwn = row.externalID == externalID
        let before = all.first { $0.image.externalID == row.externalID }
        if let before, before.image.contentHash == row.contentHash {
            card.takeBetterPlace(of: row, isGiven: before.gives(.place))
            return card
        }
        let others = all.filter { $0.image.externalID != row.externalID }.map(\.image)
        var now = RecipientContribution(row, gives: MergedValue.allCases.filter { before?.gives($0) ?? isOwn })
        now.image.id = before?.image.id ?? (isOwn ? id : 0)
        for value in MergedValue.allCases where isOwn || now.gives(value) {
            if value == .place, now.gives(.place) { card.confirmedOn = row.confirmedOn }
            guard before.map({ !row.says(value, as: $0.image) }) ?? isOwn, value != .place || row.hasPlace else { continue }
            card.take(value, of: row)
            for index in all.indices { all[index].give(value, false) }
            now.give(value, true)
        }
        card.contacts = heard(row.contacts, before: before?.said?.contacts ?? [], others: others.map(\.contacts))
        card.lists = Self.heard(row.lists, before: before?.said?.lists, others: others.flatMap(\.lists), on: lists).sorted()
        card.tags = Self.heard(row.tags, before: before?.said?.tags, others: others.flatMap(\.tags), on: tags).sorted()
        card.vulnerability = Self.heard(row.vulnerability, on: vulnerability)
        if !isOwn, !aliases.contains(where: { $0.externalID == row.externalID }) {
            card.aliases = (aliases + [Alias(externalID: row.externalID, source: row.source, importID: row.importID)])
                .sorted { $0.externalID < $1.externalID }
        }
        all = all.filter { $0.image.externalID != row.externalID } + [now]
        card.contributions = all.sorted { $0.image.externalID < $1.image.externalID }
        card.contentHash = Self.contentHash(of: all)
        card.channels = ChannelMask(card.contacts.compactMap { Channel(rawValue: $0.channel) }).rawValue
        return card
    }

    // MARK: Single values

    mutating func take(_ value: MergedValue, of other: RecipientImage) {
        switch value {
        case .name: name = other.name
        case .kind: kind = other.kind
        case .language: language = other.language
        case .household: household = other.household
        case .building: building = other.building
        case .place: takePlace(of: other)
        }
    }

    private func says(_ value: MergedValue, as other: RecipientImage) -> Bool {
        switch value {
        case .name: name == other.name
        case .kind: kind == other.kind
        case .language: language == other.language
        case .household: household == other.household
        case .building: building == other.building
        case .place: saysPlace(as: other)
        }
    }

    /// Whether both name one place, whatever a geocoder made of it.
    private func saysPlace(as other: RecipientImage) -> Bool {
        func code(_ image: RecipientImage) -> String? { image.isCommuneFound ? nil : image.communeCode }
        func point(_ image: RecipientImage) -> [Double?]? {
            image.precision == Precision.given.rawValue ? [image.longitude, image.latitude] : nil
        }
        return address == other.address && postcode == other.postcode && communeName == other.communeName
            && code(self) == code(other) && point(self) == point(other)
    }

    /// The row says what it said: where that is may be known better now.
    private mutating func takeBetterPlace(of row: RecipientImage, isGiven: Bool) {
        guard isGiven, saysPlace(as: row) else { return }
        let day = confirmedOn
        takePlace(of: row)
        confirmedOn = day
    }

    // MARK: What is united

    /// In the order of the register.
    private func heard(_ said: [Contact], before: [Contact], others: [[Contact]]) -> [Contact] {
        func find(_ contact: Contact, in all: [Contact]) -> Contact? { all.first(where: contact.isAt) }
        var kept = contacts.filter { contact in
            find(contact, in: said) != nil || find(contact, in: before) == nil
                || others.contains { find(contact, in: $0) != nil }
        }
        var added: [Contact] = []
        for contact in said where find(contact, in: before) != contact {
            let theirs = others.compactMap { find(contact, in: $0) }
            var joined = theirs.reduce(contact) { Self.united($0, $1) }
            if let index = kept.firstIndex(where: contact.isAt) {
                if kept[index].consent == Consent.refused.rawValue { joined = Self.united(joined, kept[index]) }
                kept[index] = joined
            } else {
                added.append(joined)
            }
        }
        return Self.united(kept, added)
    }

    private static func heard<Value: Hashable>(_ said: [Value], before: [Value]?, others: [Value], on card: [Value]) -> Set<Value> {
        Set(card).subtracting(Set(before ?? []).subtracting(others)).union(said)
    }

    /// What was written for a rescue is added to, never taken away: nobody keeps whose it was.
    private static func heard(_ said: Protected?, on card: Protected?) -> Protected? {
        guard let said, let card else { return said ?? card }
        func has(_ text: String?, _ part: String?) -> Bool { part.map { (text ?? "").contains($0) } ?? true }
        return has(card.kind, said.kind) && has(card.detail, said.detail) ? card : united(card, said)
    }

    /// The names of the facts in which the two differ, sorted, as `Recipient.changedFields` names them.
    func changedFields(from other: RecipientImage) -> [String] {
        let facts: [(String, Bool)] = [
            ("building", building == other.building),
            ("commune", communeName == other.communeName),
            ("commune_code", communeCode == other.communeCode && isCommuneFound == other.isCommuneFound),
            ("address", address == other.address), ("postcode", postcode == other.postcode),
            ("confirmed_on", confirmedOn == other.confirmedOn), ("contact_points", contacts == other.contacts),
            ("household", household == other.household), ("kind", kind == other.kind), ("language", language == other.language),
            ("lists", lists == other.lists), ("location", location == other.location), ("name", name == other.name),
            ("tags", tags == other.tags), ("vulnerability", vulnerability == other.vulnerability),
        ]
        return facts.filter { !$0.1 }.map(\.0).sorted()
    }
}

extension RecipientImage.Contact {
    fileprivate func isAt(_ other: Self) -> Bool { channel == other.channel && address == other.address }
}

extension RecipientImage {
    /// A row as its source says it.
    ///
    /// - Parameters:
    ///   - recipient: whole and located.
    ///   - base: what the row said before, or the card: for what the source does not speak of.
    ///   - lists: the identifiers of the lists it names; nil when it names none.
    fileprivate init(saying recipient: Recipient, over base: RecipientImage, hash: Data, lists: [Int64]?) {
        self = base
        externalID = recipient.externalID
        kind = recipient.kind.rawValue
        name = recipient.name.value
        address = recipient.addressText?.value
        postcode = recipient.postcode
        communeCode = recipient.communeCode?.rawValue
        isCommuneFound = recipient.isCommuneFound
        communeName = recipient.communeName
        language = recipient.language
        household = recipient.household
        building = recipient.building
        confirmedOn = recipient.confirmedOn?.text
        precision = recipient.location?.precision.rawValue
        score = recipient.location?.score
        uncertaintyMetres = recipient.location?.uncertaintyMetres
        longitude = recipient.location?.position.longitude
        latitude = recipient.location?.position.latitude
        contentHash = hash
        contacts = recipient.contacts(over: base)
        if let lists { self.lists = lists.sorted() }
        if let tags = recipient.tags { self.tags = Set(tags).sorted() }
        vulnerability = recipient.vulnerability.map(Protected.init)
    }

    /// What a row that is heard for the first time is laid over: nothing of the card is its own.
    var blank: RecipientImage {
        var blank = self
        blank.contacts = []
        blank.lists = []
        blank.tags = []
        blank.importID = nil
        return blank
    }
}
