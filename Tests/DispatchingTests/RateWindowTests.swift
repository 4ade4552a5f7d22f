import Testing

@testable import Dispatching

@Suite struct RateWindowTests {
    /// Submits as soon as allowed, with timers that are late, and returns what an observer sees.
    private func run(
        limit: Int, periodMilliseconds: Int64 = 1000, seconds: Int64 = 30, seed: UInt64, latestMicroseconds: Int64,
        idlePercent: UInt64 = 0, units: (inout Dice) -> Int = { _ in 1 }
    ) -> [(at: Int64, units: Int)] {
        var dice = Dice(state: seed)
        var now = Uptime(microseconds: 5_000_000)
        let end = now.advanced(byMilliseconds: seconds * 1000)
        var window = RateWindow(limit: limit, periodMilliseconds: periodMilliseconds, from: now)
        var seen: [(at: Int64, units: Int)] = []
        while true {
            let count = units(&dice)
            // Sometimes there is nothing to send for a while.
            if dice.next() % 100 < idlePercent { now = now.advanced(byMicroseconds: Int64(dice.next() % 700_000)) }
            let earliest = window.earliest(count, now)
            now = earliest.advanced(byMicroseconds: latestMicroseconds == 0 ? 0 : Int64(dice.next()) % latestMicroseconds)
            guard now < end else { return seen }
            window.take(count, now)
            seen.append((now.microseconds, count))
            // A late timer finds several due.
            while latestMicroseconds < 60_000, window.earliest(count, now) <= now {
                window.take(count, now)
                seen.append((now.microseconds, count))
            }
        }
    }

    /// The most units in any stretch of a period, by looking at every one.
    private func most(_ seen: [(at: Int64, units: Int)], in period: Int64) -> Int {
        var most = 0, sum = 0, first = 0
        for last in seen.indices {
            sum += seen[last].units
            while seen[last].at - seen[first].at >= period {
                sum -= seen[first].units
                first += 1
            }
            most = max(most, sum)
        }
        return most
    }

    @Test(arguments: [1, 2, 7, 45, 46, 333, 1_000])
    func `never above the limit in any second, and 98 in a hundred of it sustained`(limit: Int) {
        for seed in UInt64(0)..<3 {
            let seen = run(limit: limit, seed: seed, latestMicroseconds: 5_000)
            #expect(most(seen, in: 1_000_000) <= limit)
            // The first second passes as though the process before had used it.
            #expect(seen[0].at >= 6_000_000)
            let seconds = Double(seen[seen.count - 1].at - seen[0].at) / 1e6
            let sustained = Double(seen.count) / seconds
            let floor = limit >= 45 ? 0.98 * Double(limit) : 0
            #expect(sustained >= floor)
        }
    }

    @Test func `an observer behind a network that is late by up to a hundredth still counts no more`() {
        for seed in UInt64(0)..<20 {
            var dice = Dice(state: seed)
            let seen = run(limit: 45, seed: seed, latestMicroseconds: 3_000).map {
                (at: $0.at + Int64(dice.next() % 10_000), units: $0.units)
            }.sorted { $0.at < $1.at }
            #expect(most(seen, in: 1_000_000) <= 45)
        }
    }

    @Test func `messages of several segments count as many, idle times and late timers or not`() {
        for seed in UInt64(0)..<40 {
            let limit = 10 + Int(seed) * 3
            let seen = run(
                limit: limit, seed: seed, latestMicroseconds: 60_000, idlePercent: 3, units: { Int(1 + $0.next() % 4) })
            #expect(most(seen, in: 1_000_000) <= limit)
        }
    }

    @Test func `messages of three segments sustain the limit`() {
        let seen = run(limit: 45, seed: 1, latestMicroseconds: 2_000, units: { _ in 3 })
        let seconds = Double(seen[seen.count - 1].at - seen[0].at) / 1e6
        let sustained = Double(3 * seen.count) / seconds
        #expect(sustained >= 0.98 * 45)
        #expect(most(seen, in: 1_000_000) == 45)
    }

    @Test func `a message larger than the limit leaves, and the next wait for it`() {
        let seen = run(limit: 2, seconds: 60, seed: 1, latestMicroseconds: 1_000, units: { _ in 5 })
        #expect((20...25).contains(seen.count), "five segments at two a second: one in 2.5 s")
    }

    @Test func `nothing is bunched: the even pace holds within a few units`() {
        let seen = run(limit: 100, seed: 3, latestMicroseconds: 1_000)
        #expect(most(seen, in: 100_000) <= 14)
    }

