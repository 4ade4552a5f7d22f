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

    @Option(help: "What the caller said meanwhile, from the answer on: A-law, too.")
    var said: String?

    @Argument(help: "Recordings.")
    var files: [String]

    func run() throws {
        let said = try said.map(Self.samples) ?? []
        for file in files {
            let found = LineListener.findings(in: try Self.samples(of: file), said: said)
            let greeting = found.first { $0.finding == .greeting }.map { String($0.at) } ?? ""
            let records = found.first { $0.finding == .records }.map { String($0.at) } ?? ""
            Terminal.out("\(file)\t\(found.isEmpty ? "person" : "machine")\t\(greeting)\t\(records)\n")
        }
    }

    private static func samples(of file: String) throws -> [UInt8] {
        let handle = try FileHandle(forReadingFrom: URL(filePath: file))
        defer { try? handle.close() }
        return Array(try handle.read(upToCount: mostBytes) ?? Data())
    }
}
