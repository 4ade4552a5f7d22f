import AlertModel
import Foundation
import GeoModel

/// What one row of a source does to the register.
package struct RegisterOperation: Sendable, Equatable {
    package enum Kind: UInt8, Sendable {
        case add, update
        /// Nothing but that this source now names the recipient last.
        case claim
        /// Gives its contact points, lists and tags to another recipient, and its identifier as an alias.
        case merge

        /// - Returns: nil for a row that changes nothing at all.
        init?(_ comparison: RegisterComparison) {
            switch comparison.change {
            case _ where comparison.isAlias: self = .merge
            case .added: self = .add
            case .updated: self = .update
            case .unchanged:
                guard comparison.isFromAnotherSource else { return nil }
                self = .claim
            }
        }
    }

    package var kind: Kind
    /// The line of the file, unique in a spool.
    package let line: Int
    /// The row of the register; 0 when there is none yet.
    package let known: Int64
    package let hash: Data
    /// The digest the row must still have; empty when there is none.
    package let expectedHash: Data
    package let recipient: Recipient

    /// - Returns: nil for a row that changes nothing at all.
    package init?(_ comparison: RegisterComparison, line: Int, recipient: Recipient) {
        guard let kind = Kind(comparison) else { return nil }
        self.kind = kind
        self.line = line
        known = comparison.known?.rawValue ?? 0
        hash = comparison.hash
        expectedHash = comparison.expectedHash ?? Data()
        self.recipient = recipient
    }
}
