/// A command_status (SMPP 3.4 §5.1.3). Operators add their own from 0x400 on, so this is open.
package struct CommandStatus: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    package let rawValue: UInt32

    package init(rawValue: UInt32) { self.rawValue = rawValue }

    private init(_ rawValue: UInt32) { self.rawValue = rawValue }

    package static let ok = CommandStatus(0x00)
    package static let invalidMessageLength = CommandStatus(0x01)
    package static let invalidCommandLength = CommandStatus(0x02)
    package static let invalidCommand = CommandStatus(0x03)
    package static let wrongBindState = CommandStatus(0x04)
    package static let alreadyBound = CommandStatus(0x05)
    package static let systemError = CommandStatus(0x08)
    package static let invalidSource = CommandStatus(0x0A)
    package static let invalidDestination = CommandStatus(0x0B)
    package static let bindFailed = CommandStatus(0x0D)
    package static let invalidPassword = CommandStatus(0x0E)
    package static let invalidSystemID = CommandStatus(0x0F)
    package static let queueFull = CommandStatus(0x14)
    package static let submitFailed = CommandStatus(0x45)
    package static let throttled = CommandStatus(0x58)
    package static let invalidExpiry = CommandStatus(0x62)
    package static let temporaryAppError = CommandStatus(0x64)
    package static let badTLVStream = CommandStatus(0xC0)
    package static let deliveryFailure = CommandStatus(0xFE)
    package static let unknownError = CommandStatus(0xFF)

    /// The specification's name, or the number.
    package var description: String {
        if let name = Self.names[rawValue] { return "ESME_\(name)" }
        let digits = String(rawValue, radix: 16, uppercase: true)
        return "0x" + String(repeating: "0", count: max(0, 8 - digits.count)) + digits
    }

    private static let names: [UInt32: String] = [
        0x00: "ROK", 0x01: "RINVMSGLEN", 0x02: "RINVCMDLEN", 0x03: "RINVCMDID", 0x04: "RINVBNDSTS", 0x05: "RALYBND",
        0x06: "RINVPRTFLG", 0x07: "RINVREGDLVFLG", 0x08: "RSYSERR", 0x0A: "RINVSRCADR", 0x0B: "RINVDSTADR",
        0x0C: "RINVMSGID", 0x0D: "RBINDFAIL", 0x0E: "RINVPASWD", 0x0F: "RINVSYSID", 0x11: "RCANCELFAIL",
        0x13: "RREPLACEFAIL", 0x14: "RMSGQFUL", 0x15: "RINVSERTYP", 0x33: "RINVNUMDESTS", 0x34: "RINVDLNAME",
        0x40: "RINVDESTFLAG", 0x42: "RINVSUBREP", 0x43: "RINVESMCLASS", 0x44: "RCNTSUBDL", 0x45: "RSUBMITFAIL",
        0x48: "RINVSRCTON", 0x49: "RINVSRCNPI", 0x50: "RINVDSTTON", 0x51: "RINVDSTNPI", 0x53: "RINVSYSTYP",
        0x54: "RINVREPFLAG", 0x55: "RINVNUMMSGS", 0x58: "RTHROTTLED", 0x61: "RINVSCHED", 0x62: "RINVEXPIRY",
        0x63: "RINVDFTMSGID", 0x64: "RX_T_APPN", 0x65: "RX_P_APPN", 0x66: "RX_R_APPN", 0x67: "RQUERYFAIL",
        0xC0: "RINVOPTPARSTREAM", 0xC1: "ROPTPARNOTALLWD", 0xC2: "RINVPARLEN", 0xC3: "RMISSINGOPTPARAM",
        0xC4: "RINVOPTPARAMVAL", 0xFE: "RDELIVERYFAILURE", 0xFF: "RUNKNOWNERR",
    ]
}
