/// A way to reach people. The raw value is the word used in files, the API and the command line.
package enum Channel: String, CaseIterable, Codable, Hashable, Sendable, Comparable {
    case sms, voice, email, fax

    package static func < (left: Channel, right: Channel) -> Bool { left.order < right.order }

    /// The order in which channels are listed everywhere, `count`'s lines included.
    private var order: Int { Self.allCases.firstIndex(of: self)! }
}
