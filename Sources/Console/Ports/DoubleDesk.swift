import AlertModel
import Foundation

/// A page of people who may be twice in the register: `POST /api/register/doubles`.
package struct DoublesPage: Encodable, Sendable {
    package struct Group: Encodable, Sendable {
        /// `name_and_contact`, `name_and_address` or `contact`.
        package let reason: String
        package let people: [PersonCardDocument]
        /// How many more have the same in common, and are shown once these are settled.
        package let others: Int

        package init(reason: String, people: [PersonCardDocument], others: Int) {
            self.reason = reason
            self.people = people
            self.others = others
        }
    }

    /// When the register was looked through.
    package let at: Date
    /// Groups that were found then; some may be settled by now.
    package let found: Int
    /// Whether there are more than are shown before the next look.
    package let isCut: Bool
    package let groups: [Group]
    /// Where the next page begins; null at the end.
    @Nullable package var next: Int?

    package init(at: Date, found: Int, isCut: Bool, groups: [Group], next: Int?) {
        self.at = at
        self.found = found
        self.isCut = isCut
        self.groups = groups
        self.next = next
    }
}

/// A merging of the last weeks: numbers of cards, and nothing of anybody.
package struct MergeLine: Codable, Hashable, Sendable {
    package let id: Int64
    package let kept: Int64
    package let absorbed: Int64
    package let at: Date
    package let by: String
    package let canBeUndone: Bool
    /// The card whose joining has to be taken back first.
    @Nullable package var undoFirst: Int64?

    package init(id: Int64, kept: Int64, absorbed: Int64, at: Date, by: String, canBeUndone: Bool, undoFirst: Int64?) {
        self.id = id
        self.kept = kept
        self.absorbed = absorbed
        self.at = at
        self.by = by
        self.canBeUndone = canBeUndone
        self.undoFirst = undoFirst
    }
}

/// What of two cards becomes one.
package struct MergeOrder: Hashable, Sendable {
    package let kept: Int64
    package let keptVersion: String
    package let absorbed: Int64
    package let absorbedVersion: String
    /// Words of values that survive of the absorbed one: name, kind, language, household, building, place.
    package let taking: Set<Value>

    package enum Value: String, CaseIterable, Hashable, Sendable {
        case name, kind, language, household, building, place
    }

    package init(kept: Int64, keptVersion: String, absorbed: Int64, absorbedVersion: String, taking: Set<Value>) {
        self.kept = kept
        self.keptVersion = keptVersion
        self.absorbed = absorbed
        self.absorbedVersion = absorbedVersion
        self.taking = taking
    }
}

/// People who may be twice in the register of the account's own organisation. Every function may throw `ConsoleProblem`.
package struct DoubleDesk: Sendable {
    /// - Parameters:
    ///   - start: where the page begins.
    ///   - again: whether the register is looked through again.
    package var find: @Sendable (Account, _ start: Int, _ again: Bool) async throws -> DoublesPage
    /// - Returns: the version of the card that stays. Throws `card_changed` when either is no longer what was read.
    package var merge: @Sendable (Account, MergeOrder) async throws -> String
    package var keepApart: @Sendable (Account, [RecipientID]) async throws -> Void
    /// The newest first.
    package var merges: @Sendable (Account) async throws -> [MergeLine]
    package var undo: @Sendable (Account, Int64) async throws -> Void

    package init(
        find: @escaping @Sendable (Account, Int, Bool) async throws -> DoublesPage,
        merge: @escaping @Sendable (Account, MergeOrder) async throws -> String,
        keepApart: @escaping @Sendable (Account, [RecipientID]) async throws -> Void,
        merges: @escaping @Sendable (Account) async throws -> [MergeLine],
        undo: @escaping @Sendable (Account, Int64) async throws -> Void
    ) {
        self.find = find
        self.merge = merge
        self.keepApart = keepApart
        self.merges = merges
        self.undo = undo
    }
}
