import ArgumentParser
import Foundation
import Telephony

struct AnswersBenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "answers",
        abstract: "Say what the answering machine detector makes of recorded answers: person, or machine and when it records.",
        discussion: "Recordings are A-law of 8,000 samples a second, from the answer on: `sox FILE -t al -r 8000 -c 1 FILE.al`.")

    /// Ten minutes.
    private static let mostBytes = 4_800_000

    @Argument(help: "Recordings.")
    var files: [String]

    func run() throws {
        for file in files {
            let handle = try FileHandle(forReadingFrom: URL(filePath: file))
            let recording = Array(try handle.read(upToCount: Self.mostBytes) ?? Data())
            try handle.close()
            let found = LineListener.findings(in: recording)
            let greeting = found.first { $0.finding == .greeting }.map { String($0.at) } ?? ""
            let records = found.first { $0.finding == .records }.map { String($0.at) } ?? ""
            Terminal.out("\(file)\t\(found.isEmpty ? "person" : "machine")\t\(greeting)\t\(records)\n")
        }
    }
}
