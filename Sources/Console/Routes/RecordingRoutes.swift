import Foundation
import HTTPTypes
import Hummingbird

/// Spoken messages: which there are, a new one, one that goes.
struct RecordingRoutes: Sendable {
    private static let longestName = 100

    let desk: RecordingDesk

    func register(on routes: RouteRegistrar) {
        let desk = desk
        routes.on(.recordings) { call in
            try Answer.json(["recordings": try await desk.all(try call.account)])
        }
        routes.on(.addRecording) { call in
            let account = try call.account
            // Percent-encoded: a header holds no accents.
            let name = call.request.headers[.recordingName]?.removingPercentEncoding ?? ""
            guard (1...Self.longestName).contains(name.unicodeScalars.count) else {
                throw call.invalid("X-Tocsin-Recording-Name", "the recording's name is due, percent-encoded")
            }
            return try Answer.json(try await desk.add(account, name, try await call.bodySound(upTo: desk.mostBytes)), status: .created)
        }
        routes.on(.removeRecording) { call in
            guard try await desk.remove(try call.account, try call.id()) else { throw ConsoleProblem(.notFound) }
            return Answer.nothing
        }
    }
}

extension HTTPField.Name {
    fileprivate static let recordingName = Self("X-Tocsin-Recording-Name")!
}
