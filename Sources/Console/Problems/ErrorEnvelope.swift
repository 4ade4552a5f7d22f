import AlertModel
import GeoModel
import HTTPTypes
import Hummingbird
import NIOCore

/// The one form of every failure.
package struct ErrorEnvelope: Codable, Hashable, Sendable {
    package struct Failure: Codable, Hashable, Sendable {
        package let code: ProblemCode
        /// A French sentence for the operator.
        package let message: String
        package let detail: ProblemDetail?
        package let requestId: String
    }

    package let error: Failure

    init(_ problem: ConsoleProblem, requestID: String) {
        error = Failure(code: problem.code, message: problem.french, detail: problem.detail, requestId: requestID)
    }
}

extension ConsoleProblem {
    /// What an error of any kind tells the operator.
    /// - Returns: nil for an error that nobody foresaw: it is logged, and answered `internal_error`.
    static func known(_ error: any Error) -> ConsoleProblem? {
        switch error {
        case let problem as ConsoleProblem: problem
        case let error as GeoJSONError: ConsoleProblem(error)
        case let error as ZoneDocumentError: ConsoleProblem(error)
        case is NIOTooManyBytesError: ConsoleProblem(.tooLarge)
        // The server is stopping, or the client left.
        case is CancellationError: ConsoleProblem(.unavailable)
        case let error as any HTTPResponseError: ConsoleProblem(ProblemCode(error.status))
        default: nil
        }
    }
}

extension ProblemCode {
    /// The code of a status that Hummingbird itself answers.
    fileprivate init(_ status: HTTPResponse.Status) {
        self =
            switch status {
            case .notFound: .notFound
            case .methodNotAllowed: .methodNotAllowed
            case .contentTooLarge: .tooLarge
            case .unsupportedMediaType: .unsupportedMediaType
            case .serviceUnavailable: .unavailable
            default: status.kind == .clientError ? .badRequest : .internalError
            }
    }
}
