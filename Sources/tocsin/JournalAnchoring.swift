import ArgumentParser
import Foundation
import Logging
import ServiceLifecycle
import Store

/// Where a command finds the anchors.
struct AnchorFileOption: ParsableArguments {
    static let variable = "TOCSIN_AUDIT_ANCHOR"

    @Option(help: ArgumentHelp("The file of anchors (default: TOCSIN_AUDIT_ANCHOR).", valueName: "file"))
    var anchors: String?

    var file: JournalAnchorFile? { (anchors ?? Self.named).map { JournalAnchorFile(path: $0) } }

    /// The file that the environment names.
    static var named: String? {
        let path = ProcessInfo.processInfo.environment[variable] ?? ""
        return path.isEmpty ? nil : path
    }
}

/// Anchors the journal for as long as the server runs: at once, then whenever it has grown since the last time, and at the end.
struct JournalAnchorService: Service {
    static let periodVariable = "TOCSIN_AUDIT_ANCHOR_MINUTES"

    let store: AlertDatabase
    let file: JournalAnchorFile
    let period: Duration
    let logger: Logger

    /// What the environment asks for; nil when it names no file.
    ///
    /// - Throws: `ValidationError` when the period is not a number of minutes.
    init?(store: AlertDatabase, logger: Logger) throws {
        guard let path = AnchorFileOption.named else { return nil }
        let text = ProcessInfo.processInfo.environment[Self.periodVariable] ?? ""
        guard let minutes = text.isEmpty ? 10 : Int(text), (1...1_440).contains(minutes) else {
            throw ValidationError("\(Self.periodVariable) is a number of minutes from 1 to 1440")
        }
        self.store = store
        file = JournalAnchorFile(path: path)
        period = .seconds(60 * minutes)
        self.logger = logger
    }

    func run() async throws {
        await checkLast()
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await anchor()
                try? await Task.sleep(for: period)
            }
        }
        await anchor()
    }

    /// Said at the start, when somebody is there to read it.
    private func checkLast() async {
        do {
            let isHeld = try await Offload.run { try file.last().map { try store.holds($0) } ?? true }
            if !isHeld {
                logger.critical(
                    "the journal does not hold what its last anchor says: it was altered, or an older copy was restored; see the runbook")
            }
        } catch {
            logger.error("the last anchor of the journal can't be compared", metadata: ["error": "\(error)"])
        }
    }

    private func anchor() async {
        do {
            try await Offload.run {
                guard let anchor = try store.journalAnchor(now: .now) else { return }
                let last = try file.last()
                if last?.entries != anchor.entries || last?.hash != anchor.hash { try file.append(anchor) }
            }
        } catch {
            // Tried again at the next turn: nothing of an alert waits for it.
            logger.error("the journal can't be anchored", metadata: ["error": "\(error)"])
        }
    }
}

/// The journal does not hold together.
struct JournalAltered: Error, CustomStringConvertible {
    let fault: JournalFault
    let verdict: JournalVerdict

    var description: String {
        let proof = verdict.proven.map { "What came before \($0.words) is proven." }
            ?? "No anchor proves any of it."
        let what =
            switch fault {
            case .entry(let id): "entry \(id) is the first that does not fit the one before it (changed, moved, put in, or one was removed)"
            case .tail(let entries): "its end was cut off or added to: \(entries) entries fit, and its head says otherwise"
            case .cutOff(let anchor): "its end was cut off: \(anchor.words) counted \(anchor.entries) entries, there are \(verdict.entries)"
            case .rewritten(let anchor):
                "it was written anew: at \(anchor.words) its entry \(anchor.entries) was another one; the first entry that differs is \(verdict.proven.map { "after \($0.entries)" } ?? "unknown")"
            case .otherJournal(let anchor): "\(anchor.words) is of another journal, or this one was written anew from its first entry"
            }
        let segments = verdict.segments.map {
            "Tocsin found \($0.damaged) spoilt and began anew: entries \($0.first) to \($0.last) fit"
                + ($0.reachesTheEnd ? ", which is the end. " : ". ")
        }.joined()
        return "the journal was altered: \(what). \(proof) \(segments)"
            + "Keep the database as it is and a copy of the anchors, and see “The journal” in the runbook; alerts can still be launched and stopped."
    }
}

extension JournalAnchor {
    /// As sentences name it.
    var words: String { "the anchor of \(at.formatted(.iso8601)) (entry \(entries))" }
}
