import AlertModel
import ArgumentParser
import Store

struct IndexCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "index",
        abstract: "Check, or make again, what finds and counts recipients quickly.",
        discussion: """
            The R*Tree of recipients' points and the pages that zones are counted by follow every change in the same \
            transaction. A check compares them with the recipients themselves.
            """,
        subcommands: [VerifyIndexCommand.self, RebuildIndexCommand.self])
}

struct VerifyIndexCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Compare the register's indexes with the recipients; exits 64 when they differ.")

    @OptionGroup var database: DatabaseOption

    func run() throws {
        let report = try database.open(for: .administer).checkRegisterIndexes()
        guard report.isSound else {
            throw ValidationError(
                "the register's indexes are not those of its recipients (\(report.wrong) of \(report.recipients) recipients"
                    + "\(report.isPackWhole ? "" : ", the whole pack")\(report.isTreeSound ? "" : ", and the R*Tree")): run `tocsin index rebuild`")
        }
        let changed = report.changed == 0 ? "" : ", \(report.changed) of them written since they were made"
        Terminal.out("the register's indexes are whole: \(report.recipients) recipients\(changed)\n")
    }
}

struct RebuildIndexCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebuild", abstract: "Make the register's indexes again from the recipients.")

    @OptionGroup var database: DatabaseOption

    func run() throws {
        let store = try database.open(for: .administer)
        try store.rebuildRegisterIndexes()
        Terminal.out("the register's indexes are made again: \(try store.checkRegisterIndexes().recipients) recipients\n")
    }
}
