import Foundation

/// Where a command writes: data alone on standard output, everything said to a person on standard error.
enum Terminal {
    static func out(_ text: String) {
        write(text, to: stdout)
    }

    static func say(_ text: String) {
        write(text + "\n", to: stderr)
    }

    static func warn(_ text: String) {
        say("warning: \(text)")
    }

    /// Whether a person is watching standard error: progress is drawn only then.
    static var isInteractive: Bool { isatty(STDERR_FILENO) == 1 }

    /// Asks on standard error and reads one line; nil when nobody can answer.
    static func ask(_ question: String) -> String? {
        guard isatty(STDIN_FILENO) == 1 else { return nil }
        write(question + " ", to: stderr)
        return readLine()
    }

    private static func write(_ text: String, to stream: UnsafeMutablePointer<FILE>) {
        var text = text
        text.withUTF8 { _ = fwrite($0.baseAddress, 1, $0.count, stream) }
        fflush(stream)
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
        fputs("\r\u{1B}[K\(title): \(detail())", stderr)
    }

    func finish() {
        if isShown { fputs("\r\u{1B}[K", stderr) }
    }
}
