import AlertModel
import Foundation
import GRDB
import GeoModel

/// What writing a recipient would do.
package enum RecipientChange: Sendable, Equatable {
    case added, updated, unchanged
}

extension RecipientImage {
    var location: Location? {
        guard let precision = precision.flatMap({ Precision(rawValue: $0) }), let longitude, let latitude else {
            return nil
        }
        return Location(
            position: Position(longitude: longitude, latitude: latitude), uncertaintyMetres: uncertaintyMetres ?? 0,
            precision: precision, score: score ?? 0)
    }
}

extension Recipient {
    /// The recipient with what its source does not speak of as the register has it.
    func overlaid(on image: RecipientImage) -> Recipient {
        var whole = self
        func keep(_ fact: RecipientFact, _ restore: (inout Recipient) -> Void) {
            if !coveredFacts.contains(fact) { restore(&whole) }
        }
        keep(.name) { $0.name = Redacted(image.name) }
        keep(.kind) { $0.kind = RecipientKind(rawValue: image.kind) ?? $0.kind }
        keep(.address) { $0.addressText = image.address.map { Redacted($0) } }
        keep(.postcode) { $0.postcode = image.postcode }
        keep(.communeName) { $0.communeName = image.communeName }
        // A code that the geocoder found is no fact of the register: it is looked for again.
        keep(.communeCode) { $0.communeCode = image.isCommuneFound ? nil : image.communeCode.flatMap { CommuneCode($0) } }
        keep(.language) { $0.language = image.language }
        keep(.household) { $0.household = image.household }
        keep(.building) { $0.building = image.building }
        keep(.confirmedOn) { $0.confirmedOn = image.confirmedOn.flatMap { CalendarDate($0) } }
        keep(.location) { if image.location?.precision == .given { $0.location = image.location } }
        return whole
    }

    /// The names of the facts in which the register differs, sorted.
    ///
    /// - Parameter lists: names by identifier.
    func changedFields(from image: RecipientImage, listNames: (Int64) throws -> String?) rethrows -> [String] {
        var changed: [String] = []
        func compare(_ field: String, _ isSame: Bool) { if !isSame { changed.append(field) } }
        compare("name", name.value == image.name)
        compare("kind", kind.rawValue == image.kind)
        compare("address", addressText?.value == image.address)
        compare("postcode", postcode == image.postcode)
        compare("commune_code", communeCode?.rawValue == image.communeCode && isCommuneFound == image.isCommuneFound)
        compare("commune", communeName == image.communeName)
        compare("language", language == image.language)
        compare("location", location == image.location)
        compare("household", household == image.household)
        compare("building", building == image.building)
        compare("confirmed_on", confirmedOn?.text == image.confirmedOn)
        let stored = image.contacts.filter { contact in
            Channel(rawValue: contact.channel).map(coveredChannels.contains) ?? false
        }
        compare("contact_points", Self.ordered(contactPoints) == stored)
        if let lists {
            compare("lists", Set(lists) == Set(try image.lists.compactMap(listNames)))
        }
        if let tags { compare("tags", Set(tags) == Set(image.tags)) }
        if coveredFacts.contains(.vulnerability) {
            compare("vulnerability", vulnerability.map(RecipientImage.Protected.init) == image.vulnerability)
        }
        return changed
    }

    /// Its contact points, and those of the image on channels that its source does not speak of.
    func contacts(over image: RecipientImage) -> [RecipientImage.Contact] {
        let others = image.contacts.filter { contact in
            Channel(rawValue: contact.channel).map { !coveredChannels.contains($0) } ?? true
        }
        return (Self.ordered(contactPoints) + others)
            .sorted { ($0.channel, $0.rank, $0.address) < ($1.channel, $1.rank, $1.address) }
    }

    /// Contact points as the register gives them back: an address once a channel, in its order.
    private static func ordered(_ points: [ContactPoint]) -> [RecipientImage.Contact] {
        var seen: Set<String> = []
        return points.map { RecipientImage.Contact($0) }.filter { seen.insert("\($0.channel) \($0.address)").inserted }
            .sorted { ($0.channel, $0.rank, $0.address) < ($1.channel, $1.rank, $1.address) }
    }

    /// Over what the file said; the location is compared apart, since a geocoder may learn.
    package var contentHash: Data {
        var hash = ContentHash()
        hash.add(kind.rawValue)
        hash.add(name.value)
        hash.add(addressText?.value)
        hash.add(postcode)
        hash.add(communeCode?.rawValue)
        hash.add(isCommuneFound ? "found" : "given")
        hash.add(communeName)
        hash.add(language)
        hash.add(household)
        hash.add(building)
        hash.add(confirmedOn?.text)
        hash.add(lists?.sorted().joined(separator: "\u{1F}"))
        hash.add(tags?.sorted().joined(separator: "\u{1F}"))
        hash.add(vulnerability?.kind.value)
        hash.add(vulnerability?.detail?.value)
        hash.add(vulnerability?.recordedOn?.text)
        hash.add(vulnerability?.provenance)
        hash.add(ChannelMask(coveredChannels).rawValue)
        hash.add(coveredFacts.reduce(0) { $0 | $1.bit })
        for point in contactPoints {
            hash.add(point.channel.rawValue)
            hash.add(point.address.value)
            hash.add(point.rank)
            hash.add(point.isEmergency ? "!" : "")
            hash.add(point.check?.rawValue)
            hash.add(point.consent?.rawValue)
            hash.add(point.consentOn?.text)
            hash.add(point.provenance)
            hash.add(point.confirmedOn?.text)
        }
        return hash.finish()
    }
}

extension RecipientFact {
    /// Fixed, since digests that databases hold are over it.
    fileprivate var bit: Int {
        switch self {
        case .name: 1
        case .kind: 2
        case .address: 4
        case .postcode: 8
        case .communeCode: 16
        case .communeName: 32
        case .language: 64
        case .household: 128
        case .building: 256
        case .confirmedOn: 512
        case .vulnerability: 1024
        case .location: 2048
        }
    }
}

extension RecipientImage.Protected {
    init(_ vulnerability: Vulnerability) {
        self.init(
            kind: vulnerability.kind.value, detail: vulnerability.detail?.value,
            recordedOn: vulnerability.recordedOn?.text, provenance: vulnerability.provenance)
    }
}
