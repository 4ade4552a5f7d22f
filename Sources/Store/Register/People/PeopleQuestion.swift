import AlertModel

/// Whom somebody looks for in the register. What is nil or empty narrows nothing.
package struct PeopleQuestion: Sendable, Hashable {
    /// Beginnings of words of the name, the address or the identifier; a number in any spelling; an e-mail's beginning.
    package var text = ""
    /// Name of a list, of any kind.
    package var list: String?
    package var tag: String?
    /// As the register has it.
    package var communeCode: String?
    package var channel: Channel?
    package var precision: Precision?
    /// Nobody made sure of the card or of its numbers on this day or later.
    package var unconfirmedSince: CalendarDate?
    /// One of the numbers or mailboxes refused further information.
    package var hasOptedOut = false
    /// Neither a number nor a mailbox.
    package var isUnreachable = false

    package init() {}
}

/// How far a list of people was read: they come by what was found (a number; the name; anything else), then by row.
package struct PeopleCursor: Sendable, Hashable {
    package let stage: Int
    package let id: RecipientID

    package init(stage: Int, id: RecipientID) {
        self.stage = stage
        self.id = id
    }
}

/// Somebody found, as a line of a list.
package struct FoundPerson: Sendable, Hashable {
    package let id: RecipientID
    package let externalID: String
    package let kind: RecipientKind
    package let name: Redacted<String>
    package let address: Redacted<String>?
    package let postcode: String?
    package let commune: String?
    package let precision: Precision
    package let channels: [Channel]
    package let hasOptedOut: Bool
    package let organisation: String
    /// Whether the organisation that asks may write the card.
    package let isWritable: Bool
}

package struct FoundPeople: Sendable {
    package let people: [FoundPerson]
    /// Where the next page begins; nil at the end.
    package let next: PeopleCursor?
    /// How many there are, of the first page only; nil when they are more than are counted.
    package let count: Int?
}
