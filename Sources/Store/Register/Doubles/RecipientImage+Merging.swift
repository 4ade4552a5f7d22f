import AlertModel
import Foundation

/// A value of which only one survives when two recipients become one.
package enum MergedValue: String, CaseIterable, Codable, Hashable, Sendable {
    case name, kind, language, household, building
    /// Address, commune and point together, and when they were confirmed.
    case place
}

extension RecipientImage {
    /// What becomes of the two: this one, with what the other adds.
    ///
    /// Contact points, lists, tags, identifiers, protected facts and the ledger's entries are united; of a contact point that both
    /// have, the more protective consent stays. Of single values this one's stay, but for those that are taken from the other,
    /// and for what this one does not have at all.
    ///
    /// - Parameters:
    ///   - taken: what survives of the other instead.
    ///   - now: milliseconds since 1970, UTC.
    func absorbing(_ other: RecipientImage, taking taken: Set<MergedValue>, now: Int64) -> RecipientImage {
        var merged = self
        let survivors = survivors(of: other, taking: taken)
        for value in survivors { merged.take(value, of: other) }
        merged.contacts = Self.united(contacts, other.contacts)
        merged.lists = Set(lists).union(other.lists).sorted()
        merged.tags = Set(tags).union(other.tags).sorted()
        merged.vulnerability = Self.united(vulnerability, other.vulnerability)
        // A file that has the other's row finds this one by it. No import takes the alias back.
        let alias = Alias(externalID: other.externalID, source: other.source, importID: nil)
        merged.aliases = (aliases + other.aliases + [alias]).sorted { $0.externalID < $1.externalID }
        var mine = knownContributions, theirs = other.knownContributions
        for value in MergedValue.allCases {
            let isTheirs = survivors.contains(value)
            for index in mine.indices where isTheirs { mine[index].give(value, false) }
            for index in theirs.indices where !isTheirs { theirs[index].give(value, false) }
        }
        let all = (mine + theirs).sorted { $0.image.externalID < $1.image.externalID }
        merged.contributions = all
        merged.contentHash = Self.contentHash(of: all)
        merged.channels = ChannelMask(merged.contacts.compactMap { Channel(rawValue: $0.channel) }).rawValue
        merged.importID = nil
        merged.updatedAt = max(now, updatedAt + 1, other.updatedAt + 1)
        return merged
    }

    /// The values of the other that are taken, or that this one does not have at all.
    private func survivors(of other: RecipientImage, taking taken: Set<MergedValue>) -> Set<MergedValue> {
        var survivors = taken
        if household == nil { survivors.insert(.household) }
        if building == nil { survivors.insert(.building) }
        if !hasPlace { survivors.insert(.place) }
        if other.household == nil { survivors.remove(.household) }
        if other.building == nil { survivors.remove(.building) }
        return survivors
    }

    /// Whether a zone can find it at all.
    var hasPlace: Bool {
        precision != nil || communeCode != nil || !(address ?? "").isEmpty || !(postcode ?? "").isEmpty || !(communeName ?? "").isEmpty
    }

    mutating func takePlace(of other: RecipientImage) {
        address = other.address
        postcode = other.postcode
        communeCode = other.communeCode
        isCommuneFound = other.isCommuneFound
        communeName = other.communeName
        precision = other.precision
        score = other.score
        uncertaintyMetres = other.uncertaintyMetres
        longitude = other.longitude
        latitude = other.latitude
        confirmedOn = other.confirmedOn
    }

    /// Each address once a channel, the first one's before the second's.
    static func united(_ first: [Contact], _ second: [Contact]) -> [Contact] {
        var all = first
        var last: [String: Int] = [:]
        for contact in first { last[contact.channel] = max(last[contact.channel] ?? 0, contact.rank) }
        for contact in second.sorted(by: { ($0.channel, $0.rank, $0.address) < ($1.channel, $1.rank, $1.address) }) {
            if let index = all.firstIndex(where: { $0.channel == contact.channel && $0.address == contact.address }) {
                all[index] = united(all[index], contact)
            } else {
                var next = contact
                next.rank = (last[contact.channel] ?? 0) + 1
                last[contact.channel] = next.rank
                all.append(next)
            }
        }
        return all.sorted { ($0.channel, $0.rank, $0.address) < ($1.channel, $1.rank, $1.address) }
    }

    static func united(_ first: Contact, _ second: Contact) -> Contact {
        var one = first
        let (mine, theirs) = (protection(of: first.consent), protection(of: second.consent))
        if theirs > mine {
            one.consent = second.consent
            one.consentOn = second.consentOn
        } else if theirs == mine {
            one.consentOn = [first.consentOn, second.consentOn].compactMap { $0 }.min()
        }
        one.isEmergency = first.isEmergency || second.isEmergency
        one.check = first.check ?? second.check
        one.provenance = first.provenance ?? second.provenance
        one.confirmedOn = [first.confirmedOn, second.confirmedOn].compactMap { $0 }.max()
        return one
    }

    /// The greater holds: a refusal before everything, then what the person said, then a law, and least what nobody said.
    private static func protection(of consent: String?) -> Int {
        switch consent.flatMap({ Consent(rawValue: $0) }) {
        case .refused: 4
        case .given: 3
        case .legalBasis: 2
        case .unknown: 1
        case nil: 0
        }
    }

    /// Nothing that somebody wrote down for a rescue is lost: both are kept, one after the other.
    static func united(_ first: Protected?, _ second: Protected?) -> Protected? {
        guard let first, let second, first != second else { return first ?? second }
        func both(_ one: String?, _ other: String?) -> String? {
            guard let one, let other, one != other else { return one ?? other }
            return "\(one) ; \(other)"
        }
        return Protected(
            kind: both(first.kind, second.kind) ?? first.kind, detail: both(first.detail, second.detail),
            recordedOn: [first.recordedOn, second.recordedOn].compactMap { $0 }.max(),
            provenance: both(first.provenance, second.provenance))
    }
}
