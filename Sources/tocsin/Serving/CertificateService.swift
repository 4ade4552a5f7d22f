import Console
import Foundation
import Logging
import ServiceLifecycle
import UnixSignals

/// Takes the certificate's files again when they change, and when SIGHUP asks for it.
struct CertificateService: Service {
    private static let period = Duration.seconds(5)
    /// Said at the start and after each change.
    private static let warningTime: TimeInterval = 14 * 86_400

    let certificates: TLSCertificates
    let logger: Logger

    func run() async throws {
        warnOfEnd()
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    var isFailing = false
                    while !Task.isCancelled {
                        try? await Task.sleep(for: Self.period)
                        isFailing = await reload(isFailing: isFailing)
                    }
                }
                group.addTask {
                    for await _ in await UnixSignalsSequence(trapping: .sighup) { _ = await reload(isFailing: false) }
                }
                // The signals end when the first task is cancelled with the group.
                await group.next()
                group.cancelAll()
            }
        }
    }

    /// - Returns: whether it failed; the same failure is said once.
    private func reload(isFailing: Bool) async -> Bool {
        do {
            if try await Offload.run({ try certificates.reload() }) {
                logger.notice("the new certificate is in use")
                warnOfEnd()
            }
            return false
        } catch {
            if !isFailing { logger.error("the certificate can't be taken again; the one in use stays", metadata: ["error": "\(error)"]) }
            return true
        }
    }

    private func warnOfEnd() {
        let end = certificates.expiresAt
        if end.timeIntervalSinceNow < Self.warningTime {
            logger.warning("the certificate ends soon, or has ended", metadata: ["at": "\(end.formatted(.iso8601))"])
        }
    }
}
