import Foundation
import HummingbirdCore
import Hummingbird

extension Call {
    /// A parameter of the query, or nil when it is absent.
    /// - Throws: `invalid_parameter` when it is longer than `maximumLength` characters or given twice.
    func query(_ name: String, maximumLength: Int) throws -> String? {
        let values = request.uri.queryParameters.getAll(name)
        guard values.count <= 1 else { throw invalid(name, "given more than once") }
        guard let value = values.first else { return nil }
        guard value.unicodeScalars.count <= maximumLength else {
            throw invalid(name, "longer than \(maximumLength) characters", limit: maximumLength)
        }
        // Browsers write a space as %20 or, in forms, as a plus sign.
        return value.replacing("+", with: " ").trimmingSpaces()
    }

    /// A whole number of the query, or `standard` when it is absent.
    /// - Throws: `invalid_parameter` when it is not a number of the range.
    func queryInteger(_ name: String, in range: ClosedRange<Int>, standard: Int) throws -> Int {
        guard let text = try query(name, maximumLength: 20) else { return standard }
        guard let number = Int(text), range.contains(number) else {
            throw invalid(name, "not a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// A finite number of the query.
    /// - Throws: `invalid_parameter` when it is absent, or not a number of the range.
    func queryNumber(_ name: String, in range: ClosedRange<Double>) throws -> Double {
        guard let text = try query(name, maximumLength: 40), let number = Double(text), range.contains(number) else {
            throw invalid(name, "not a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func invalid(_ name: String, _ reason: String, limit: Int? = nil) -> ConsoleProblem {
        ConsoleProblem(.invalidParameter, ProblemDetail(path: name, reason: reason, limit: limit))
    }
}
