import AlertModel
import Foundation
import GRDB
import GeoModel

extension AlertDatabase {
    /// Most recipients a search answers.
    package static let greatestSearchLimit = 1_000
    /// Digits a number must have to be looked for among telephone numbers: fewer are in too many.
    private static let leastNumberDigits = 4

    /// Recipients in whose identifier, name, address, postcode or commune every word of the text occurs, letter case,
    /// accents and punctuation aside, or one of whose numbers or e-mail addresses contains it; by identifier.
    ///
    /// - Parameter limit: at most `greatestSearchLimit` are answered.
    /// - Returns: those found, and whether there are more.
    /// - Throws: `StoreError.emptySearch` when the text has neither a letter nor a digit.
    package func searchRegister(
        _ text: String, scope: RegisterScope, limit: Int
    ) throws -> (found: [RegisterEntry], hasMore: Bool) {
        let words = FoldedText.fold(text).split(separator: " ").map(String.init)
        guard !words.isEmpty else { throw StoreError.emptySearch }
        let owner = scope.condition(on: "recipients.organisation_id")
        let haystack = """
            \(FoldedText.functionName)(external_id || ' ' || name || ' ' || ifnull(address, '') || ' '
                || ifnull(postcode, '') || ' ' || ifnull(commune_name, ''))
            """
        var condition = "EXISTS (SELECT 1 FROM (SELECT \(haystack) AS text) WHERE "
            + words.map { _ in "instr(text, ?) > 0" }.joined(separator: " AND ") + ")"
        var arguments = StatementArguments(words)
        if let address = Self.address(in: text) {
            condition += """
                 OR recipients.id IN (SELECT recipient_id FROM contact_points WHERE instr(lower(address), ?) > 0)
                """
            arguments += [address]
        }
        let limit = max(0, min(limit, Self.greatestSearchLimit))
        return try pool.read { database in
            let ids = try Int64.fetchAll(
                database,
                sql: """
                    SELECT recipients.id FROM recipients WHERE \(owner.sql) AND (\(condition))
                    ORDER BY external_id, organisation_id LIMIT ?
                    """,
                arguments: owner.arguments + arguments + [limit + 1])
            return (try database.registerEntries(Array(ids.prefix(limit)), withProtected: false), ids.count > limit)
        }
    }

    /// What to look for among addresses: the significant digits of a number however it is written, or an e-mail's text.
    private static func address(in text: String) -> String? {
        if text.contains("@") { return text.trimmingCharacters(in: .whitespaces).lowercased() }
        guard text.unicodeScalars.allSatisfy({ !$0.properties.isAlphabetic }) else { return nil }
        var digits = text.replacing("(0)", with: "").filter { $0.isASCII && $0.isNumber }[...]
        // 0033 6…, 06…: what follows is in the international form too.
        if digits.hasPrefix("00") { digits = digits.dropFirst(2) } else if digits.hasPrefix("0") { digits = digits.dropFirst() }
        return digits.count >= leastNumberDigits ? String(digits) : nil
    }

    /// One recipient, whole.
    ///
    /// - Throws: `StoreError.unknownRecipient`, `.ambiguousRecipient`.
    package func registerEntry(
        ofExternalID externalID: String, scope: RegisterScope
    ) throws -> RegisterEntry {
        try pool.read { database in
            let id = try database.recipient(withExternalID: externalID, scope: scope)
            guard let entry = try database.registerEntries([id.rawValue], withProtected: false).first else {
                throw StoreError.unknownRecipient(externalID: externalID)
            }
            return entry
        }
    }

    /// One recipient with the protected facts. That they were read is in the journal, before they are.
    ///
    /// - Throws: as `registerEntry(ofExternalID:scope:)`.
    package func protectedRegisterEntry(
        ofExternalID externalID: String, scope: RegisterScope, actor: String
    ) throws -> RegisterEntry {
        try pool.write { database in
            let id = try database.recipient(withExternalID: externalID, scope: scope)
            try database.audit(actor: actor, action: "register.protected", subject: "recipient \(id)")
            guard let entry = try database.registerEntries([id.rawValue], withProtected: true).first else {
                throw StoreError.unknownRecipient(externalID: externalID)
            }
            return entry
        }
    }

    /// The names of the lists, of any kind, that a recipient is in now.
    package func lists(ofExternalID externalID: String, scope: RegisterScope) throws -> [String] {
        try pool.read { database in
            let id = try database.recipient(withExternalID: externalID, scope: scope)
            let owner = try database.organisation(of: id)
            return try database.lists(scope: .organisation(owner)).map(\.name).filter {
                try database.isMember(id, of: .list($0), scope: .organisation(owner))
            }
        }
    }
}

extension Database {
    /// The one recipient of the scope that an external identifier names, an identifier merged into it included.
    ///
    /// - Throws: `StoreError.unknownRecipient`, `.ambiguousRecipient` when several organisations have it.
    func recipient(withExternalID externalID: String, scope: RegisterScope) throws -> RecipientID {
        let owner = scope.condition(on: "organisation_id")
        for table in ["SELECT id FROM recipients", "SELECT recipient_id FROM recipient_aliases"] {
            let ids = try Int64.fetchAll(
                self, sql: "\(table) WHERE external_id = ? AND \(owner.sql)", arguments: [externalID] + owner.arguments)
            guard ids.count <= 1 else { throw StoreError.ambiguousRecipient(externalID: externalID) }
            if let id = ids.first { return RecipientID(rawValue: id) }
        }
        throw StoreError.unknownRecipient(externalID: externalID)
    }

    func organisation(of recipient: RecipientID) throws -> OrganisationID {
        guard let owner = try Int64.fetchOne(
            self, sql: "SELECT organisation_id FROM recipients WHERE id = ?", arguments: [recipient.rawValue])
        else { throw StoreError.unknownRecipient(externalID: recipient.description) }
        return OrganisationID(rawValue: owner)
    }
}
