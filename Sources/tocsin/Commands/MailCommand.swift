import AlertModel
import ArgumentParser
import Channels
import Foundation
import Mail
import Store

struct MailCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mail", abstract: "Take returned e-mail into the ledger; show what DNS must say of our signature.",
        subcommands: [ReturnedMailCommand.self, DKIMRecordCommand.self])
}

struct ReturnedMailCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bounces",
        abstract: "Read the messages that relays sent back, and mark whose could not be delivered.",
        discussion: """
            Messages are known by the address they come to: TOCSIN_MAIL_RETURN with a token behind a plus sign. Without \
            --maildir one message is read from standard input, as a mail server's pipe gives it. `tocsin serve \
            --returned-mail` reads a Maildir by itself.
            """)

    @OptionGroup var database: DatabaseOption

    @Option(help: ArgumentHelp("A Maildir: what is read goes from new to cur.", valueName: "folder"))
    var maildir: String?

    func run() throws {
        let mail = try ReturnedMail(store: try database.openShared(for: .administer))
        let tally: ReturnedMail.Tally
        if let maildir {
            tally = try mail.take(from: try ReturnedMaildir(path: maildir))
        } else {
            let bytes = try FileHandle.standardInput.read(upToCount: ReturnedMessage.byteLimit) ?? Data()
            tally = try mail.take([ReturnedMessage(bytes)])
        }
        for (name, count) in [
            ("read", tally.read), ("failed", tally.failed), ("delivered", tally.delivered), ("idle", tally.idle),
            ("foreign", tally.foreign), ("changed", tally.changed),
        ] { Terminal.out("\(name)\t\(count)\n") }
    }
}

struct DKIMRecordCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dkim",
        abstract: "Print the DNS records (TXT) that the signatures of our messages are checked with.",
        discussion: "One line for each e-mail gateway that signs: gateway, name of the record, what it says.")

    func run() throws {
        let signers = try GatewaySettings().signers()
        guard !signers.isEmpty else {
            throw ValidationError(
                "no gateway signs: set TOCSIN_DKIM, or \"dkim\" in the gateways' file")
        }
        for (name, signer) in signers {
            Terminal.out("\(name)\t\(signer.record.name)\t\(signer.record.value)\n")
        }
    }
}
