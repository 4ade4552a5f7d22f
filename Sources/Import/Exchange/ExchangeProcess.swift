import CSpawn
import Foundation
import Glibc

/// One run of `tocsin-exchange`: started, read line by line, and over when `run` returns, whatever happened.
///
/// Foreign formats are parsed there and not here, so that a hostile file can take down a process that holds nothing
/// but the file (decision 0011).
struct ExchangeProcess {
    /// How a run ended other than well.
    enum Failure: Error {
        /// The process said what is wrong with the file.
        case refused(ExchangeFault)
        /// It needed more memory, time or output than it may have, or crashed.
        case tooMuchMemory, tookTooLong, tooMuchOutput, crashed
        /// There is no executable to start, or it does not start.
        case notInstalled(path: String)
    }

    private static let executableName = "tocsin-exchange"
    private static let chunkBytes = 1 << 18
    /// What `tocsin-exchange` ends with when memory is refused (`CGDAL_EXIT_MEMORY`).
    private static let memoryExitCode: Int32 = 75

    let limits: ExchangeLimits

    /// Beside this executable; in tests, beside the test bundle.
    static var executablePath: String {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(filePath: own).deletingLastPathComponent().appending(path: executableName).path
    }

    /// Calls `body` with each line but the last, which says that there are no more.
    /// - Parameter arguments: the kind of file, its path, and a name within it.
    func run(_ verb: String, _ arguments: [String], _ body: (_ line: [UInt8]) throws -> Void) throws {
        let numbers = ["\(limits.memoryBytes)", "\(limits.cpuSeconds)", "\(limits.fileBytes)"]
        var readEnd: Int32 = -1
        let child = try Self.start([verb] + numbers + arguments, readEnd: &readEnd)
        defer { close(readEnd) }
        var isReaped = false
        defer {
            if !isReaped { _ = Self.reap(child, killing: true) }
        }
        var lines = ExchangeLines(limits: limits)
        do {
            try read(readEnd, into: &lines, body)
        } catch let failure as Failure {
            guard case .crashed = failure else { throw failure }
            isReaped = true
            throw Self.cause(ofStatus: Self.reap(child, killing: false))
        }
        isReaped = true
        let status = Self.reap(child, killing: false)
        guard lines.isComplete, status == 0 else { throw Self.cause(ofStatus: status) }
    }

    private func read(
        _ descriptor: Int32, into lines: inout ExchangeLines, _ body: ([UInt8]) throws -> Void
    ) throws {
        let clock = ContinuousClock()
        var waited = Duration.zero
        var chunk = [UInt8](repeating: 0, count: Self.chunkBytes)
        while true {
            let left = Duration.seconds(limits.waitSeconds) - waited
            guard left > .zero else { throw Failure.tookTooLong }
            let start = clock.now
            var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let milliseconds = Int32(min(Double(Int32.max), left / .milliseconds(1)).rounded(.up))
            let ready = Glibc.poll(&poll, 1, milliseconds)
            waited += clock.now - start
            if ready <= 0 { continue }
            let count = chunk.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            try lines.feed(chunk[..<count], body)
        }
        guard lines.isComplete else { throw Failure.crashed }
    }

    /// - Returns: the status `waitpid` gives.
    private static func reap(_ child: pid_t, killing: Bool) -> Int32 {
        if killing { kill(child, SIGKILL) }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        return status
    }

    private static func cause(ofStatus status: Int32) -> Failure {
        let signal = status & 0x7F
        if signal == SIGXCPU { return .tookTooLong }
        // Allocation failures end in a trap, an abort, or the kernel's own kill.
        if signal != 0 { return signal == SIGSEGV || signal == SIGBUS ? .crashed : .tooMuchMemory }
        return (status >> 8) & 0xFF == memoryExitCode ? .tooMuchMemory : .crashed
    }

    private static func start(_ arguments: [String], readEnd: inout Int32) throws -> pid_t {
        let path = executablePath
        let words = ([path] + arguments).map { strdup($0) } + [nil]
        let environment = self.environment.map { strdup($0) } + [nil]
        defer { (words + environment).forEach { free($0) } }
        var child: pid_t = 0
        guard cspawn_start(path, words, environment, &child, &readEnd, nil) == 0 else {
            throw Failure.notInstalled(path: path)
        }
        return child
    }

    /// Where the libraries and their tables are, and nothing else: no home folder whose settings GDAL would follow.
    private static var environment: [String] {
        let kept = ["LD_LIBRARY_PATH", "PROJ_DATA", "PROJ_LIB", "GDAL_DATA"]
        let own = ProcessInfo.processInfo.environment
        return kept.compactMap { name in own[name].map { "\(name)=\($0)" } } + ["LANG=C.UTF-8"]
    }
}
