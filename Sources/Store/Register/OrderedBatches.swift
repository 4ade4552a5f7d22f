import Foundation
import Synchronization

/// Works on batches on several threads and gives the results back in the order of the batches, on the caller's thread.
///
/// An import reads and keeps count on one thread; what is in between (parsing, geocoding, comparing) depends on nothing
/// but the row, and takes nine tenths of the time.
package final class OrderedBatches<Input: Sendable, Output: Sendable>: Sendable {
    private struct State {
        var waiting: [(number: Int, input: Input)] = []
        var finished: [Int: Result<Output, any Error>] = [:]
    }

    private let state = Mutex(State())
    private let hasWork = DispatchSemaphore(value: 0)
    private let hasResult = DispatchSemaphore(value: 0)
    private let limit: Int
    private let workers: Int

    /// - Parameters:
    ///   - workers: threads. Each has a context of its own, made once: what a C library ties to one thread.
    ///   - limit: batches in work or finished and not yet taken: the bound of the memory.
    package init<Context>(
        workers: Int, limit: Int, context: @escaping @Sendable () -> Context,
        work: @escaping @Sendable (Input, Context) throws -> Output
    ) {
        self.limit = limit
        self.workers = workers
        for number in 0..<workers {
            let thread = Thread { [self] in run(context(), work) }
            thread.name = "import-\(number)"
            // GEOS and the geocoder recurse more deeply than half a megabyte allows.
            thread.stackSize = 8 << 20
            thread.start()
        }
    }

    private func run<Context>(_ context: Context, _ work: (Input, Context) throws -> Output) {
        while true {
            hasWork.wait()
            let next: (number: Int, input: Input)? = state.withLock { state in
                state.waiting.isEmpty ? nil : state.waiting.removeFirst()
            }
            guard let next else { return }
            let result = Result { try work(next.input, context) }
            state.withLock { $0.finished[next.number] = result }
            hasResult.signal()
        }
    }

    /// Runs `produce`, which passes batches on, and `consume` for each result. When either throws, so does this, once
    /// the threads have let go of what they had.
    package func run(
        produce: (_ pass: (Input) throws -> Void) throws -> Void, consume: (Output) throws -> Void
    ) throws {
        try withoutActuallyEscaping(consume) { consume in try runEscaping(produce: produce, consume: consume) }
    }

    private func runEscaping(
        produce: (_ pass: (Input) throws -> Void) throws -> Void, consume: @escaping (Output) throws -> Void
    ) throws {
        defer { close() }
        var passed = 0
        var taken = 0
        func take() throws {
            while true {
                if let result = state.withLock({ $0.finished.removeValue(forKey: taken) }) {
                    taken += 1
                    return try consume(result.get())
                }
                hasResult.wait()
            }
        }
        try produce { input in
            while passed - taken >= limit { try take() }
            state.withLock { $0.waiting.append((passed, input)) }
            passed += 1
            hasWork.signal()
        }
        while taken < passed { try take() }
    }

    private func close() {
        state.withLock { $0.waiting = [] }
        for _ in 0..<workers { hasWork.signal() }
    }
}
