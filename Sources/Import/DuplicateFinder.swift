import AlertModel
import Store

/// What to do with rows that are the same person as another.
package enum DuplicateChoice: String, CaseIterable, Sendable {
    /// Keep both, and list them.
    case report
    /// Make one of them: a row to be added becomes part of the recipient it repeats.
    case merge
    /// Refuse the row to be added.
    case refuse
    /// Keep both, without looking.
    case keep
}

/// Finds rows that are one person with another row of the file, or with a recipient of the register.
///
/// One person: the same name (its words in any order, without accents) with a number, a mailbox or an address in common.
/// Who only shares a number with somebody of another name lives or works with them, and is never made one with them.
struct DuplicateFinder {
    struct Finding: Sendable {
        enum Original: Sendable, Equatable {
            case line(Int)
            case registered(RecipientID)
        }

        /// The row of the file that comes later.
        let line: Int
        let original: Original
        /// False for a number or mailbox shared under different names.
        let isSamePerson: Bool
        /// Whether the later row would be added: only those are merged or refused.
        let isAdded: Bool
    }

    private struct Entry {
        let key: UInt64
        let row: UInt32
    }

    private struct FileRow {
        let line: Int32
        /// 0: to be added.
        let known: Int64
        let name: UInt64
    }

    private var rows: [FileRow] = []
    private var persons: [Entry] = []
    private var contacts: [Entry] = []
    private var personFilter = KeyFilter()
    private var contactFilter = KeyFilter()
    private(set) var additions = 0

    mutating func add(line: Int, known: RecipientID?, keys: IdentityKeys) {
        let row = UInt32(rows.count)
        rows.append(FileRow(line: Int32(clamping: line), known: known?.rawValue ?? 0, name: keys.name ?? 0))
        if known == nil { additions += 1 }
        for key in keys.persons {
            persons.append(Entry(key: key, row: row))
            personFilter.insert(key)
        }
        for key in keys.contacts {
            contacts.append(Entry(key: key, row: row))
            contactFilter.insert(key)
        }
    }

    /// - Parameters:
    ///   - register: of the organisation.
    ///   - seen: recipients that rows of the file are, which are compared as those rows.
    mutating func findings(in register: RegisterSnapshot, seen: RecipientSet) throws -> [Finding] {
        var registered: [UInt64: RecipientID] = [:]
        var registeredContacts: [UInt64: RecipientID] = [:]
        if additions > 0 {
            try register.forEachIdentity { recipient, name, address, commune, contacts in
                guard !seen.contains(recipient) else { return }
                let keys = IdentityKeys(name: name, address: address, commune: commune, contacts: contacts)
                for key in keys.persons where personFilter.mayContain(key) {
                    if registered[key] == nil { registered[key] = recipient }
                }
                for key in keys.contacts where contactFilter.mayContain(key) {
                    if registeredContacts[key] == nil { registeredContacts[key] = recipient }
                }
            }
        }
        var found: [UInt32: Finding] = [:]
        collect(persons, personFilter, registered, isSamePerson: true, into: &found)
        collect(contacts, contactFilter, registeredContacts, isSamePerson: false, into: &found)
        return found.values.sorted { $0.line < $1.line }
    }

    private func collect(
        _ entries: [Entry], _ filter: KeyFilter, _ registered: [UInt64: RecipientID], isSamePerson: Bool,
        into found: inout [UInt32: Finding]
    ) {
        var first: [UInt64: UInt32] = [:]
        for entry in entries {
            let row = rows[Int(entry.row)]
            if let recipient = registered[entry.key], row.known == 0, found[entry.row] == nil {
                found[entry.row] = Finding(
                    line: Int(row.line), original: .registered(recipient), isSamePerson: isSamePerson, isAdded: true)
                continue
            }
            guard filter.isRepeated(entry.key) else { continue }
            guard let earlier = first[entry.key] else {
                first[entry.key] = entry.row
                continue
            }
            let original = rows[Int(earlier)]
            // The row that is in the register already is the one that stays.
            let (later, kept, keptRow) = original.known == 0 && row.known != 0
                ? (earlier, row, entry.row) : (entry.row, original, earlier)
            if later != entry.row { first[entry.key] = entry.row }
            guard found[later] == nil, later != keptRow else { continue }
            let isAdded = rows[Int(later)].known == 0
            found[later] = Finding(
                line: Int(rows[Int(later)].line),
                original: kept.known == 0 ? .line(Int(kept.line)) : .registered(RecipientID(rawValue: kept.known)),
                isSamePerson: isSamePerson || (row.name != 0 && row.name == original.name), isAdded: isAdded)
        }
    }
}

/// Which keys have been met, and met twice: two bits a key in a table that grows no more, so that only the few that are
/// repeated need a place of their own. A key may be taken for repeated by accident; none that is, is missed.
struct KeyFilter {
    /// 2²⁷ bits, 16 MB: for three million keys one in fifty is taken for repeated, and looked at for nothing.
    private static let bits: UInt64 = 1 << 27
    private var words: [UInt64] = []
    private var repeated: Set<UInt64> = []

    mutating func insert(_ key: UInt64) {
        if words.isEmpty { words = [UInt64](repeating: 0, count: Int(Self.bits / 64)) }
        let bit = key & (Self.bits - 1)
        let mask: UInt64 = 1 << (bit & 63)
        if words[Int(bit >> 6)] & mask != 0 {
            repeated.insert(key)
        } else {
            words[Int(bit >> 6)] |= mask
        }
    }

    func mayContain(_ key: UInt64) -> Bool {
        guard !words.isEmpty else { return false }
        let bit = key & (Self.bits - 1)
        return words[Int(bit >> 6)] & (1 << (bit & 63)) != 0
    }

    func isRepeated(_ key: UInt64) -> Bool { repeated.contains(key) }
}

/// Recipients by their row numbers, a bit each.
struct RecipientSet: Sendable {
    private var words: [UInt64] = []
    private(set) var count = 0

    mutating func insert(_ recipient: RecipientID) {
        let index = Int(recipient.rawValue)
        guard index >= 0 else { return }
        if index >> 6 >= words.count {
            words.append(contentsOf: repeatElement(0, count: (index >> 6) + 1 - words.count))
        }
        if words[index >> 6] & (1 << UInt64(index & 63)) == 0 { count += 1 }
        words[index >> 6] |= 1 << UInt64(index & 63)
    }

    func contains(_ recipient: RecipientID) -> Bool {
        let index = Int(recipient.rawValue)
        return index >= 0 && index >> 6 < words.count && words[index >> 6] & (1 << UInt64(index & 63)) != 0
    }
}
