/// What happens in a call, in the order in which it happens.
package enum CallEvent: Hashable, Sendable {
    /// The other side rings, or says something before the answer: the SIP status (180, 183).
    case progress(status: Int)
    case answered
    /// A key was pressed, and let go: 0–9, *, #, A–D. `isHeard` where it came as a tone and not as a signal (RFC 4733).
    case key(Character, isHeard: Bool)
    /// What is heard on the line has changed, so many milliseconds after the answer; told where `Call.listen` asked.
    case heard(LineSound, at: Int)
    /// What was heard while `Call.keep` asked for it: A-law, 8,000 samples a second.
    case kept([UInt8])
    /// All that was last to be played has been sent.
    case played(tag: UInt64)
    /// The last event of every call.
    case ended(CallEnd)
}

/// What is heard on a line. A call begins in silence.
package enum LineSound: Hashable, Sendable {
    case silence
    /// Or music, or noise: anything loud that is no tone.
    case speech
    /// One steady frequency for a tenth of a second or longer.
    case tone
}

/// How a call ended.
package struct CallEnd: Hashable, Sendable {
    package enum Reason: Hashable, Sendable {
        /// Refused, or hung up: the SIP status, nil where they hung up after the answer.
        case theirs(status: Int?)
        case ours
        /// Nobody answered in time.
        case unanswered
        /// No audio came any more: the other side is gone without a word.
        case silent
        /// The call never left, or no answer came back: the system's error number.
        case fault(Int32)
    }

    package let reason: Reason
    package let wasAnswered: Bool
    /// From the answer to the end.
    package let milliseconds: Int
    /// Packets of audio of 20 ms.
    package let sent: Int
    package let received: Int

    package init(_ reason: Reason, wasAnswered: Bool, milliseconds: Int = 0, sent: Int = 0, received: Int = 0) {
        self.reason = reason
        self.wasAnswered = wasAnswered
        self.milliseconds = milliseconds
        self.sent = sent
        self.received = received
    }
}
