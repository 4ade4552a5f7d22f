import AlertModel
import Crypto

/// Computes an audience's hash in one pass, whatever its size.
///
/// Canonical bytes: a version line, then every field preceded by its length (32 bits, big-endian), so that no
/// two different audiences share an encoding. Recipients enter in the byte order of their external id, contact
/// points in the order of channel then address: the order of rows in a database never matters. Their ranks enter for a
/// cascade, which follows them, and for nothing else. What the register says for a text's places enters for a personal message.
package struct AudienceDigest {
    /// Changes whenever the encoding does, so that old hashes are never compared with new ones.
    private static let version = "tocsin audience 3"

    private var hasher = SHA256()
    private var lastExternalID: String?
    private let isInTurn: Bool
    private let isPersonal: Bool
    /// Recipients taken in so far.
    package private(set) var count = 0

    /// - Parameters:
    ///   - zoneDocument: the canonical document of the zone, as it is stored with the campaign.
    ///   - message: as written or as it leaves; it is marked for the mode either way.
    ///   - addendum: the campaign's own hash and the addendum's number, for those who joined late.
    package init(
        zoneDocument: some Sequence<UInt8>, message: Message, policy: Policy, mode: CampaignMode,
        kind: CampaignKind = .alert, weight: Int = 1, addendum: (to: AudienceHash, number: Int)? = nil
    ) {
        isInTurn = policy.cascade != nil
        isPersonal = message.isPersonal
        add(Self.version.utf8)
        if let addendum {
            add("addendum".utf8)
            add(addendum.to.hexadecimal.utf8)
            add(String(addendum.number).utf8)
        }
        add(Array(zoneDocument))
        let message = message.marked(for: mode)
        add(message.subject.utf8)
        add(message.text.utf8)
        add(String(message.variants.count).utf8)
        for variant in message.variants {
            add((variant.use.language ?? "").utf8)
            add((variant.use.channel?.rawValue ?? "").utf8)
            add((variant.subject ?? message.subject).utf8)
            add(variant.text.utf8)
            // Where there is one: the hashes of those without stay as they were.
            if let recording = variant.recording { add("recording \(recording.hexadecimal)".utf8) }
        }
        if message.isPersonal { add("personal".utf8) }
        add(policy.channels.sorted().map(\.rawValue).joined(separator: ",").utf8)
        for number in [policy.maximumRetries, policy.retryPeriodSeconds, policy.validitySeconds] {
            add(String(number).utf8)
        }
        add(RetryDocument.encode(policy))
        add(mode.rawValue.utf8)
        add(kind.rawValue.utf8)
        add(String(weight).utf8)
    }

    /// Takes in the next recipient.
    /// - Throws: `LaunchError.audienceNotSorted` when it comes before the one given last.
    package mutating func update(_ entry: AudienceEntry) throws {
        if let last = lastExternalID, entry.externalID.utf8.lexicographicallyPrecedes(last.utf8) {
            throw LaunchError.audienceNotSorted(position: count)
        }
        lastExternalID = entry.externalID
        count += 1
        add(entry.externalID.utf8)
        add(entry.certainty.rawValue.utf8)
        add(entry.language.utf8)
        if isPersonal { add((entry.values ?? PersonalValues()).document.utf8) }
        let contacts = entry.contactPoints.sorted {
            ($0.channel, $0.address.value) < ($1.channel, $1.address.value)
        }
        add(String(contacts.count).utf8)
        for contact in contacts {
            add(contact.channel.rawValue.utf8)
            add(contact.address.value.utf8)
            if isInTurn { add(String(contact.rank).utf8) }
        }
    }

    /// The hash of everything taken in.
    package consuming func finalize() -> AudienceHash {
        add(String(count).utf8)
        return AudienceHash(hasher.finalize())
    }

    private mutating func add(_ field: some Collection<UInt8>) {
        withUnsafeBytes(of: UInt32(truncatingIfNeeded: field.count).bigEndian) { hasher.update(bufferPointer: $0) }
        if field.withContiguousStorageIfAvailable({ hasher.update(bufferPointer: UnsafeRawBufferPointer($0)) }) == nil {
            hasher.update(data: Array(field))
        }
    }
}
