import Synchronization

/// Hands elements from an event loop, which must not wait, to one reader, which may be slow. Bounded: what it has no
/// room for is refused, and stays with whoever brought it.
final class Mailbox<Element: Sendable>: Sendable {
    private struct State {
        var elements: [Element] = []
        var isFinished = false
        var hasReader = false
        var reader: CheckedContinuation<Void, Never>?
    }

    private let limit: Int
    private let state = Mutex(State())

    init(limit: Int) { self.limit = limit }

    var hasRoom: Bool { state.withLock { $0.elements.count < limit } }
    /// Whether anybody has ever asked for an element.
    var hasReader: Bool { state.withLock { $0.hasReader } }

    func put(_ elements: [Element]) {
        state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard !state.isFinished else { return nil }
            state.elements += elements
            defer { state.reader = nil }
            return state.reader
        }?.resume()
    }

    func finish() {
        state.withLock { state -> CheckedContinuation<Void, Never>? in
            state.isFinished = true
            defer { state.reader = nil }
            return state.reader
        }?.resume()
    }

    /// The elements in order, given as they are asked for; ends once it is finished and empty, or when its reader is
    /// cancelled. - Parameter opened: called at the first ask.
    func stream(opened: @escaping @Sendable () -> Void = {}) -> AsyncStream<Element> {
        let batch = Mutex<[Element]>([])
        return AsyncStream {
            if let next = batch.withLock({ $0.popLast() }) { return next }
            let isFirst = self.state.withLock { state in
                defer { state.hasReader = true }
                return !state.hasReader
            }
            if isFirst { opened() }
            guard let taken = await self.take() else { return nil }
            return batch.withLock { batch in
                batch = taken.reversed()
                return batch.popLast()
            }
        }
    }

    /// All there is, once there is something.
    private func take() async -> [Element]? {
        while !Task.isCancelled {
            let (elements, isOver) = state.withLock { state in
                let elements = state.elements
                state.elements = []
                return (elements, state.isFinished)
            }
            if !elements.isEmpty { return elements }
            if isOver { return nil }
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let isReady = state.withLock { state in
                        if !state.elements.isEmpty || state.isFinished || Task.isCancelled { return true }
                        state.reader = continuation
                        return false
                    }
                    if isReady { continuation.resume() }
                }
            } onCancel: {
                state.withLock { state -> CheckedContinuation<Void, Never>? in
                    defer { state.reader = nil }
                    return state.reader
                }?.resume()
            }
        }
        return nil
    }
}
