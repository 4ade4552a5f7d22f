import AlertModel
import Testing

@testable import Targeting

@Suite struct ZoneCountsTests {
    @Test func `the lines of count are a contract`() {
        var counts = ZoneCounts()
        counts.certain = 5
        counts.possible = 2
        counts.notLocated = 1
        counts.channels = [.sms: 4, .email: 3]
        #expect(counts.recipients == 7)
        #expect(
            counts.lines.map { "\($0.key)\t\($0.value)" } == [
                "recipients\t7", "certain\t5", "possible\t2", "not_located\t1", "sms\t4", "voice\t0", "email\t3",
                "fax\t0",
            ])
    }
}
