/// A picture inside a message: the map of the zone.
package struct MailPicture: Sendable {
    /// Of the picture on the page, in CSS pixels.
    static let shownWidth = 600
    /// What a message may weigh for it: relays refuse large ones, and it goes out once a recipient.
    package static let byteLimit = 300_000

    let bytes: [UInt8]
    /// What it shows, for who cannot see it.
    let text: String

    private static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    /// - Parameter png: a PNG file.
    /// - Returns: nil for what is none, or is larger than a message should carry.
    package init?(png: [UInt8], text: String) {
        guard png.starts(with: Self.signature), png.count <= Self.byteLimit else { return nil }
        bytes = png
        self.text = text
    }
}
