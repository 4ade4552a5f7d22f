import AlertModel
import Dispatch
import Foundation
import GRDB
import GeoModel
import Geocoding
import Synchronization

/// Geocoding by several readers at once: an import has thousands of addresses, the machine several cores.
extension AlertDatabase {
    /// The places a text may mean, best first.
    package func geocode(_ text: String, limit: Int) throws -> [GeocodedPlace] {
        try pool.read { database in
            try Geocoder(index: AddressIndex(database, cache: geocoderCache).port).search(text: text, limit: limit)
        }
    }

    /// Places many addresses, in their order; nil where none is good enough to choose people by it.
    ///
    /// Call it outside any read of the database: it waits for readers of its own.
    package func geocode(_ queries: [AddressQuery]) throws -> [GeocodedPlace?] {
        try concurrently(queries) { placer, query in try placer.locate(query) }
    }

    /// Where the geocoder puts recipients who came without coordinates, in their order.
    ///
    /// Call it outside any read of the database: it waits for readers of its own.
    package func placements(of recipients: [Recipient]) throws -> [Placement] {
        try concurrently(recipients) { placer, recipient in try placer.place(recipient) }
    }

    /// Below this a second reader costs more than it brings.
    private static let sliceCount = 128
    /// Readers that one batch may take of the pool's four: a console must go on reading.
    private static let mostReaders = 2

    /// Applies a body to each element, by as many readers as pay, each in a read transaction of its own.
    func concurrently<Element: Sendable, Result: Sendable>(
        _ elements: [Element], _ body: @escaping @Sendable (Placer, Element) throws -> Result
    ) throws -> [Result] {
        let slices = (elements.count + Self.sliceCount - 1) / Self.sliceCount
        let readers = min(ProcessInfo.processInfo.activeProcessorCount, Self.mostReaders, slices)
        guard readers > 1 else {
            return try pool.read { database in
                let placer = Placer(database: database, cache: geocoderCache)
                return try elements.map { try body(placer, $0) }
            }
        }
        let work = BatchWork<Result>(sliceCount: slices)
        let group = DispatchGroup()
        // Threads of their own: SQLite blocks, and the cooperative pool is as small as the machine.
        let queue = DispatchQueue(label: "tocsin.geocoding", qos: .userInitiated, attributes: .concurrent)
        for _ in 0..<readers {
            queue.async(group: group) {
                do {
                    try pool.read { database in
                        let placer = Placer(database: database, cache: geocoderCache)
                        while let slice = work.next() {
                            let start = slice * Self.sliceCount
                            let part = elements[start..<min(elements.count, start + Self.sliceCount)]
                            work.finish(slice, try part.map { try body(placer, $0) })
                        }
                    }
                } catch {
                    work.fail(error)
                }
            }
        }
        group.wait()
        return try work.results()
    }
}

/// The slices of a batch, handed out to readers, and what they made of them.
private final class BatchWork<Result: Sendable>: Sendable {
    private struct State {
        var next = 0
        var results: [[Result]?]
        var error: (any Error)?
    }

    private let state: Mutex<State>

    init(sliceCount: Int) {
        state = Mutex(State(results: Array(repeating: nil, count: sliceCount)))
    }

    /// The next slice to do; nil when all are handed out, or one has failed.
    func next() -> Int? {
        state.withLock { state in
            guard state.error == nil, state.next < state.results.count else { return nil }
            state.next += 1
            return state.next - 1
        }
    }

    func finish(_ slice: Int, _ results: [Result]) {
        state.withLock { $0.results[slice] = results }
    }

    func fail(_ error: any Error) {
        state.withLock { $0.error = $0.error ?? error }
    }

    func results() throws -> [Result] {
        try state.withLock { state in
            if let error = state.error { throw error }
            return state.results.flatMap { $0 ?? [] }
        }
    }
}

extension Placer {
    fileprivate func locate(_ query: AddressQuery) throws -> GeocodedPlace? { try geocoder.locate(structured: query) }
}
