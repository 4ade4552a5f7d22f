/// A program that speaks: text on its standard input, sound (WAV, or what SoX can tell by its beginning) on its standard output.
package struct SpeechCommand: Hashable, Sendable {
    /// What stands for the language (fr, en, de…) in the words.
    package static let languagePlace = "{language}"

    /// The program, by its path, and its words.
    package let words: [String]

    /// - Parameter words: nil is returned when there are none, or the program is not named by its whole path.
    package init?(_ words: [String]) {
        guard let program = words.first, program.hasPrefix("/"), words.allSatisfy({ !$0.isEmpty && !$0.utf8.contains(0) }) else { return nil }
        self.words = words
    }

    private init(standard words: [String]) { self.words = words }

    /// espeak-ng, somewhat slower than it speaks by itself: who was woken must understand it.
    package static let espeak = SpeechCommand(
        standard: ["/usr/bin/espeak-ng", "-v", languagePlace, "-s", "145", "-g", "4", "--stdin", "--stdout"])

    func words(in language: String) -> [String] { words.map { $0.replacing(Self.languagePlace, with: language) } }
}
