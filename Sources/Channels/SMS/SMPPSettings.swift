import AlertModel
import Foundation
import SMPP

/// An SMSC and how messages are given to it.
package struct SMPPSettings: Sendable {
    /// Where to, as whom, how many at once. Its name is the gateway's.
    package var client: ClientSettings
    package var sender: SMSSender
    package var isFlash = false
    /// Submissions of one session not answered yet; nil for the gateway's window shared among the sessions.
    package var sessionWindow: Int?
    package var long = LongMessages.udh
    package var messageIDs = MessageIDs.same
    /// Whether the SMSC is asked for receipts; sessions bound as transmitters only never get any.
    package var wantsReceipts = true
    /// Beyond the message's validity, how long its receipt may still take.
    package var receiptMargin = Duration.seconds(300)

    package init(client: ClientSettings, sender: SMSSender) {
        self.client = client
        self.sender = sender
    }

    /// §5.2.5: alphanumeric 5, an SMSC's own short number 3, international 1 in the ISDN plan.
    var source: Address {
        switch sender {
        case .name(let name): Address(typeOfNumber: 5, numberingPlan: 0, Self.gsmOctets(name))
        case .short(let digits): Address(typeOfNumber: 3, numberingPlan: 0, digits)
        case .number(let number): .international(number)
        }
    }

    var givesReceipts: Bool { wantsReceipts && client.plan != .transmitter }

    /// An alphanumeric address is a C-octet string of ASCII; letters that ASCII lacks lose their accents.
    private static func gsmOctets(_ name: String) -> String {
        String(name.decomposedStringWithCanonicalMapping.unicodeScalars.filter(\.isASCII))
    }
}
