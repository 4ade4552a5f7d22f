import AlertModel
import Foundation
import Import
import Store

/// Takes a table of people in as an audience of once: the same checks as an import into the register, into a register apart.
struct OneOffDrop {
    let store: AlertDatabase
    let actor: String

    /// - Parameters:
    ///   - path: the file.
    ///   - name: what the audience is called.
    ///   - map: column → field.
    /// - Returns: the audience, nil when rows are refused and `skipsInvalid` is off; and the report.
    func take(
        file path: String, named name: String, for owner: OrganisationID, map: [String: String], skipsInvalid: Bool,
        progress: (ImportProgress) -> Void = { _ in }
    ) throws -> (audience: OneOffAudience?, report: RecipientImportReport) {
        let audience = try store.openOneOffAudience(named: name, of: owner)
        do {
            var options = Self.options(into: audience.registerName, map: map, skipsInvalid: skipsInvalid)
            options.source = name
            let report = try RecipientImport(database: store, actor: actor).run(file: path, options: options, progress: progress)
            guard report.refused.isEmpty || skipsInvalid else {
                try store.discardOneOffAudience(audience.register, actor: actor)
                return (nil, report)
            }
            // A sheet of nobody is a wrong sheet, and would be an alert to nobody of it beside a zone.
            guard try store.sealOneOffAudience(audience, actor: actor) > 0 else { throw ImportError.empty(file: name) }
            return (audience, report)
        } catch {
            try store.discardOneOffAudience(audience.register, actor: actor)
            throw error
        }
    }

    /// Checks a file and writes nothing.
    func check(
        file path: String, map: [String: String], skipsInvalid: Bool, progress: (ImportProgress) -> Void
    ) throws -> RecipientImportReport {
        // A register that nobody has: nothing of it is remembered.
        var options = Self.options(into: UUID().uuidString, map: map, skipsInvalid: skipsInvalid)
        options.dryRun = true
        return try RecipientImport(database: store, actor: actor).run(file: path, options: options, progress: progress)
    }

    private static func options(into register: String, map: [String: String], skipsInvalid: Bool) -> RecipientImport.Options {
        var options = RecipientImport.Options(organisation: register, map: map, skipInvalid: skipsInvalid)
        options.numbersRows = true
        // One message a person, however often the file names them.
        options.duplicates = .merge
        return options
    }
}
