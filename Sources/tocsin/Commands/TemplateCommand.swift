import AlertModel
import ArgumentParser
import Campaigns
import Foundation
import GeoModel
import Reports
import Store

struct TemplateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "template",
        abstract: "Keep messages prepared ahead, each with its correction and its all-clear.",
        discussion: """
            A template is a JSON document: {"version": 1, "message": {…}, "correction": {…}, "allClear": {…}}. Each of \
            the three is {"subject": "…", "text": "…", "variants": [{"language": "en", "channel": "sms", "text": "…"}]}: \
            a variant is for a language, a channel or both. {lieu} is a place to fill with --set lieu=…; {lieu|là} says \
            “là” without a value. {organisme}, {date} and {heure} fill themselves.
            """,
        subcommands: [
            ListTemplatesCommand.self, ShowTemplateCommand.self, SaveTemplateCommand.self, RemoveTemplateCommand.self,
        ], defaultSubcommand: ListTemplatesCommand.self)
}

struct ListTemplatesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List templates: name, version, when and by whom, places to fill.")

    @OptionGroup var database: DatabaseOption
    @OptionGroup var owner: OwnerOption

    func run() throws {
        let store = try database.open()
        for saved in try store.templates(of: try owner.organisation(in: store)) {
            let places = try saved.template[.message].placeholders.map { "{\($0.written)}" }.joined(separator: " ")
            Terminal.out(
                [saved.name, String(saved.version), ISO8601.text(saved.savedAt), saved.savedBy, places]
                    .joined(separator: "\t") + "\n")
        }
    }
}

struct ShowTemplateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Print a template's document, as `template save --file` takes it.")

    @OptionGroup var database: DatabaseOption
    @OptionGroup var owner: OwnerOption
    @Argument(help: "Its name.") var name: String

    func run() throws {
        let store = try database.open()
        Terminal.out(
            try store.template(named: name, of: try owner.organisation(in: store)).template.document + "\n")
    }
}

struct SaveTemplateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "save", abstract: "Save a template, or the next version of one.")

    @OptionGroup var database: DatabaseOption
    @OptionGroup var owner: OwnerOption
    @Argument(help: "Its name.") var name: String
    @Option(help: ArgumentHelp("The document (JSON).", valueName: "file")) var file: String

    func validate() throws {
        guard MessageTemplate.isName(name) else {
            throw ValidationError("a name is one line of 1 to \(MessageTemplate.longestName) characters")
        }
    }

    func run() throws {
        let store = try database.open(for: .prepare)
        let organisation = try owner.organisation(in: store)
        guard let handle = FileHandle(forReadingAtPath: file),
              let bytes = try handle.read(upToCount: MessageDocument.largest + 1)
        else { throw ValidationError("\(file) can't be read") }
        let template: MessageTemplate
        do throws(JSONMemberError) {
            template = try MessageTemplate(Array(bytes))
        } catch {
            throw ValidationError("\(file): \(error)")
        }
        let version = try store.save(template, named: name, of: organisation, actor: database.actor)
        Terminal.say("template “\(name)” saved, version \(version)")
    }
}

struct RemoveTemplateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Take a template out of the library; campaigns keep what they said.")

    @OptionGroup var database: DatabaseOption
    @OptionGroup var owner: OwnerOption
    @Argument(help: "Its name.") var name: String

    func run() throws {
        let store = try database.open(for: .prepare)
        try store.removeTemplate(named: name, of: try owner.organisation(in: store), actor: database.actor)
        Terminal.say("template “\(name)” removed")
    }
}
