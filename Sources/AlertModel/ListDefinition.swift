/// What a list of recipients is: names put on it by hand, a saved query, or other lists put together.
package enum ListDefinition: Hashable, Sendable {
    /// Its members are written down one by one.
    case members
    /// Whoever the filter takes, at the moment of asking.
    case filter(RecipientFilter)
    /// Other lists of the same organisation, of any kind.
    case combination(ListCombination)

    /// The word the database, the command line and documents use.
    package var kind: String {
        switch self {
        case .members: "static"
        case .filter: "filter"
        case .combination: "combined"
        }
    }

    /// The lists it is made of, in reading order, each once.
    package var listNames: [String] {
        switch self {
        case .members: []
        case .filter(let filter): filter.listNames
        case .combination(let combination): combination.lists
        }
    }

    /// The same definition after a list it may name has got another name.
    package func renamingList(_ old: String, to new: String) -> ListDefinition {
        switch self {
        case .members: self
        case .filter(let filter): .filter(filter.renamingList(old, to: new))
        case .combination(let combination):
            .combination(ListCombination(
                combination.operation, of: combination.lists.map { $0 == old ? new : $0 }))
        }
    }
}

/// A union, an intersection or a difference of lists.
package struct ListCombination: Hashable, Sendable {
    package enum Operation: String, CaseIterable, Hashable, Sendable {
        case union, intersection
        /// The first list without the members of the others.
        case difference
    }

    package let operation: Operation
    /// Names, at least two.
    package let lists: [String]

    package init(_ operation: Operation, of lists: [String]) {
        self.operation = operation
        self.lists = lists
    }
}
