import AlertModel
import ArgumentParser
import Campaigns
import Foundation

extension CampaignKind: ExpressibleByArgument {}

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
