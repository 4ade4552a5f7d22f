import AlertModel
import Campaigns
import Foundation

/// A version of a template, with who saved it.
package struct TemplateLine: Hashable, Sendable {
    package let name: String
    package let version: Int
    /// Nil for the version that took it out of the library.
    package let template: MessageTemplate?
    package let savedAt: Date
    /// Nil for what an organisation above keeps.
    package let savedBy: String?
    /// Whether it is the organisation's own, not one from above.
    package let isOwn: Bool

    package init(name: String, version: Int, template: MessageTemplate?, savedAt: Date, savedBy: String?, isOwn: Bool) {
        self.name = name
        self.version = version
        self.template = template
        self.savedAt = savedAt
        self.savedBy = savedBy
        self.isOwn = isOwn
    }
}

/// The library of an account's organisation. Every function may throw `ConsoleProblem`.
package struct TemplateDesk: Sendable {
    package var library: @Sendable (Account) async throws -> [TemplateLine]
    /// Newest first.
    package var versions: @Sendable (Account, _ name: String, _ limit: Int) async throws -> [TemplateLine]
    /// Gives the version it now has.
    package var save: @Sendable (Account, _ name: String, MessageTemplate) async throws -> Int
    package var remove: @Sendable (Account, _ name: String) async throws -> Void

    package init(
        library: @escaping @Sendable (Account) async throws -> [TemplateLine],
        versions: @escaping @Sendable (Account, String, Int) async throws -> [TemplateLine],
        save: @escaping @Sendable (Account, String, MessageTemplate) async throws -> Int,
        remove: @escaping @Sendable (Account, String) async throws -> Void
    ) {
        self.library = library
        self.versions = versions
        self.save = save
        self.remove = remove
    }
}
