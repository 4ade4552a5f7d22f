import AlertModel
import ArgumentParser
import Channels
import Dispatching
import Foundation
import Store

struct GatewayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gateway",
        abstract: "List, check and try the gateways that reach people.",
        discussion: """
            They are described by the file that TOCSIN_GATEWAYS names, or by TOCSIN_SMTP_URL and TOCSIN_MAIL_FROM for \
            one relay.
            """,
        subcommands: [ListGatewaysCommand.self, CheckGatewaysCommand.self, TestGatewayCommand.self, GatewayStatusCommand.self, GatewayCallbacksCommand.self],
        defaultSubcommand: ListGatewaysCommand.self)
}

struct ListGatewaysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the gateways: name, channel, kind, weight, window, rate, destination, tariff. Nothing is connected.")

    func run() throws {
        let settings = try GatewaySettings()
        let rows = try settings.file?.gateways.map { ($0.traits, $0.kindWord, $0.kind.destination) }
            ?? settings.realGateways().map { ($0.traits, "smtp", EmailGateway.relayVariable) }
        for (traits, kind, destination) in rows {
            let rate = traits.rate.map { "\($0.limit) \($0.unit.rawValue) in \(Double($0.periodMilliseconds) / 1000) s" }
            Terminal.out(
                [
                    traits.name, traits.channel.rawValue, kind, String(traits.weight), String(traits.window),
                    rate ?? "no limit", destination,
                    traits.tariff.map { "\($0.price) a \($0.unit.rawValue)" } ?? "no tariff",
                ].joined(separator: "\t") + "\n")
        }
    }
}

struct CheckGatewaysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Read the secrets, connect each gateway and sign in, without a message.",
        discussion: "Prints name, `up` or `down` and the reason; ends with a status other than 0 when one is down.")

    @Argument(help: "Only this gateway.")
    var name: String?

    func run() async throws {
        var isDown = false
        for gateway in try GatewaySettings().realGateways(named: name) {
            let answer = await gateway.probe?()
            await gateway.close()
            switch answer {
            case .up?: Terminal.out("\(gateway.name)\tup\n")
            case .down(let reason)?:
                isDown = true
                Terminal.out("\(gateway.name)\tdown\t\(reason)\n")
            case nil: Terminal.out("\(gateway.name)\tunknown\tonly a message can tell: `tocsin gateway test`\n")
            }
        }
        if isDown { throw ExitCode.failure }
    }
}

struct GatewayCallbacksCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "callbacks",
        abstract: "Print where each provider tells of receipts and of what people write back.",
        discussion: """
            One line for each gateway that is called back: name, address. Receipts are asked for with every message; answers \
            need the address in the provider's own settings. Whoever has it can tell lies: keep it as a password.
            """)

    @OptionGroup var database: DatabaseOption

    func run() throws {
        let key = try database.openShared(for: .administer).linkKey()
        for (name, callback) in try GatewaySettings().callbackReaders().sorted(by: { $0.key < $1.key }) {
            Terminal.out("\(name)\t\(callback.base)\(CallbackKey.path(gateway: name, key: key))\n")
        }
    }
}

struct TestGatewayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Send one message to yourself through one gateway.",
        discussion: """
            The gateways are the machine's, and carry every organisation's messages: its administrator may try them, and accounts \
            that may launch, so many times an hour. The journal keeps who tried which gateway and what it answered, not the address.
            """)

    @OptionGroup var database: DatabaseOption

    @Argument(help: "The gateway's name, as `tocsin gateway list` writes it.")
    var name: String

    @Option(help: ArgumentHelp("Your own number or mailbox, as the register writes them.", valueName: "address"))
    var to: String

    @Option(help: "Text of the message.")
    var message = GatewayTrial.text

    func run() async throws {
        let store = try database.open(for: .launch)
        let gateways = try GatewaySettings().realGateways(named: name)
        guard let gateway = gateways.first else { return }
        Terminal.say("\(gateway.name) is a gateway of this machine, which all its organisations use")
        let result: SubmissionResult
        do {
            result = try await GatewayTrial(store: store).send(
                through: gateway, to: Redacted(to), text: message, by: try store.currentOperator())
        } catch {
            await gateway.close()
            throw error
        }
        await gateway.close()
        Terminal.out("\(gateway.name)\t\(result.words)\t\(result.detail ?? "")\n")
        if result.isFailure { throw ExitCode.failure }
    }
}

extension GatewaySettings {
    /// - Parameter name: nil for all.
    /// - Throws: as `realGateways`, and when there is none, or none of that name.
    fileprivate func realGateways(named name: String?) throws -> [Gateway] {
        guard let name else {
            let all = try realGateways()
            guard !all.isEmpty else {
                throw ValidationError("no gateway is configured: set \(Self.fileVariable), or TOCSIN_SMTP_URL and TOCSIN_MAIL_FROM")
            }
            return all
        }
        guard let named = try gateway(named: name) else {
            throw ValidationError("there is no gateway of that name: `tocsin gateway list` shows those there are")
        }
        return [named]
    }
}

extension SubmissionResult {
    /// Whether the message did not get through, as far as the gateway says.
    var isFailure: Bool {
        switch verdict {
        case .known(.failed), .inDoubt: true
        case .known: false
        }
    }

    /// The answer as the ledger writes it.
    var words: String {
        switch verdict {
        case .inDoubt: "in_doubt"
        case .known(.accepted): "accepted"
        case .known(.delivered): "delivered"
        case .known(.answered): "answered"
        case .known(.acknowledged): "acknowledged"
        case .known(.failed(let cause)): "failed: \(cause.rawValue)"
        }
    }
}
