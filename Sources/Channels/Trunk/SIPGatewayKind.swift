import AlertModel
import Dispatching
import GeoModel
import Speech
import Telephony

/// `"kind": "sip"`: calls over a SIP trunk, by voice or by fax.
package struct SIPGatewayKind: GatewayKind {
    package static let word = "sip"
    package static let channels: Set<Channel> = [.voice, .fax]
    /// Lines: calls at once.
    package static let standardWindow = 10
    package static let largestWindow = 4_000

    private let host: String
    private let port: Int?
    private let settings: VoiceGateway.Settings
    private let user: String?
    private let password: GatewaySecret?
    private let registers: Bool
    private let registerSeconds: Int
    private let certificates: String?
    /// Calls that are taken at once; 0 for none.
    private let takesCalls: Int
    /// What a fax machine shows and prints; nil for the caller's number.
    private let station: String?

    package var destination: String { port.map { "\(host):\($0)" } ?? host }

    package init(_ members: inout JSONMembers) throws(JSONMemberError) {
        host = try members.text("host")
        guard !host.isEmpty, host.utf8.count <= 253, host.utf8.allSatisfy(Self.isHostByte) else {
            throw members.fault("host", "a host's name or address is due")
        }
        port = try members.has("port") ? members.integer("port", 1...65_535) : nil
        user = try members.optionalText("user")
        password = try members.secret("password")
        guard (user == nil) == (password == nil) else {
            throw members.fault("user", "a user goes with passwordFile or passwordVariable, and they with a user")
        }
        guard user.map({ $0.utf8.allSatisfy(Self.isUserByte) }) ?? true else {
            throw members.fault("user", "letters, digits, '.', '-', '_' and '+' are due")
        }
        registers = try members.flag("register", standard: false)
        registerSeconds = try members.integer("registerSeconds", 60...86_400, standard: 600)
        guard !registers || user != nil else { throw members.fault("register", "it takes a user") }
        var trunk = TrunkSettings(host: host, lines: Self.standardWindow)
        trunk.port = port
        trunk.transport = try members.word("transport", standard: .udp)
        certificates = try members.optionalText("certificates")
        guard certificates == nil || trunk.transport == .tls else { throw members.fault("certificates", "they go with \"transport\": \"tls\"") }
        trunk.domain = try members.optionalText("domain")
        trunk.localAddress = try members.optionalText("localAddress")
        trunk.identity = try members.word("identity", standard: .from)
        let first = try members.integer("firstAudioPort", 1024...65_000, standard: 16_384)
        let last = try members.integer("lastAudioPort", 1024...65_535, standard: 32_767)
        guard last > first else { throw members.fault("lastAudioPort", "it comes after firstAudioPort") }
        trunk.audioPorts = first...last
        takesCalls = try members.integer("takesCalls", 0...100, standard: 0)
        trunk.localPort = try members.has("localPort") ? members.integer("localPort", 1024...65_535) : nil
        trunk.callers = try members.optionalText("callsFrom").map { $0.split(separator: " ").map(String.init) } ?? []
        guard trunk.callers.count <= 16, trunk.callers.allSatisfy({ $0.utf8.allSatisfy(Self.isAddressByte) }) else {
            throw members.fault("callsFrom", "numeric addresses with spaces between are due, 16 at most")
        }
        guard takesCalls > 0 || trunk.localPort == nil && trunk.callers.isEmpty else {
            throw members.fault("takesCalls", "localPort and callsFrom are for a trunk whose calls are taken")
        }
        let caller = try members.text("caller")
        // Arcep's numbering plan: automatic calls never show a mobile number (décision n° 2022-1583).
        guard caller.hasPrefix("+"), (4...15).contains(caller.utf8.count - 1), caller.dropFirst().utf8.allSatisfy({ (48...57).contains($0) }),
            !caller.hasPrefix("+336"), !caller.hasPrefix("+337")
        else { throw members.fault("caller", "an international number with its plus sign is due, and never a French mobile's (+336, +337)") }
        var settings = VoiceGateway.Settings(trunk: trunk, caller: caller)
        settings.ringing = .seconds(try members.integer("ringSeconds", 5...180, standard: 35))
        settings.dialling = try members.word("dialling", standard: .international)
        settings.script.plays = try members.integer("plays", 1...5, standard: 2)
        settings.script.pause = .seconds(try members.integer("keySeconds", 1...30, standard: 6))
        settings.script.leaves = "9"
        settings.script.machines = try members.word("machines", standard: .leave)
        settings.script.machinePlays = try members.integer("machinePlays", 1...5, standard: 2)
        self.settings = settings
        station = try members.optionalText("station")
        guard station.map({ (1...20).contains($0.utf8.count) && $0.utf8.allSatisfy(Self.isStationByte) }) ?? true else {
            throw members.fault("station", "1 to 20 digits, plus signs and blanks are due")
        }
    }

    package func gateway(_ traits: GatewayTraits, secrets: GatewaySecrets) throws -> Gateway {
        var settings = settings
        // Registered twice, the trunk's calls might go to the line that takes none; and one port is listened at once.
        settings.trunk = try trunk(lines: traits.window, registers: registers && takesCalls == 0, secrets)
        settings.trunk.localPort = nil
        if traits.channel == .fax {
            let fax = FaxGateway.Settings(trunk: settings.trunk, dialled: settings.dialled, station: station ?? settings.caller)
            return FaxGateway.gateway(traits, fax, sheets: secrets.sheets)
        }
        settings.recordings = secrets.recordings
        return VoiceGateway.gateway(traits, settings)
    }

    /// The line that takes the trunk's calls, which registers for both; nil where none are taken.
    ///
    /// - Throws: when a secret can't be read.
    package func incomingLine(secrets: GatewaySecrets) throws -> IncomingLine? {
        guard takesCalls > 0 else { return nil }
        return IncomingLine(
            trunk: try trunk(lines: takesCalls, registers: registers, secrets), caller: settings.caller, command: settings.command,
            digits: settings.dialling.digits)
    }

    private func trunk(lines: Int, registers: Bool, _ secrets: GatewaySecrets) throws -> TrunkSettings {
        var trunk = settings.trunk
        trunk.lines = lines
        trunk.certificateAuthorityFile = certificates.map(secrets.path)
        if let user, let password {
            trunk.account = TrunkSettings.Account(
                user: user, password: try secrets.read(password), registers: registers, registerSeconds: registerSeconds)
        }
        return trunk
    }

    private static func isAddressByte(_ byte: UInt8) -> Bool { (48...58).contains(byte) || byte == 46 || (97...102).contains(byte | 0x20) }

    /// Of T.30's identification.
    private static func isStationByte(_ byte: UInt8) -> Bool { (48...57).contains(byte) || byte == 43 || byte == 32 }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        (97...122).contains(byte | 0x20) || (48...57).contains(byte) || [45, 46, 58].contains(byte)
    }

    private static func isUserByte(_ byte: UInt8) -> Bool { isHostByte(byte) && byte != 58 || [43, 95].contains(byte) }
}

/// A trunk whose calls are taken, and how whoever is called back is dialled.
package struct IncomingLine: Sendable {
    package let trunk: TrunkSettings
    /// The number that whoever is called back sees.
    package let caller: String
    package let command: SpeechCommand
    package let digits: @Sendable (String) -> String
}
