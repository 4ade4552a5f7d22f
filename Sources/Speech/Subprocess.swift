import CSpawn
import Foundation
import Glibc

/// One run of a program: bytes in, bytes out, over when it returns.
enum Subprocess {
    static let longest = Duration.seconds(30)
    private static let chunkBytes = 1 << 16

    /// Waits: call it from a thread that may.
    ///
    /// - Parameter mostBytes: of output; more is `.tooLong`.
    static func run(_ words: [String], input: [UInt8], mostBytes: Int) throws(SpeechError) -> [UInt8] {
        let program = words[0]
        let arguments = words.map { strdup($0) } + [nil]
        let environment = [strdup("LANG=C.UTF-8"), strdup("PATH=/usr/bin:/bin"), nil]
        defer { (arguments + environment).forEach { free($0) } }
        var child: pid_t = 0
        var read: Int32 = -1, write: Int32 = -1
        guard cspawn_start(program, arguments, environment, &child, &read, &write) == 0 else {
            throw SpeechError(code: .missing, program: program)
        }
        defer { close(read) }
        let outcome = exchange(input, write: write, read: read, mostBytes: mostBytes)
        if case .failure = outcome { kill(child, SIGKILL) }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        switch outcome {
        case .failure(let code): throw SpeechError(code: code, program: program)
        case .success(let output):
            // 127 is what a shell, and posix_spawn, say of a program that is not there.
            guard status == 0 else { throw SpeechError(code: (status >> 8) & 0xFF == 127 ? .missing : .failed, program: program) }
            return output
        }
    }

    private enum Outcome {
        case success([UInt8])
        case failure(SpeechError.Code)
    }

    /// Both ends at once: a program may speak before it has read everything.
    private static func exchange(_ input: [UInt8], write: Int32, read: Int32, mostBytes: Int) -> Outcome {
        var output: [UInt8] = []
        var sent = 0
        var isOpen = true
        func closeInput() {
            if isOpen { close(write) }
            isOpen = false
        }
        defer { closeInput() }
        if input.isEmpty { closeInput() }
        let end = ContinuousClock.now + longest
        var chunk = [UInt8](repeating: 0, count: chunkBytes)
        while true {
            let left = ContinuousClock.now.duration(to: end)
            guard left > .zero else { return .failure(.tooSlow) }
            var ends = [pollfd(fd: read, events: Int16(POLLIN), revents: 0)]
            if isOpen { ends.append(pollfd(fd: write, events: Int16(POLLOUT), revents: 0)) }
            guard poll(&ends, nfds_t(ends.count), Int32((left / .milliseconds(1)).rounded(.up))) > 0 else { continue }
            if isOpen, ends[1].revents != 0 {
                let count = input[sent...].withUnsafeBytes { send(write, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)) }
                if count > 0 { sent += count }
                if count < 0 && errno != EAGAIN && errno != EINTR || sent == input.count { closeInput() }
            }
            if ends[0].revents != 0 {
                let count = chunk.withUnsafeMutableBytes { Glibc.read(read, $0.baseAddress, $0.count) }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return .success(output) }
                output += chunk[..<count]
                if output.count > mostBytes { return .failure(.tooLong) }
            }
        }
    }
}
