import Foundation

/// Work that waits for programs.
enum FaxThread {
    static func run(_ work: @escaping @Sendable () -> Void) { Thread.detachNewThread(work) }
}
