import AlertModel
import Console
import Dispatching
import Speech
import Store

extension RecordingDesk {
    init(store: AlertDatabase) {
        self.init(
            mostBytes: SoundFile.mostBytes,
            all: { account in
                try await ConsoleProblems.translating {
                    try store.recordings(of: account.organisation).map { RecordingCard($0, for: account.organisation) }
                }
            },
            add: { account, name, file in
                try await ConsoleProblems.translating {
                    let sound: [UInt8]
                    do throws(SpeechError) {
                        sound = try SoundFile.aLaw(file)
                    } catch {
                        throw ConsoleProblem(error.code.isOfTheFile ? .unreadableFile : .speechFailed, ProblemDetail(reason: error.description))
                    }
                    let saved = try store.addRecording(named: name, sound, of: account.organisation, by: account.user, now: .now)
                    return RecordingCard(saved, for: account.organisation)
                }
            },
            remove: { account, id in
                try await ConsoleProblems.translating {
                    try store.removeRecording(id: id, of: account.organisation, by: account.user)
                }
            })
    }
}

extension RecordingCard {
    fileprivate init(_ saved: SavedRecording, for organisation: OrganisationID) {
        self.init(id: saved.id, name: saved.name, hash: saved.hash, seconds: saved.seconds, isOwn: saved.organisation == organisation)
    }
}

extension SpeechError.Code {
    /// Another file would do; otherwise a program of this machine is at fault.
    fileprivate var isOfTheFile: Bool { [.unknownSound, .recordingTooLong, .silentSound].contains(self) }
}
