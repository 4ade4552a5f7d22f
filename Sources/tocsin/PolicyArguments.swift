import AlertModel
import ArgumentParser
import Campaigns
import Foundation

extension CampaignKind: ExpressibleByArgument {}
extension StopWord: ExpressibleByArgument {}

/// The retries an alert is launched with: a policy's file, and rules named on the command line, which win.
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
