import AlertModel
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import Console

/// A bare connection, for what a well-behaved client never sends.
private struct RawConnection {
    typealias Channel = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    static func use(
        port: Int, _ body: @Sendable (inout Reader, NIOAsyncChannelOutboundWriter<ByteBuffer>) async throws -> Void
    ) async throws {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "localhost", port: port) { channel in
                channel.eventLoop.makeCompletedFuture { try Channel(wrappingChannelSynchronously: channel) }
            }
        try await channel.executeThenClose { inbound, outbound in
            let inbox = Inbox<String>()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    // A reset is an end like another.
                    defer { inbox.finish() }
                    for try await buffer in inbound { inbox.put(String(buffer: buffer)) }
                }
                var reader = Reader(inbox: inbox)
                try await body(&reader, outbound)
                group.cancelAll()
            }
        }
    }

    struct Reader {
        let inbox: Inbox<String>
        var text = ""

        /// Reads until the text has come, or the server has closed.
        mutating func read(until end: String) async {
            while !text.contains(end), let more = await inbox.next() { text += more }
        }

        /// Reads until the server closes.
        mutating func readToEnd() async {
            while let more = await inbox.next() { text += more }
        }
    }
}

@Suite(.timeLimit(.minutes(15)), .serialized) struct LiveTests {
    private func head(_ token: SessionToken, _ first: String, _ more: String = "") -> ByteBuffer {
        ByteBuffer(
            string: "\(first) HTTP/1.1\r\nHost: localhost\r\nCookie: tocsin_session=\(token.cookieValue)\r\nX-Tocsin-CSRF: \(token.csrf)\r\n\(more)\r\n")
    }

    /// A campaign that never ends, and what its followers do.
    private final class EndlessCampaign: Sendable {
        let feeds = Mutex<[AsyncStream<ProgressUpdate>.Continuation]>([])
        let left: AsyncStream<Void>
        private let leave: AsyncStream<Void>.Continuation

        init() { (left, leave) = AsyncStream.makeStream() }

        func follow() -> AsyncStream<ProgressUpdate> {
            let (stream, feed) = AsyncStream.makeStream(of: ProgressUpdate.self)
            feed.onTermination = { [leave] _ in leave.yield() }
            feed.yield(.sample(passed: 1))
            feeds.withLock { $0.append(feed) }
            return stream
        }
    }

    @Test func `many follow at once, and a value reaches all of them`() async throws {
        let campaign = EndlessCampaign()
        var console = TestConsole()
        console.services.campaigns.follow = { _, _ in campaign.follow() }
        console.configuration.pacing.minimumInterval = .zero
        try await console.run(.live) { browser async throws in
            let port = try #require(browser.client.port), token = try #require(browser.token)
            try await withThrowingTaskGroup(of: Void.self) { group in
                let (arrivals, arrived) = AsyncStream.makeStream(of: Void.self)
                for _ in 0..<100 {
                    group.addTask {
                        try await RawConnection.use(port: port) { reader, outbound in
                            try await outbound.write(head(token, "GET /api/campaigns/1/events"))
                            await reader.read(until: #""passed":1,"#)
                            arrived.yield()
                            await reader.read(until: "event: end")
                            #expect(reader.text.contains(#""passed":9,"#))
                        }
                    }
                }
                var count = 0
                for await _ in arrivals {
                    count += 1
                    if count == 100 { break }
                }
                for feed in campaign.feeds.withLock({ $0 }) {
                    feed.yield(.sample(passed: 9))
                    feed.finish()
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func `a follower who leaves releases the stream`() async throws {
        let campaign = EndlessCampaign()
        var console = TestConsole()
        console.services.campaigns.follow = { _, _ in campaign.follow() }
        try await console.run(.live) { browser async throws in
            let port = try #require(browser.client.port), token = try #require(browser.token)
            try await RawConnection.use(port: port) { reader, outbound in
                try await outbound.write(head(token, "GET /api/campaigns/1/events"))
                await reader.read(until: "event: progress")
            }
            var left = campaign.left.makeAsyncIterator()
            await left.next()
        }
    }

    @Test func `a shutdown ends the streams at once, without saying the campaign is over`() async throws {
        let campaign = EndlessCampaign()
        var console = TestConsole()
        console.services.campaigns.follow = { _, _ in campaign.follow() }
        let follower = Mutex<Task<String, any Error>?>(nil)
        try await console.run(.live) { browser async throws in
            let port = try #require(browser.client.port), token = try #require(browser.token)
            let (begun, begin) = AsyncStream.makeStream(of: Void.self)
            let task = Task {
                let text = Mutex("")
                try await RawConnection.use(port: port) { reader, outbound in
                    try await outbound.write(head(token, "GET /api/campaigns/1/events"))
                    await reader.read(until: "event: progress")
                    begin.finish()
                    await reader.readToEnd()
                    let all = reader.text
                    text.withLock { $0 = all }
                }
                return text.withLock { $0 }
            }
            follower.withLock { $0 = task }
            for await _ in begun {}
        }
        let text = try await #require(follower.withLock { $0 }).value
        #expect(text.contains("event: progress"))
        #expect(!text.contains("event: end"))
    }

    @Test func `an announced body that is too large is refused before it is sent`() async throws {
        try await TestConsole().run(.live) { browser async throws in
            let port = try #require(browser.client.port), token = try #require(browser.token)
            try await RawConnection.use(port: port) { reader, outbound in
                try await outbound.write(head(token, "POST /api/message/measure", "Content-Type: application/json\r\nContent-Length: 99999999999\r\n"))
                await reader.read(until: "too_large")
                #expect(reader.text.hasPrefix("HTTP/1.1 413"))
                #expect(reader.text.lowercased().contains("connection: close"))
            }
        }
    }

    @Test func `a body without an announced length is refused as soon as it is too large`() async throws {
        try await TestConsole().run(.live) { browser async throws in
            let port = try #require(browser.client.port), token = try #require(browser.token)
            try await RawConnection.use(port: port) { reader, outbound in
                try await outbound.write(head(token, "POST /api/message/measure", "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n"))
                let chunk = ByteBuffer(string: "10000\r\n" + String(repeating: " ", count: 65_536) + "\r\n")
                // One chunk more than a mebibyte, and never the end.
                for _ in 0...16 { try await outbound.write(chunk) }
                await reader.read(until: "too_large")
                #expect(reader.text.hasPrefix("HTTP/1.1 413"))
            }
        }
    }

    @Test func `a body that stops coming is given up`() async throws {
        var console = TestConsole()
        console.configuration.limits.bodyTime = .milliseconds(20)
        try await console.run(.live) { browser async throws in
            let port = try #require(browser.client.port), token = try #require(browser.token)
            try await RawConnection.use(port: port) { reader, outbound in
                try await outbound.write(head(token, "POST /api/message/measure", "Content-Type: application/json\r\nContent-Length: 100\r\n"))
                try await outbound.write(ByteBuffer(string: "{"))
                await reader.read(until: #""timeout""#)
                #expect(reader.text.hasPrefix("HTTP/1.1 503"))
            }
        }
    }

    @Test(arguments: ["evil.example", "localhost.evil.example:80", ""])
    func `a name that is not the console's is refused`(host: String) async throws {
        try await TestConsole().run(.live) { browser async throws in
            let port = try #require(browser.client.port)
            try await RawConnection.use(port: port) { reader, outbound in
                try await outbound.write(ByteBuffer(string: "GET /healthz HTTP/1.1\r\nHost: \(host)\r\n\r\n"))
                await reader.read(until: "requestId")
                #expect(reader.text.hasPrefix("HTTP/1.1 403") && reader.text.contains("host_refused"))
            }
        }
    }

    @Test(arguments: [
        "GARBAGE\r\n\r\n", "GET /\r\n\r\n", "GET / HTTP/1.1\r\nHost: localhost\r\nBad Header: x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nX: " + String(repeating: "a", count: 60_000) + "\r\n\r\n",
        "POST /api/session HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
    ])
    func `what is not HTTP is refused in the envelope too`(text: String) async throws {
        try await TestConsole().run(.live) { browser async throws in
            let port = try #require(browser.client.port)
            try await RawConnection.use(port: port) { reader, outbound in
                try await outbound.write(ByteBuffer(string: text))
                await reader.readToEnd()
                #expect(reader.text.hasPrefix("HTTP/1.1 400"))
                #expect(reader.text.contains(#""code":"bad_request""#))
                #expect(reader.text.contains("nosniff"))
            }
        }
    }

    @Test func `a connection serves one request after another`() async throws {
        try await TestConsole().run(.live) { browser async throws in
            for _ in 0..<3 {
                #expect(try await browser.get("/api/session").status == .ok)
                #expect(try await browser.get("/nowhere").failure().code == .notFound)
                #expect(try await browser.post("/api/message/measure", "{").failure().code == .invalidJSON)
                let head = try await browser.send(.head, "/healthz")
                #expect(head.status == .ok)
            }
        }
    }

    @Test func `the service says which port it listens on and stops when asked`() async throws {
        let (ports, listening) = AsyncStream.makeStream(of: Int.self)
        var console = TestConsole()
        console.configuration.port = 0
        let server = ConsoleServer(
            configuration: console.configuration, services: .unforeseen, logger: console.logger,
            onListening: { listening.yield($0) })
        let running = Task { try await server.run() }
        var iterator = ports.makeAsyncIterator()
        let port = try #require(await iterator.next())
        try await RawConnection.use(port: port) { reader, outbound in
            try await outbound.write(ByteBuffer(string: "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n\r\n"))
            await reader.readToEnd()
            #expect(reader.text.hasSuffix("ok\n"))
        }
        running.cancel()
        _ = await running.result
    }
}
