import Foundation

/// Where a command writes: data alone on standard output, everything said to a person on standard error.
enum Terminal {
    /// What cannot be written ends the process: a script must not act on half a list.
    static func out(_ text: String) {
        guard let fault = write(text, to: STDOUT_FILENO) else { return }
        say("Error: standard output can't be written: \(fault)")
        exit(EX_IOERR)
    }

    static func say(_ text: String) {
        _ = write(text + "\n", to: STDERR_FILENO)
    }

    static func warn(_ text: String) {
        say("warning: \(text)")
    }

    /// Whether a person is watching standard error: progress is drawn only then.
    static var isInteractive: Bool { isatty(STDERR_FILENO) == 1 }

    /// Asks on standard error and reads one line; nil when nobody can answer.
    static func ask(_ question: String) -> String? {
        guard isatty(STDIN_FILENO) == 1 else { return nil }
        _ = write(question + " ", to: STDERR_FILENO)
        return readLine()
    }

    /// Draws over the current line of standard error.
    fileprivate static func draw(_ text: String) {
        _ = write("\r\u{1B}[K" + text, to: STDERR_FILENO)
    }

    /// Unbuffered; a reader that went away (`| head`) ends the process by SIGPIPE, as for any filter.
    ///
    /// - Returns: why not everything was written; nil when it was.
    private static func write(_ text: String, to descriptor: Int32) -> String? {
        var text = text
        return text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                let count = Foundation.write(descriptor, rest.baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return String(cString: strerror(errno)) }
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
            return nil
        }
    }
}

/// One line that is drawn over itself while a long step runs; nothing when nobody watches.
struct ProgressLine {
    private let title: String
    private let isShown = Terminal.isInteractive
    private var lastDrawn = ContinuousClock.Instant.now - .seconds(1)

    init(_ title: String) {
        self.title = title
    }

    mutating func update(_ detail: @autoclosure () -> String) {
        let now = ContinuousClock.now
        guard isShown, now - lastDrawn > .milliseconds(100) else { return }
        lastDrawn = now
        Terminal.draw("\(title): \(detail())")
    }

    func finish() {
        if isShown { Terminal.draw("") }
    }
}
