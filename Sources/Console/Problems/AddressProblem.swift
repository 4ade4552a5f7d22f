import GeoModel
import HTTPTypes
import Hummingbird
import NIOCore

/// A failure of the address routes, which answer in the national geocoder's form: `{"title", "description"}`.
///
/// Never holds what was asked: an address is personal data, and a failure may be logged.
package struct AddressProblem: Error, Hashable, Sendable {
    let status: HTTPResponse.Status
    package let title: String
    package let description: String?
    package let retryAfterSeconds: Int?

    init(
        _ status: HTTPResponse.Status, _ title: String, _ description: String? = nil, retryAfterSeconds: Int? = nil
    ) {
        self.status = status
        self.title = title
        self.description = description
        self.retryAfterSeconds = retryAfterSeconds
    }

    /// A request that cannot be answered as it is (400).
    package static func refused(_ title: String, _ description: String? = nil) -> AddressProblem {
        AddressProblem(.badRequest, title, description)
    }

    /// A request over a limit (413).
    package static func tooLarge(_ title: String, _ description: String? = nil) -> AddressProblem {
        AddressProblem(.contentTooLarge, title, description)
    }

    static func missing(_ name: String) -> AddressProblem {
        AddressProblem(.badRequest, "Missing parameter", "The \"\(name)\" parameter is required.")
    }

    package static func invalid(_ name: String, _ reason: String) -> AddressProblem {
        AddressProblem(.badRequest, "Invalid parameter", "The \"\(name)\" parameter is invalid. \(reason)")
    }

    /// What a failure of the console's own kind says to a client of the national geocoder.
    init?(_ error: any Error) {
        if let problem = error as? AddressProblem {
            self = problem
            return
        }
        guard let problem = ConsoleProblem.known(error) else { return nil }
        switch problem.code {
        case .unavailable:
            self.init(.serviceUnavailable, "Service unavailable", "Too much is asked at once.", retryAfterSeconds: 2)
        case .timeout: self.init(.serviceUnavailable, "Service unavailable", "The answer took too long.")
        case .tooLarge: self.init(.contentTooLarge, "Payload too large", "The file is over the limit.")
        default: self.init(problem.code.status, problem.code.rawValue)
        }
    }

    var response: Response {
        var object = JSONObject()
        object.append("title", .string(title))
        if let description { object.append("description", .string(description)) }
        var writer = JSONWriter()
        writer.value(.object(object))
        var response = Answer.json(bytes: writer.bytes, status: status)
        if let retryAfterSeconds { response.headers[.retryAfter] = String(retryAfterSeconds) }
        return response
    }
}
