import AlertModel
import Campaigns
import Foundation
import NIOCore
import Testing

@testable import Console

extension ProgressUpdate {
    static func sample(passed: Int, state: CampaignState = .running) -> ProgressUpdate {
        ProgressUpdate(
            state: state, startedAt: Date(timeIntervalSince1970: 0), endedAt: nil,
            progress: CampaignProgress(
                recipients: 10, deliveries: [.passed: passed, .pending: 10 - passed], legs: [.sms: [.queued: 10 - passed, .accepted: passed]],
                possibleDuplicates: 0))
    }
}

@Suite(.timeLimit(.minutes(15))) struct EventStreamTests {
    private let clock = ManualClock()

    /// Runs a stream and hands what it writes to the test, one event at a time.
    private func follow(
        every interval: Duration = .milliseconds(250), mayGoOn: @escaping @Sendable () async -> Bool = { true },
        _ test: (AsyncStream<ProgressUpdate>.Continuation, Inbox<String>) async throws -> Void
    ) async throws {
        let (updates, feed) = AsyncStream.makeStream(of: ProgressUpdate.self)
        let events = Inbox<String>()
        var pacing = EventPacing()
        pacing.clock = clock
        pacing.minimumInterval = interval
        let stream = EventStream(updates: updates, pacing: pacing, mayGoOn: mayGoOn)
        let running = Task {
            defer { events.finish() }
            try await stream.run { events.put(String(buffer: $0)) }
        }
        try await test(feed, events)
        running.cancel()
        _ = await running.result
    }

    private func passed(_ event: String?) throws -> Int {
        let event = try #require(event)
        #expect(event.hasPrefix("event: progress\ndata: {") && event.hasSuffix("}\n\n"))
        let line = try #require(event.split(separator: "\n").last).dropFirst("data: ".count)
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { _ in Date(timeIntervalSince1970: 0) }
        return try decoder.decode(ProgressUpdate.self, from: Data(line.utf8)).progress.count(DeliveryState.passed)
    }

    @Test func `the first value leaves at once, then only the latest of each quarter of a second`() async throws {
        try await follow { feed, events async throws in
            feed.yield(.sample(passed: 1))
            #expect(try passed(await events.next()) == 1)
            await clock.waitForSleeper(of: .milliseconds(250))
            for count in 2...9 { feed.yield(.sample(passed: count)) }
            // Each event costs a quarter of a second of the clock, which only this loop moves.
            var last = 1
            while last < 9 {
                clock.advance(by: .milliseconds(250))
                last = try passed(await events.next())
                await clock.waitForSleeper(of: .milliseconds(250))
            }
            feed.finish()
            clock.advance(by: .milliseconds(250))
            #expect(await events.next() == "event: end\ndata: {}\n\n")
        }
    }

    @Test func `a campaign's end is said after its last value`() async throws {
        try await follow(every: .zero) { feed, events async throws in
            feed.yield(.sample(passed: 10, state: .completed))
            feed.finish()
            #expect(try passed(await events.next()) == 10)
            #expect(await events.next() == "event: end\ndata: {}\n\n")
            #expect(await events.next() == nil)
        }
    }

    @Test func `the same value is not said twice`() async throws {
        try await follow { feed, events async throws in
            feed.yield(.sample(passed: 1))
            #expect(try passed(await events.next()) == 1)
            await clock.waitForSleeper(of: .milliseconds(250))
            feed.yield(.sample(passed: 1))
            clock.advance(by: .milliseconds(250))
            feed.yield(.sample(passed: 2))
            #expect(try passed(await events.next()) == 2)
        }
    }

    @Test func `a silent stream is kept open by pings`() async throws {
        try await follow { _, events async throws in
            for _ in 0..<3 {
                await clock.waitForSleeper(of: .seconds(15))
                clock.advance(by: .seconds(15))
                #expect(await events.next() == ": ping\n\n")
            }
        }
    }

    @Test func `a stream ends with its session, without saying the campaign is over`() async throws {
        try await follow(mayGoOn: { false }) { _, events async throws in
            await clock.waitForSleeper(of: .seconds(15))
            clock.advance(by: .seconds(15))
            #expect(await events.next() == nil)
        }
    }

    @Test func `leaving releases whatever feeds the stream`() async throws {
        let (updates, feed) = AsyncStream.makeStream(of: ProgressUpdate.self)
        let (released, signal) = AsyncStream.makeStream(of: Void.self)
        feed.onTermination = { _ in signal.finish() }
        var pacing = EventPacing()
        pacing.clock = clock
        let stream = EventStream(updates: updates, pacing: pacing) { true }
        let running = Task { try await stream.run { _ in } }
        await clock.waitForSleeper(of: .seconds(15))
        running.cancel()
        for await _ in released {}
        await #expect(throws: CancellationError.self) { try await running.value }
    }
}
