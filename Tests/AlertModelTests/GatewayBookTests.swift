import Testing

@testable import AlertModel

@Suite struct GatewayBookTests {
    private let parents = [2: 1, 3: 1, 4: 2].reduce(into: [OrganisationID: OrganisationID]()) {
        $0[OrganisationID(rawValue: Int64($1.key))] = OrganisationID(rawValue: Int64($1.value))
    }

    private func reserved(_ organisation: Int64, _ gateway: String, _ channel: Channel = .sms) -> GatewayAssignment {
        GatewayAssignment(
            organisation: OrganisationID(rawValue: organisation), gateway: gateway, channel: channel, isReserved: true)
    }

    private func gateways(_ book: GatewayBook, _ organisation: Int64, _ channel: Channel = .sms) -> [String] {
        let access = book.access(of: OrganisationID(rawValue: organisation))
        return ["county", "open", "town"].filter { access.allows($0, on: channel) }
    }

    @Test func `its own, or those of the nearest above it, or those that are nobody's`() {
        let book = GatewayBook([reserved(1, "county"), reserved(2, "town")], parents: parents)
        #expect(gateways(book, 1) == ["county"])
        #expect(gateways(book, 2) == ["town"])
        #expect(gateways(book, 3) == ["county"], "its sister's is not for it")
        #expect(gateways(book, 4) == ["town"], "the nearest")
        #expect(gateways(book, 9) == ["open"], "of another tree")
        #expect(gateways(book, 2, .email) == ["open"], "each channel is looked at alone")
        #expect(gateways(.open, 2) == ["county", "open", "town"])
    }

    @Test func `a gateway reserved for several is each one's`() {
        let book = GatewayBook([reserved(1, "county"), reserved(2, "county"), reserved(2, "town")], parents: parents)
        #expect(gateways(book, 2) == ["county", "town"])
        #expect(gateways(book, 1) == ["county"])
    }

    @Test func `a share gives nothing that was not there`() {
        let share = GatewayAssignment(
            organisation: OrganisationID(rawValue: 3), gateway: "town", channel: .sms, isReserved: false, share: 7, ceiling: 3)
        let book = GatewayBook([reserved(2, "town"), share], parents: parents)
        #expect(gateways(book, 3) == ["county", "open"])
        let access = book.access(of: OrganisationID(rawValue: 3))
        #expect(access.share(of: "town") == 7 && access.ceiling(of: "town") == 3 && access.ceiling(of: "open") == nil)
    }

    @Test func `a ceiling is that of all below, the lowest of the line, whatever those below are given`() {
        func ceiling(_ organisation: Int64, _ limit: Int) -> GatewayAssignment {
            GatewayAssignment(
                organisation: OrganisationID(rawValue: organisation), gateway: "open", channel: .sms, isReserved: false, ceiling: limit)
        }
        func owner(_ book: GatewayBook, _ organisation: Int64) -> Int64? {
            book.access(of: OrganisationID(rawValue: organisation)).ceilingOwner(of: "open")?.rawValue
        }
        let below = GatewayBook([ceiling(2, 20)], parents: parents)
        #expect(below.access(of: OrganisationID(rawValue: 4)).ceiling(of: "open") == 20)
        #expect(owner(below, 4) == 2 && owner(below, 2) == 2 && owner(below, 3) == nil && owner(below, 1) == nil)
        #expect(owner(GatewayBook([ceiling(2, 20), ceiling(4, 100)], parents: parents), 4) == 2)
        #expect(owner(GatewayBook([ceiling(2, 20), ceiling(4, 5)], parents: parents), 4) == 4)
    }

    @Test func `parents that go round in a circle end`() {
        let one = OrganisationID(rawValue: 1), two = OrganisationID(rawValue: 2)
        let book = GatewayBook([reserved(3, "town")], parents: [one: two, two: one])
        #expect(gateways(book, 1) == ["county", "open"])
    }

    @Test func `the tariff is one's own, its gateway's first, from its day on, or that of whoever is above`() {
        func tariff(_ organisation: Int64, _ gateway: String?, _ price: Int64?, _ from: Int64) -> DatedTariff {
            DatedTariff(
                organisation: OrganisationID(rawValue: organisation), channel: .sms, gateway: gateway,
                tariff: price.map { Tariff(unit: .segment, price: Money(millionths: $0, currency: "EUR")) },
                from: UTCTime(millisecondsSince1970: from))
        }
        let book = TariffBook(
            lineage: [OrganisationID(rawValue: 2), OrganisationID(rawValue: 1)],
            [
                tariff(1, nil, 50, 0), tariff(2, nil, 40, 100), tariff(2, "town", 30, 200), tariff(2, nil, nil, 300),
                tariff(2, "town", 35, 200), tariff(3, nil, 1, 0),
            ])
        func price(_ gateway: String, _ at: Int64) -> Int64? {
            book.tariff(of: gateway, on: .sms, at: UTCTime(millisecondsSince1970: at))?.tariff?.price.millionths
        }
        #expect([0, 99, 100, 199].map { price("town", $0) } == [50, 50, 40, 40])
        #expect(price("town", 200) == 35, "of one moment, the last word")
        #expect(price("open", 250) == 40)
        #expect(price("open", 300) == 50, "what was ended is the parent's again")
        #expect(price("town", 300) == 35)
        #expect(book.tariff(of: "open", on: .voice, at: .never) == nil)
    }
}
