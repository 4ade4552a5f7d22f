import Synchronization
import Testing

@testable import Store

@Suite struct OrderedBatchesTests {
    private struct Fault: Error, Equatable { let number: Int }

    @Test func `results come in the order of the batches, however long each takes`() throws {
        let batches = OrderedBatches<Int, Int>(workers: 3, limit: 4, context: { 0 }) { number, _ in
            // The first of each ten is by far the slowest.
            var sum = 0
            for step in 0..<(number % 10 == 0 ? 200_000 : 10) { sum &+= step ^ number }
            return sum == -1 ? -1 : number
        }
        var results: [Int] = []
        try batches.run(produce: { pass in for number in 0..<200 { try pass(number) } }, consume: { results.append($0) })
        #expect(results == Array(0..<200))
    }

    @Test func `no more batches than the limit are out at once`() throws {
        let batches = OrderedBatches<Int, Int>(workers: 2, limit: 3, context: { 0 }) { number, _ in number }
        var (passed, taken) = (0, 0)
        var most = 0
        try batches.run(
            produce: { pass in
                for number in 0..<50 {
                    try pass(number)
                    passed += 1
                    most = max(most, passed - taken)
                }
            }, consume: { _ in taken += 1 })
        #expect(taken == 50 && most <= 3)
    }

    @Test func `a fault of the work, of the source or of the taker ends it, and is thrown`() {
        func batches() -> OrderedBatches<Int, Int> {
            OrderedBatches(workers: 2, limit: 3, context: { 0 }) { number, _ in
                if number == 7 { throw Fault(number: 7) }
                return number
            }
        }
        var taken: [Int] = []
        #expect(throws: Fault(number: 7)) {
            try batches().run(produce: { pass in for number in 0..<50 { try pass(number) } }, consume: { taken.append($0) })
        }
        #expect(taken == Array(0..<7))
        #expect(throws: Fault(number: 1)) {
            try batches().run(produce: { pass in try pass(1); throw Fault(number: 1) }, consume: { _ in })
        }
        #expect(throws: Fault(number: 2)) {
            try batches().run(produce: { pass in for number in 0..<6 { try pass(number) } }, consume: { _ in throw Fault(number: 2) })
        }
    }

    @Test func `each thread has one context of its own`() throws {
        final class Context: Sendable {
            let uses = Mutex(0)
        }
        let made = Mutex<[Context]>([])
        let batches = OrderedBatches<Int, Int>(
            workers: 2, limit: 8, context: {
                let context = Context()
                made.withLock { $0.append(context) }
                return context
            }, work: { number, context in
                context.uses.withLock { $0 += 1 }
                return number
            })
        try batches.run(produce: { pass in for number in 0..<100 { try pass(number) } }, consume: { _ in })
        let uses = made.withLock { contexts in contexts.map { $0.uses.withLock { $0 } } }
        #expect(uses.count <= 2 && uses.reduce(0, +) == 100)
    }
}
