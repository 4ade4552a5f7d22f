import CRe
import Foundation
import Synchronization

/// The settings as the C engine takes them, for as long as the closure runs: it copies them.
func withCSettings<Result>(_ settings: TrunkSettings, _ body: (cre_settings) -> Result) -> Result {
    let texts: [String?] = [
        settings.localAddress, settings.host, settings.certificateAuthorityFile, settings.domain, settings.account?.user,
        settings.account?.password(), "Tocsin", settings.callers.joined(separator: " "),
    ]
    let copies = texts.map { $0.flatMap { strdup($0) } }
    defer {
        for copy in copies.compacted() {
            memset(copy, 0, strlen(copy))
            free(copy)
        }
    }
    func pointer(_ index: Int) -> UnsafePointer<CChar>? { copies[index].map { UnsafePointer($0) } }
    return body(
        cre_settings(
            local: pointer(0), local_port: UInt16(clamping: settings.localPort ?? 0), host: pointer(1), port: UInt16(clamping: settings.port ?? 0),
            transport: settings.transport.word, certificates: pointer(2), domain: pointer(3), user: pointer(4), password: pointer(5),
            registers: settings.account?.registers ?? false,
            register_seconds: UInt32(clamping: settings.account?.registerSeconds ?? 0), identity: settings.identity.word,
            agent: pointer(6), rtp_first: UInt16(clamping: settings.audioPorts.lowerBound),
            rtp_last: UInt16(clamping: settings.audioPorts.upperBound), most_calls: UInt32(clamping: settings.lines),
            takes_calls: settings.takesCalls, callers: pointer(7)))
}

extension [UnsafeMutablePointer<CChar>?] {
    fileprivate func compacted() -> [UnsafeMutablePointer<CChar>] { compactMap { $0 } }
}

extension TrunkSettings.Transport {
    fileprivate var word: cre_transport {
        switch self {
        case .udp: CRE_UDP
        case .tcp: CRE_TCP
        case .tls: CRE_TLS
        }
    }
}

extension TrunkSettings.Identity {
    fileprivate var word: cre_identity {
        switch self {
        case .from: CRE_FROM
        case .preferred: CRE_PREFERRED
        case .asserted: CRE_ASSERTED
        }
    }
}

/// A thread of its own for what waits for another thread.
package enum BlockingThread {
    package static func run(_ work: @escaping @Sendable () -> Void) { Thread.detachNewThread(work) }
}

/// A value that comes once, from another thread.
final class Once<Value: Sendable>: Sendable {
    private enum State {
        case waiting([CheckedContinuation<Value, Never>])
        case come(Value)
    }

    private let state = Mutex(State.waiting([]))

    func set(_ value: Value) {
        let waiting = state.withLock { state -> [CheckedContinuation<Value, Never>] in
            guard case .waiting(let waiting) = state else { return [] }
            state = .come(value)
            return waiting
        }
        for continuation in waiting { continuation.resume(returning: value) }
    }

    var value: Value {
        get async {
            await withCheckedContinuation { continuation in
                let value = state.withLock { state -> Value? in
                    switch state {
                    case .come(let value): return value
                    case .waiting(let waiting):
                        state = .waiting(waiting + [continuation])
                        return nil
                    }
                }
                if let value { continuation.resume(returning: value) }
            }
        }
    }
}
