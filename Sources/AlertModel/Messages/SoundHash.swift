/// SHA-256 of a recorded sound as telephones carry it (A-law, 8,000 samples a second).
package struct SoundHash: Hashable, Comparable, Sendable {
    package let hexadecimal: String

    /// - Parameter hexadecimal: 64 digits in lower case; nil is returned for anything else.
    package init?(hexadecimal: String) {
        guard hexadecimal.utf8.count == 64, hexadecimal.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) }) else { return nil }
        self.hexadecimal = hexadecimal
    }

    package static func < (left: Self, right: Self) -> Bool { left.hexadecimal < right.hexadecimal }
}
