/// What a gateway's operator charges for one unit.
package struct Tariff: Codable, Hashable, Sendable {
    /// What is charged.
    package enum Unit: String, CaseIterable, Codable, Sendable {
        /// A part of a text message.
        case segment
        /// A started minute of a call.
        case minute
        /// A message, whatever its length.
        case message
    }

    package let unit: Unit
    package let price: Money

    package init(unit: Unit, price: Money) {
        self.unit = unit
        self.price = price
    }

    /// The units one message is charged for.
    /// - Parameter message: as it leaves.
    package func units(_ message: Message) -> Int {
        switch unit {
        case .segment: max(1, SMSText(message.text).segments)
        case .minute: SpokenText.startedMinutes(message.text)
        case .message: 1
        }
    }
}

/// How long a text takes to be heard: an assumption, since a call's length is only known once it was made.
package enum SpokenText {
    /// Read at some 160 words a minute, of five letters and a space in French.
    package static let charactersPerSecond = 14
    /// Ringing is not charged; picking up, and pressing a key at the end, is.
    package static let secondsAround = 8

    package static func seconds(_ text: String) -> Int { secondsAround + text.count / charactersPerSecond }
    package static func startedMinutes(_ text: String) -> Int { (seconds(text) + 59) / 60 }
}
