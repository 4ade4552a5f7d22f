import AlertModel

/// What people who were ticked are put on, or taken off.
package enum LabelKind: String, CaseIterable, Hashable, Sendable {
    case list, tag
}

/// The register, as the console needs it: of the account's organisation and what is delegated to it. Whatever shows anybody's
/// data is in the journal before it is shown. Every function may throw `ConsoleProblem`.
package struct RegisterDesk: Sendable {
    package var find: @Sendable (Account, RegisterQuery, _ after: PeoplePlace?, _ limit: Int) async throws -> FoundPeoplePage
    /// Nil for a number that is nobody's, or somebody's who is not seen.
    package var card: @Sendable (Account, RecipientID) async throws -> PersonCardDocument?
    package var history: @Sendable (Account, RecipientID) async throws -> PersonHistoryDocument?
    /// - Returns: the card's new version. Throws `card_changed` when it is no longer `version`.
    package var change: @Sendable (Account, RecipientID, PersonDraft, _ version: String) async throws -> String
    package var add: @Sendable (Account, PersonDraft) async throws -> RecipientID
    package var erase: @Sendable (Account, RecipientID, _ version: String) async throws -> Void
    /// - Returns: how many were not on it, or no longer are.
    package var label:
        @Sendable (Account, [RecipientID], LabelKind, _ name: String, _ isOn: Bool) async throws -> Int
    /// Makes people of the register the audience of one campaign.
    ///
    /// - Returns: the list by which a zone names them, for as long as they are kept together.
    package var gather: @Sendable (Account, [RecipientID], _ name: String) async throws -> String
    package var export: @Sendable (Account, RegisterQuery, PeopleFileFormat) async throws -> StreamedFile
    /// Places that an address may mean, best first; nothing of the register.
    package var places: @Sendable (Account, _ text: String) async throws -> [PlaceSuggestion]
    /// Places around a position, nearest first: what a map shows by which to find one's way.
    package var near: @Sendable (Account, LonLat) async throws -> [PlaceSuggestion]

    package init(
        find: @escaping @Sendable (Account, RegisterQuery, PeoplePlace?, Int) async throws -> FoundPeoplePage,
        card: @escaping @Sendable (Account, RecipientID) async throws -> PersonCardDocument?,
        history: @escaping @Sendable (Account, RecipientID) async throws -> PersonHistoryDocument?,
        change: @escaping @Sendable (Account, RecipientID, PersonDraft, String) async throws -> String,
        add: @escaping @Sendable (Account, PersonDraft) async throws -> RecipientID,
        erase: @escaping @Sendable (Account, RecipientID, String) async throws -> Void,
        label: @escaping @Sendable (Account, [RecipientID], LabelKind, String, Bool) async throws -> Int,
        gather: @escaping @Sendable (Account, [RecipientID], String) async throws -> String,
        export: @escaping @Sendable (Account, RegisterQuery, PeopleFileFormat) async throws -> StreamedFile,
        places: @escaping @Sendable (Account, String) async throws -> [PlaceSuggestion],
        near: @escaping @Sendable (Account, LonLat) async throws -> [PlaceSuggestion]
    ) {
        self.find = find
        self.card = card
        self.history = history
        self.change = change
        self.add = add
        self.erase = erase
        self.label = label
        self.gather = gather
        self.export = export
        self.places = places
        self.near = near
    }
}
