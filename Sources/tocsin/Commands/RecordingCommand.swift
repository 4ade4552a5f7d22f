import AlertModel
import ArgumentParser
import Dispatching
import Foundation
import Reports
import Speech
import Store

struct RecordingCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recording",
        abstract: "Keep messages that somebody has spoken, to be played on the telephone in the place of a text.",
        discussion: "`alert --recording NAME` and `scenario save --recording NAME` play one; in documents a wording for voice names its hash.",
        subcommands: [
            ListRecordingsCommand.self, AddRecordingCommand.self, ListenRecordingCommand.self, RemoveRecordingCommand.self,
        ], defaultSubcommand: ListRecordingsCommand.self)
}

struct ListRecordingsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List recordings: name, seconds, when and by whom made, organisation, hash.")

    @OptionGroup var database: DatabaseOption
    @OptionGroup var owner: OwnerOption

    func run() throws {
        let store = try database.open()
        for recording in try store.recordings(of: try owner.organisation(in: store)) {
            let line = [
                recording.name, String(format: "%.1f", recording.seconds), ISO8601.text(recording.createdAt), recording.createdBy,
                recording.organisationName, recording.hash.hexadecimal,
            ]
            Terminal.out(line.joined(separator: "\t") + "\n")
        }
    }
}

struct AddRecordingCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Keep a sound file: WAV, MP3, Ogg Vorbis or FLAC, three minutes at most.",
        discussion: "It is made as loud as what is spoken, and kept as telephones carry it: one channel, 300 to 3,400 Hz.")

    @OptionGroup var database: DatabaseOption
    @OptionGroup var owner: OwnerOption
    @Argument(help: "Its name.") var name: String
    @Argument(help: "The sound.") var file: String

    func run() throws {
        let store = try database.open(for: .prepare)
        let organisation = try owner.organisation(in: store)
        guard let handle = FileHandle(forReadingAtPath: file) else { throw ValidationError("\(file) can't be read") }
        defer { try? handle.close() }
        let sound: [UInt8]
        do {
            sound = try SoundFile.aLaw(Array(try handle.read(upToCount: SoundFile.mostBytes + 1) ?? Data()))
        } catch let error as SpeechError {
            throw ValidationError("\(file): \(error)")
        }
        let saved = try store.addRecording(named: name, sound, of: organisation, by: database.actor, now: .now)
        Terminal.say("recording “\(name)” is kept: \(String(format: "%.1f", saved.seconds)) s, \(saved.hash.hexadecimal)")
    }
}

struct ListenRecordingCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "listen", abstract: "Write a recording as a WAV file, as it sounds on the telephone.")

    @OptionGroup var database: DatabaseOption
    @OptionGroup var owner: OwnerOption
    @Argument(help: "Its name.") var name: String
    @Argument(help: "Where to write it.") var file: String

    func run() throws {
        let store = try database.open()
        let recording = try store.recording(named: name, of: try owner.organisation(in: store))
        guard let sound = try store.sound(recording.hash) else { throw RecordingError.unknown(name: name, known: []) }
        let output = try AtomicFile(path: file)
        try output.write(WaveSound.file(aLaw: sound))
        try output.commit()
    }
}

struct RemoveRecordingCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Remove a recording that nothing plays any more.")

    @OptionGroup var database: DatabaseOption
    @OptionGroup var owner: OwnerOption
    @Argument(help: "Its name.") var name: String

    func run() throws {
        let store = try database.open(for: .prepare)
        try store.removeRecording(named: name, of: try owner.organisation(in: store), by: database.actor)
        Terminal.say("recording “\(name)” is removed")
    }
}

/// For commands whose message may be played.
struct RecordingOption: ParsableArguments {
    @Option(help: ArgumentHelp("A recording that telephones play in the place of the text (`tocsin recording`).", valueName: "name"))
    var recording: String?

    /// The message with a wording for voice that plays the recording. Wordings for a language stay as they are: they are spoken.
    func applied(to message: Message, in store: AlertDatabase, of organisation: OrganisationID) throws -> Message {
        guard let recording, let use = MessageVariant.Use(language: nil, channel: .voice) else { return message }
        let hash = try store.recording(named: recording, of: organisation).hash
        let own = message.variants.first { $0.use == use }
        let wording = MessageVariant(use, subject: own?.subject, text: own?.text ?? message.text, recording: hash)
        return Message(
            subject: message.subject, text: message.text, variants: [wording] + message.variants, isPersonal: message.isPersonal)
    }
}
