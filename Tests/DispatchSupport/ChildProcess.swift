import Foundation
import Glibc

/// A process started for one test. Foundation's `Process` will not do on Swift's own threads: its children inherit
/// the threads' blocked signals and do not end when told to, and waiting for them runs a run loop there.
package final class ChildProcess {
    package let identifier: pid_t
    private let output: Int32
    private let input: Int32

    package struct Failure: Error { let code: Int32 }

    /// - Parameter arguments: the first is the program, looked up in the path.
    package init(_ arguments: [String]) throws {
        var outputs: [Int32] = [0, 0]
        var inputs: [Int32] = [0, 0]
        guard pipe(&outputs) == 0, pipe(&inputs) == 0 else { throw Failure(code: errno) }
        for descriptor in outputs + inputs { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, inputs[0], 0)
        posix_spawn_file_actions_adddup2(&actions, outputs[1], 1)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var identifier: pid_t = 0
        let code = posix_spawnp(&identifier, arguments[0], &actions, &attributes, &words, environ)
        close(outputs[1])
        close(inputs[0])
        guard code == 0 else {
            close(outputs[0])
            close(inputs[1])
            throw Failure(code: code)
        }
        self.identifier = identifier
        output = outputs[0]
        input = inputs[1]
    }

    deinit {
        end()
        close(output)
        closeInput()
    }

    private var isInputOpen = true

    /// What many programs take for the word to end.
    package func closeInput() {
        if isInputOpen { close(input) }
        isInputOpen = false
    }

    private var hasEnded = false

    /// Kills the process, at once, and waits for its end.
    package func end() {
        guard !hasEnded else { return }
        kill(identifier, SIGKILL)
        _ = wait()
    }

    /// Waits for the process's end. - Returns: its exit code, nil when a signal ended it.
    package func wait() -> Int32? {
        var status: Int32 = 0
        while waitpid(identifier, &status, 0) < 0, errno == EINTR {}
        hasEnded = true
        return status & 0x7f == 0 ? (status >> 8) & 0xff : nil
    }

    /// To its standard input.
    package func write(_ text: String) {
        _ = text.withCString { Glibc.write(input, $0, strlen($0)) }
    }

    /// What it has written to its standard output, waiting for something.
    package func readSome() -> String {
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = read(output, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }

    private var unread = ""

    /// The next line of its standard output, waiting for it; nil once it ends.
    package func readLine() -> String? {
        while true {
            if let end = unread.firstIndex(of: "\n") {
                defer { unread.removeSubrange(...end) }
                return String(unread[..<end])
            }
            let more = readSome()
            guard !more.isEmpty else { return nil }
            unread += more
        }
    }

    /// All it writes to its standard output, until it ends.
    package func readAll() -> String {
        var all: [UInt8] = []
        var bytes = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(output, &bytes, bytes.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return String(decoding: all, as: UTF8.self) }
            all += bytes.prefix(count)
        }
    }
}
