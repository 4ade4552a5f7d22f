import Foundation
import Testing

@testable import Console

@Suite struct AddressGateTests {
    private let start = Date(timeIntervalSince1970: 1_700_000_000)

    @Test func `a client has its rate, and must then wait; another does not`() {
        let gate = AddressGate(perSecond: 3)
        for _ in 0..<3 { #expect(gate.admit("a", at: start) == nil) }
        #expect(gate.admit("a", at: start) == 1)
        #expect(gate.admit("b", at: start) == nil)
        #expect(gate.admit("a", at: start.addingTimeInterval(0.34)) == nil)
        #expect(gate.admit("a", at: start.addingTimeInterval(0.35)) == 1)
        for _ in 0..<3 { #expect(gate.admit("a", at: start.addingTimeInterval(9)) == nil) }
        #expect(gate.admit("a", at: start.addingTimeInterval(9)) == 1)
    }

    @Test func `a clock that goes back gives nothing away`() {
        let gate = AddressGate(perSecond: 1)
        #expect(gate.admit("a", at: start) == nil)
        #expect(gate.admit("a", at: start.addingTimeInterval(-100)) == 1)
    }

    @Test func `without a bound all pass`() {
        let gate = AddressGate(perSecond: 0)
        for _ in 0..<1_000 { #expect(gate.admit("a", at: start) == nil) }
    }

    @Test func `a seat is free again once nobody holds it`() {
        let seats = UploadSeats(count: 1)
        var seat = seats.take()
        #expect(seat != nil && seats.take() == nil)
        seat = nil
        #expect(seats.take() != nil)
    }
}
