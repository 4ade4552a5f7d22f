import AlertModel
import Campaigns
import GeoModel
import Testing

@testable import Store

@Suite struct EntrySpoolTests {
    @Test func `what went in comes out, in order and over many pieces`() throws {
        var spool = EntrySpool()
        var given: [AudienceEntry] = []
        for index in 0..<30_000 {
            given.append(
                AudienceEntry(
                    recipient: RecipientID(rawValue: Int64(index) * 1_000_003), externalID: "R\(index)é",
                    name: index % 3 == 0 ? nil : Redacted(index % 3 == 1 ? "" : "Nom \(index)"),
                    communeCode: index % 2 == 0 ? CommuneCode("2A004") : nil,
                    precision: Precision.allCases[index % Precision.allCases.count],
                    certainty: index % 10 == 0 ? .possible : .certain,
                    language: ["", "fr", "de"][index % 3], why: "reason \(index % 700)",
                    contactPoints: (0..<(index % 5)).map {
                        ContactPoint(channel: Channel.allCases[$0 % 4], address: Redacted("+33199\($0)\(index)"), rank: $0 * 200)
                    }))
        }
        for entry in given { spool.append(entry) }
        #expect(spool.count == 30_000 && spool.certainCount == 27_000)
        var index = 0
        try spool.forEach { entry in
            let due = given[index]
            index += 1
            let isSame =
                entry.recipient == due.recipient && entry.externalID == due.externalID && entry.name == due.name
                && entry.communeCode == due.communeCode && entry.precision == due.precision
            let isSameReach = entry.certainty == due.certainty && entry.why == due.why && entry.language == due.language && entry.contactPoints == due.contactPoints
            #expect(isSame && isSameReach, "entry \(index)")
        }
        #expect(index == 30_000)
    }
}
