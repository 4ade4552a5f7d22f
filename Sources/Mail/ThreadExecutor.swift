import Dispatch
import Foundation
import Synchronization

/// Runs an actor on a thread of its own, where it may block. Swift's cooperative pool has as many threads as the
/// machine has cores: two blocking calls there stop everything.
final class ThreadExecutor: SerialExecutor {
    private struct State {
        var jobs: [UnownedJob] = []
        var isStopped = false
    }

    private let state = Mutex(State())
    private let ready = DispatchSemaphore(value: 0)

    init(name: String) {
        let thread = Thread { self.work() }
        thread.name = name
        thread.start()
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        state.withLock { $0.jobs.append(job) }
        ready.signal()
    }

    /// Lets the thread end once its jobs are done; the actor's last act.
    func stop() {
        state.withLock { $0.isStopped = true }
        ready.signal()
    }

    private func work() {
        while true {
            ready.wait()
            let (job, isOver) = state.withLock { state in
                let job = state.jobs.isEmpty ? nil : state.jobs.removeFirst()
                return (job, job == nil && state.isStopped)
            }
            if isOver { return }
            job?.runSynchronously(on: asUnownedSerialExecutor())
        }
    }
}
