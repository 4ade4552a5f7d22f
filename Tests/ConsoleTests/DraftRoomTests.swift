import AlertModel
import Foundation
import Testing

@testable import Console

@Suite struct DraftRoomTests {
    private let rooms = DraftRooms()
    private let address = DraftRooms.Address(organisation: OrganisationID(rawValue: 1), key: UUID())

    @Test func `who enters is told who is there, and those who are there of who enters and leaves`() async {
        var anne: AsyncStream<DraftUpdate>.Iterator? = rooms.enter(address, user: "anne").makeAsyncIterator()
        #expect(await anne?.next()?.people == [.init(user: "anne", pages: 1)])
        var odile: AsyncStream<DraftUpdate>.Iterator? = rooms.enter(address, user: "odile").makeAsyncIterator()
        let both: [DraftUpdate.Person] = [.init(user: "anne", pages: 1), .init(user: "odile", pages: 1)]
        #expect(await anne?.next()?.people == both)
        #expect(await odile?.next()?.people == both)
        odile = nil
        #expect(await anne?.next()?.people == [.init(user: "anne", pages: 1)])
        anne = nil
    }

    @Test func `a new version is told, an old one is not`() async {
        var anne = rooms.enter(address, user: "anne").makeAsyncIterator()
        _ = await anne.next()
        rooms.note(address, version: 4, by: "odile")
        rooms.note(address, version: 3, by: "paul")
        let update = await anne.next()
        #expect(update?.version == 4 && update?.by == "odile" && update?.state == .open)
    }

    @Test func `another organisation's draft of the same key is another draft`() async {
        var anne = rooms.enter(address, user: "anne").makeAsyncIterator()
        _ = await anne.next()
        rooms.note(.init(organisation: OrganisationID(rawValue: 2), key: address.key), version: 9, by: "x")
        rooms.note(address, .launched, by: "odile")
        let update = await anne.next()
        #expect(update?.version == 0 && update?.state == .launched && update?.by == "odile")
    }
}
