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

    @Test func `a machine is told all of the message once it records`() {
        var script = begun()
        #expect(script.found(.greeting) == [.fallSilent, .wait(.seconds(60))])
        #expect(script.said() == [], "what was begun has fallen silent")
        #expect(script.found(.records) == [.say([.message, .instructions])])
        #expect(script.said() == [.say([.message, .instructions])] && script.wasLeft)
        #expect(script.said() == [.hangUp])
        #expect(script.isMachine && !script.wasHeard && !script.isAcknowledged)
        #expect(script.found(.records) == [])
    }

    @Test func `a greeting without an end is spoken to all the same`() {
        var script = begun()
        _ = script.found(.greeting)
        #expect(script.waited() == [.say([.message, .instructions])])
    }

    @Test func `a machine is hung up on where it is to be called again, and nobody is where none is listened for`() {
        var retry = begun { $0.machines = .retry }
        #expect(retry.found(.records) == [.hangUp] && retry.isMachine && !retry.wasLeft)
        var ignore = begun { $0.machines = .ignore }
        #expect(ignore.found(.greeting) == [] && !ignore.isMachine)
    }

    @Test func `whoever presses a key is a person after all`() {
        var script = begun()
        _ = script.found(.greeting)
        #expect(script.pressed("1") == [.say([.confirmed])])
        #expect(script.isAcknowledged && !script.isMachine)
        var late = begun()
        _ = late.found(.records)
        #expect(late.pressed("2") == [.say([.message, .instructions])] && !late.isMachine)
    }
}
