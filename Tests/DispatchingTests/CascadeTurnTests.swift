import AlertModel
import DispatchSupport
import Testing

@testable import Dispatching

@Suite struct CascadeTurnTests {
    private let cascade = Cascade(steps: [
        .init(channels: [.sms, .email]), .init(channels: [.voice], waitSeconds: 600, eachSeconds: 120),
        .init(channels: [.fax], waitSeconds: 300),
    ])
    private let now = Peers.start

    private func contact(_ channel: Channel, _ rank: Int) -> ContactPoint {
        ContactPoint(channel: channel, address: Redacted("\(channel)\(rank)"), rank: rank)
    }

    private func leg(
        _ id: Int64, _ stage: Int, _ state: LegState, heard: Int? = nil, due: UTCTime = .never, isPassedOver: Bool = false
    ) -> CascadeTurn.Leg {
        CascadeTurn.Leg(
            id: LegID(rawValue: id), stage: stage, state: state, dueAt: due,
            firstHeardAt: heard.map { now.advanced(bySeconds: $0) }, isPassedOver: isPassedOver)
    }

    private func turns(_ legs: [CascadeTurn.Leg]) -> [Int64: Int64] {
        let releases = CascadeTurn.releases(legs, cascade, now: now)
        return Dictionary(uniqueKeysWithValues: releases.map { ($0.leg.rawValue, $0.turn.milliseconds(since: now) / 1000) })
    }

    @Test func `stages follow the steps, and within one taken in turn the ranks`() {
        let stages = cascade.stages(of: [
            contact(.fax, 5), contact(.voice, 4), contact(.voice, 2), contact(.email, 3), contact(.sms, 1),
        ])
        #expect(stages.map(\.contact.address.value) == ["sms1", "email3", "voice2", "voice4", "fax5"])
        #expect(stages.map(\.stage) == [0, 0, 1_000, 1_001, 2_000])
        #expect(stages.map { cascade.waitSeconds(before: $0.stage) } == [0, 0, 600, 120, 300])
        #expect(cascade.stages(of: []).isEmpty)
    }

    @Test func `a stage's turn comes its wait after all of the stage before was heard of`() {
        #expect(turns([leg(1, 0, .accepted, heard: -90), leg(2, 0, .queued, due: now), leg(3, 1_000, .queued)]) == [:])
        #expect(turns([leg(1, 0, .accepted, heard: -90), leg(2, 0, .inFlight), leg(3, 1_000, .queued)]) == [:])
        #expect(
            turns([leg(1, 0, .accepted, heard: -90), leg(2, 0, .delivered, heard: -30), leg(3, 1_000, .queued)]) == [3: 570])
        // A retry under way, and one a crash left in doubt, hold nobody up.
        #expect(turns([leg(1, 0, .queued, heard: -60, due: now), leg(3, 1_000, .queued), leg(4, 1_001, .queued)]) == [3: 540])
        #expect(turns([leg(1, 0, .inFlight, heard: -60), leg(3, 1_000, .queued)]) == [3: 540])
    }

    @Test func `a stage that failed for good is followed at once, also when its successor already waits`() {
        let failed = leg(1, 0, .failed, heard: -5)
        #expect(turns([failed, leg(3, 1_000, .queued)]) == [3: 0])
        #expect(turns([failed, leg(3, 1_000, .queued, due: now.advanced(bySeconds: 500))]) == [3: 0])
        #expect(turns([failed, leg(2, 0, .accepted, heard: -5), leg(3, 1_000, .queued)]) == [3: 595])
        #expect(turns([failed, leg(3, 1_000, .failed, heard: -1), leg(4, 1_001, .queued), leg(5, 2_000, .queued)]) == [4: 0])
    }

    @Test func `what ended without an attempt is as though the recipient did not have it`() {
        // Voice is unavailable: fax waits for its own time after the SMS, not for voice, and not at once.
        #expect(turns([leg(1, 0, .accepted, heard: 0), leg(3, 1_000, .failed), leg(5, 2_000, .queued)]) == [5: 300])
        #expect(turns([leg(1, 0, .failed), leg(3, 1_000, .queued)]) == [3: 0])
    }

    @Test func `a channel that carries nothing is passed over, and its leg stays`() {
        #expect(turns([leg(1, 0, .queued, due: now, isPassedOver: true), leg(3, 1_000, .queued), leg(4, 1_001, .queued)]) == [3: 0])
    }

    @Test(arguments: [
        (StopWord.acknowledged, [LegState.acknowledged]), (.answered, [.answered, .acknowledged]),
        (.delivered, [.delivered, .answered, .acknowledged]),
    ])
    func `the stop word or more ends it, nothing less`(word: StopWord, enough: [LegState]) {
        let cascade = Cascade(steps: cascade.steps, until: word)
        for state in LegState.allCases {
            #expect(CascadeTurn.isOver([.failed, state], cascade) == enough.contains(state), "\(state)")
            #expect(CascadeTurn.isOver([.queued, state], nil) == (state == .acknowledged))
        }
    }

    @Test func `a silent channel is waited for as long as the step after it, a minute at least`() {
        #expect(cascade.patienceSeconds(of: .sms) == 600)
        #expect(cascade.patienceSeconds(of: .voice) == 120)
        #expect(cascade.patienceSeconds(of: .fax) == 60)
    }
}
