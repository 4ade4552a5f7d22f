import Dispatch

/// Runs blocking work (SQLite, GEOS, Argon2id) away from Swift's cooperative threads: on two cores there are two
/// of them, and two blocked ones freeze the server.
enum Offload {
    private static let queue = DispatchQueue(label: "tocsin.blocking", qos: .userInitiated, attributes: .concurrent)

    static func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try work() }) }
        }
    }
}
