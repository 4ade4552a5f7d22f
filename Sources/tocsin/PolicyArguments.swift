import AlertModel
import ArgumentParser
import Campaigns
import Foundation
import Store

extension CampaignKind: ExpressibleByArgument {}
extension StopWord: ExpressibleByArgument {}

/// By which channels a campaign goes, how it is tried and for how long: options, over a policy's file.
struct DeliveryArguments: ParsableArguments {
    @Option(help: ArgumentHelp("Channels, all at once: sms,voice,email,fax.", valueName: "channel,…"))
    var channels: String?

    @Option(help: ArgumentHelp(
        "Channels one after another: sms+email,10m,voice/2m is voice ten minutes after SMS and e-mail, its numbers two minutes apart.",
        valueName: "steps"))
    var cascade: String?

    @Option(help: "What ends a cascade for a person: delivered, answered or acknowledged (default).")
    var until: StopWord?

    @Option(help: "Further submissions after one that failed for a cause worth retrying.")
    var retries: Int?

    @Option(help: ArgumentHelp("Time between two submissions to the same address.", valueName: "seconds"))
    var retryPeriod: Int?

    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp(
            "Retries after one cause (busy, no_answer, network, refused, throttled), such as busy=3x120: three more, 120 s apart (repeatable).",
            valueName: "cause=NxSECONDS"))
    var retry: [String] = []

    @Option(help: ArgumentHelp("A policy kept as JSON; the other options win over it.", valueName: "file"))
    var policy: String?

    @Option(help: ArgumentHelp("After this long what has not left never will.", valueName: "seconds"))
    var validity: Int?

    @Option(help: ArgumentHelp(
        "When information waits, in the place of the organisation's quiet hours: 20:00-08:00, with sundays and holidays after it; or none.",
        valueName: "hours"))
    var quiet: String?

    func validate() throws {
        if channels != nil, cascade != nil {
            throw ValidationError("--cascade names its channels itself: leave --channels out")
        }
    }

    /// - Parameters:
    ///   - organisation: whose quiet hours and clock information goes by.
    ///   - admitsLateJoiners: false wins over the policy's file.
    func chosenPolicy(
        kind: CampaignKind, mode: CampaignMode, in store: AlertDatabase, of organisation: String,
        admitsLateJoiners: Bool = true
    ) throws -> Policy {
        let document = try PolicyArguments.document(file: policy, retries: retry)
        let steps = try PolicyArguments.cascade(cascade, until: until, channels: channels, in: document)
        let chosen = try steps?.channels ?? PolicyArguments.channels(channels)
        let standard = PolicyRules.standard(channels: chosen, mode: mode)
        return Policy(
            channels: chosen, maximumRetries: retries ?? document.maximumRetries ?? standard.maximumRetries,
            retryPeriodSeconds: retryPeriod ?? document.retryPeriodSeconds ?? standard.retryPeriodSeconds,
            validitySeconds: validity ?? document.validitySeconds ?? standard.validitySeconds,
            retries: document.retries, jitterPercent: document.jitterPercent ?? standard.jitterPercent, cascade: steps,
            admitsLateJoiners: admitsLateJoiners && document.lateJoiners ?? true,
            quiet: try quietHours(kind, document, in: store, of: organisation))
    }

    private func quietHours(
        _ kind: CampaignKind, _ document: PolicyDocument, in store: AlertDatabase, of organisation: String
    ) throws -> QuietHours? {
        guard kind == .information else {
            if quiet != nil { throw ValidationError("--quiet goes with --kind information: an alert never waits") }
            return nil
        }
        let asked = try quiet.map { text in
            do throws(QuietPattern.Fault) {
                return try QuietPattern(text)
            } catch {
                throw ValidationError("--quiet: \(error)")
            }
        }
        return try store.quietHours(ofOrganisationNamed: organisation, asked: asked ?? document.quiet)
    }
}

/// The retries a campaign is launched with: a policy's file, and rules named on the command line, which win.
enum PolicyArguments {
    static func document(file: String?, retries: [String]) throws -> PolicyDocument {
        var document = PolicyDocument()
        if let file {
            guard let handle = FileHandle(forReadingAtPath: file),
                let bytes = try? handle.read(upToCount: PolicyDocument.largest + 1)
            else { throw ValidationError("--policy: \(file) can't be read") }
            do {
                document = try PolicyDocument.decode([UInt8](bytes))
            } catch {
                throw ValidationError("--policy \(file): \(error)")
            }
        }
        for text in retries {
            let (cause, rule) = try rule(text)
            document.retries[cause] = rule
        }
        return document
    }

    /// What the command line says, or else the policy's file; nil for channels all at once.
    static func cascade(
        _ text: String?, until: StopWord?, channels: String?, in document: PolicyDocument
    ) throws -> Cascade? {
        guard let text else {
            let kept = channels == nil ? document.cascade : nil
            guard until == nil || kept != nil else { throw ValidationError("--until ends a cascade: name its steps by --cascade") }
            return kept.map { Cascade(steps: $0.steps, until: until ?? $0.until) }
        }
        do {
            return try CascadeWords.read(text, until: until ?? .acknowledged)
        } catch {
            throw ValidationError("--cascade: \(error)")
        }
    }

    static func channels(_ text: String?) throws -> [Channel] {
        guard let text else { throw ValidationError("name the channels: --channels sms,email, or --cascade sms,10m,voice") }
        return try Channel.list(text, option: "--channels")
    }

    /// `busy=3x120`
    private static func rule(_ text: String) throws -> (FailureCause, RetryRule) {
        let sides = text.split(separator: "=", omittingEmptySubsequences: false)
        let numbers = sides.count == 2 ? sides[1].split(separator: "x", omittingEmptySubsequences: false) : []
        guard numbers.count == 2, let cause = FailureCause(rawValue: String(sides[0])),
            FailureCause.retriable.contains(cause), let count = Int(numbers[0]), let seconds = Int(numbers[1])
        else {
            let causes = FailureCause.retriable.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("--retry \(text): write busy=3x120 for three more tries, 120 s apart; causes are \(causes)")
        }
        return (cause, RetryRule(count: count, periodSeconds: seconds))
    }
}
