import CSpawn
import Foundation

/// A program that is started, and ends.
struct Program {
    let child: pid_t
    /// Its standard output, and a socket that is its standard input. Whoever takes them closes them.
    let output: Int32
    let input: Int32

    /// - Throws: `FaxError.missing`.
    init(_ words: [String]) throws(FaxError) {
        let arguments = words.map { strdup($0) } + [nil], environment = [strdup("LANG=C.UTF-8"), strdup("PATH=/usr/bin:/bin"), nil]
        defer { (arguments + environment).forEach { free($0) } }
        var child: pid_t = 0
        var output: Int32 = -1, input: Int32 = -1
        guard cspawn_start(words[0], arguments, environment, &child, &output, &input) == 0 else {
            throw FaxError(.missing, program: words[0])
        }
        self.child = child
        self.output = output
        self.input = input
    }

    func kill() { Foundation.kill(child, SIGKILL) }

    /// Waits for its end: call it from a thread that may.
    ///
    /// - Returns: what it ended with; nil after a signal.
    func wait() -> Int32? {
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        return status & 0x7F == 0 ? status >> 8 & 0xFF : nil
    }

    /// Waits for the end of its output, which it has with its own, and for its end.
    ///
    /// - Returns: as `wait`; `.tooSlow` is thrown, and nothing runs any more, after `longest`.
    func run(longest: Duration) throws(FaxError) -> Int32? {
        close(input)
        defer { close(output) }
        let end = ContinuousClock.now + longest
        var chunk = [UInt8](repeating: 0, count: 4_096)
        while true {
            let left = ContinuousClock.now.duration(to: end)
            var ends = [pollfd(fd: output, events: Int16(POLLIN), revents: 0)]
            guard left > .zero, poll(&ends, 1, Int32((left / .milliseconds(1)).rounded(.up))) >= 0 || errno == EINTR else {
                kill()
                _ = wait()
                throw FaxError(.tooSlow, program: "")
            }
            guard ends[0].revents != 0 else { continue }
            if chunk.withUnsafeMutableBytes({ read(output, $0.baseAddress, $0.count) }) <= 0 { return wait() }
        }
    }
}

/// A folder that nobody else reads.
struct OwnFolder {
    let path: String

    /// - Throws: `FaxError.diskFull`.
    init() throws(FaxError) {
        let url = FileManager.default.temporaryDirectory.appending(path: "tocsin-fax-\(UUID().uuidString)")
        do {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        } catch { throw FaxError(.diskFull) }
        path = url.path
    }

    /// - Throws: `FaxError.diskFull`.
    func write(_ bytes: [UInt8], _ name: String) throws(FaxError) -> String {
        let file = "\(path)/\(name)"
        do { try Data(bytes).write(to: URL(filePath: file)) } catch { throw FaxError(.diskFull) }
        return file
    }

    func read(_ name: String) -> [UInt8]? { FileManager.default.contents(atPath: "\(path)/\(name)").map(Array.init) }

    func remove() { try? FileManager.default.removeItem(atPath: path) }
}
