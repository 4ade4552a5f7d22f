import Testing

@testable import AlertModel

@Suite struct SpokenTextTests {
    /// Beside what rings and ends a call.
    private func seconds(_ text: String) -> Int { SpokenText.seconds(text) - SpokenText.secondsAround }

    @Test func `a text is heard as its writing is read`() {
        #expect(seconds("") == 0)
        #expect(seconds(String(repeating: "Montez.", count: 20)) == 10, "140 letters and signs of an alphabet")
        #expect(seconds("Ж".padding(140)) == 10)
        #expect(seconds("ع".padding(140)) == 14)
        #expect(seconds("水".padding(45)) == 10)
        #expect(seconds("0639980001".padding(30)) == 10, "a number is read out")
        #expect(seconds("ا0水a") == 0, "less than a second together")
    }

    @Test func `a minute that has begun is charged`() {
        #expect(SpokenText.startedMinutes("Montez") == 1)
        #expect(SpokenText.startedMinutes("a".padding(14 * 52)) == 1)
        #expect(SpokenText.startedMinutes("a".padding(14 * 53)) == 2)
    }
}

extension String {
    fileprivate func padding(_ count: Int) -> String { String((0..<count).map { Array(self)[$0 % self.count] }) }
}