    @Test func `units that will be free in a moment are foretold as they then are`() {
        var dice = Dice(state: 9)
        var now = Uptime(microseconds: 0)
        var window = RateWindow(limit: 50, periodMilliseconds: 1000, from: now)
        for _ in 0..<2_000 {
            now = now.advanced(byMicroseconds: Int64(dice.next() % 40_000))
            let end = now.advanced(byMilliseconds: 100)
            let foretold = window.available(now, until: end)
            let whole = window.earliest(max(1, foretold), now)
            #expect(foretold == 0 || whole <= end.advanced(byMicroseconds: 100_000))
            let first = window.earliest(1, now)
            #expect(first <= end || foretold == 0)
            if first <= now { window.take(1, now) }
        }
    }
}

@Suite struct GatewayPaceTests {
    @Test func `a throttled answer halves the pace once a second, and a twentieth comes back each second`() {
        let start = Uptime(microseconds: 0)
        var pace = GatewayPace(GatewayRate(perSecond: 100, unit: .messages), from: start)
        var now = start.advanced(byMilliseconds: 5_000)
        for _ in 0..<50 { pace.throttled(now) }
        #expect(pace.limit == 50)
        now = now.advanced(byMilliseconds: 1_000)
        _ = pace.earliest(1, now)
        #expect(pace.limit == 55)
        pace.throttled(now.advanced(byMilliseconds: 1_000))
        #expect(pace.limit == 30)
        _ = pace.earliest(1, now.advanced(byMilliseconds: 60_000))
        #expect(pace.limit == 100)
    }

    @Test func `a gateway without a rate is held to half of what it took, and set free again`() {
        var pace = GatewayPace(nil, from: Uptime(microseconds: 0))
        var now = Uptime(microseconds: 0)
        for _ in 0..<3_000 {
            now = now.advanced(byMicroseconds: 1_000)
            pace.take(1, now)
        }
        #expect(!pace.isLimited)
        pace.throttled(now)
        #expect((450...550).contains(pace.limit ?? 0))
        let units = pace.available(now.advanced(byMilliseconds: 200_000), until: .never)
        #expect(units == nil)
        #expect(!pace.isLimited)
    }
}

@Suite struct CircuitBreakerTests {
    private func breaker() -> CircuitBreaker {
        var health = GatewayHealth()
        health.failuresToOpen = 3
        health.pauseMilliseconds = 1_000
        health.longestPauseMilliseconds = 3_000
        return CircuitBreaker(health)
    }

    @Test func `failures in a row open it, and each failed trial doubles the pause up to the longest`() {
        var circuit = breaker()
        var now = Uptime(microseconds: 0)
        for _ in 0..<2 { _ = circuit.failed(now) }
        circuit.succeeded()
        #expect((0..<3).map { _ in circuit.failed(now) } == [false, false, true])
        for pause in [1_000, 2_000, 3_000, 3_000] as [Int64] {
            let until = now.advanced(byMilliseconds: pause)
            #expect(circuit.state(now) == .open(until: until))
            let isNews = circuit.failed(now)
            #expect(!isNews, "late answers change nothing")
            #expect(circuit.state(now) == .open(until: until))
            now = until
            #expect(circuit.state(now) == .halfOpen)
            let isOpened = circuit.failed(now)
            #expect(!isOpened)
        }
        circuit.succeeded()
        #expect(circuit.state(now) == .closed)
        let isOpenAgain = circuit.failed(now)
        #expect(!isOpenAgain, "forgiven: it takes three again")
    }
}

@Suite struct FairSharesTests {
    @Test func `shares follow the weights, over many small claims as over one large`() {
        for weights in [[1], [1, 1], [3, 1], [5, 2, 1], [100, 1]] {
            for step in [1, 3, 17] {
                var got = weights.map { _ in 0 }
                var place = 0
                while place < 10_000 {
                    let quotas = FairShares.quotas(step, weights: weights, from: place)
                    #expect(quotas.reduce(0, +) == step)
                    for index in got.indices { got[index] += quotas[index] }
                    place += step
                }
                let round = weights.reduce(0, +)
                for index in got.indices {
                    let due = place * weights[index] / round
                    #expect(abs(got[index] - due) <= round)
                }
            }
        }
    }

    @Test func `nothing to share and nobody to share with are not an error`() {
        #expect(FairShares.quotas(0, weights: [1], from: 3) == [0])
        #expect(FairShares.quotas(4, weights: [], from: 3) == [])
    }
}

/// SplitMix64: the same numbers for the same seed.
struct Dice: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return (z ^ (z >> 31)) >> 1
    }
}
