import Telephony
import Testing

@Suite struct CallScriptTests {
    private func begun(_ change: (inout CallScript.Settings) -> Void = { _ in }) -> CallScript {
        var settings = CallScript.Settings()
        change(&settings)
        var script = CallScript(settings)
        #expect(script.answered() == [.say([.message, .instructions])])
        return script
    }

    @Test func `who presses nothing hears it twice, and a goodbye`() {
        var script = begun()
        #expect(!script.wasHeard)
        #expect(script.said() == [.wait(.seconds(6))])
        #expect(script.wasHeard)
        #expect(script.waited() == [.say([.message, .instructions])])
        #expect(script.said() == [.wait(.seconds(6))])
        #expect(script.waited() == [.say([.farewell])])
        #expect(script.said() == [.hangUp])
        #expect(!script.isAcknowledged)
        #expect(script.said() == [] && script.waited() == [] && script.pressed("1") == [])
    }

    @Test func `1 acknowledges at any moment, once`() {
        var early = begun()
        #expect(early.pressed("1") == [.say([.confirmed])])
        #expect(early.isAcknowledged && !early.wasHeard)
        #expect(early.pressed("1") == [] && early.pressed("2") == [])
        #expect(early.said() == [.hangUp])
        var late = begun()
        _ = late.said()
        #expect(late.pressed("1") == [.say([.confirmed])])
        #expect(late.isAcknowledged && late.wasHeard)
    }

    @Test func `a wrong key takes nothing away`() {
        var script = begun()
        #expect(script.pressed("5") == [])
        #expect(script.said() == [.wait(.seconds(6))])
        #expect(script.pressed("5") == [.say([.instructions])])
        #expect(script.said() == [.wait(.seconds(6))])
        #expect(script.pressed("1") == [.say([.confirmed])])
    }

    @Test func `a key that hangs does not hold the line`() {
        var script = begun()
        var said = 0
        while script.pressed("2") == [.say([.message, .instructions])], said < 100 { said += 1 }
        #expect(said == 5)
        #expect(script.said() == [.hangUp])
    }

    @Test func `9 leaves information, and nothing where it means nothing`() {
        var alert = begun()
        #expect(alert.pressed("9") == [] && !alert.hasLeft)
        var information = begun { $0.leaves = "9" }
        #expect(information.pressed("9") == [.say([.left])])
        #expect(information.hasLeft && !information.isAcknowledged)
    }
}
