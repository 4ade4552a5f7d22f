import AlertModel
import Dispatching
import Fax
import Synchronization
import Telephony

/// A message laid out on sheets of paper, as PDF. It may wait for a program.
package typealias FaxSheets = @Sendable (Message) async throws -> [UInt8]

/// Faxes over a SIP trunk, for real alerts only.
enum FaxGateway {
    struct Settings: Sendable {
        var trunk: TrunkSettings
        let dialled: LazyTrunk.Dialled
        /// The number that the other machine shows and prints.
        let station: String
    }

    /// Nothing is opened before the first call or probe.
    static func gateway(_ traits: GatewayTraits, _ settings: Settings, sheets: @escaping FaxSheets, time: DispatcherTime = .system) -> Gateway {
        let trunk = LazyTrunk(settings.trunk, pacer: DialPacer(traits.rate, time: time), time: time)
        let documents = FaxDocuments(sheets)
        return Gateway(
            traits, isSimulator: false, keepsPace: true,
            probe: { await trunk.probe() },
            close: { await trunk.close() }
        ) { submission in
            if let refusal = LazyTrunk.refusal(submission, on: .fax) { return refusal }
            do {
                let document = try await documents.document(of: submission.message)
                switch await trunk.dial(submission, settings.dialled) {
                case .failure(let refusal): return refusal.result
                case .success(let call): return FaxOutcome.of(try await FaxCall.run(call, document, station: settings.station))
                }
            } catch {
                // No page has left: another gateway may carry it.
                return .failed(.network, detail: (error as? FaxError)?.code.rawValue ?? "fax_document_failed")
            }
        }
    }
}

/// Messages as pages; those of lately are kept, since a campaign sends the same one to everybody.
actor FaxDocuments {
    private static let mostKept = 16
    private let sheets: FaxSheets
    private var kept: [(message: Message, task: Task<FaxDocument, any Error>)] = []

    init(_ sheets: @escaping FaxSheets) { self.sheets = sheets }

    func document(of message: Message) async throws -> FaxDocument {
        if let known = kept.first(where: { $0.message == message }) { return try await known.task.value }
        let task = Task { [sheets] in
            let pdf = try await sheets(message)
            return try await withCheckedThrowingContinuation { continuation in
                // A program is waited for: that is no work for the pool that everything else shares.
                BlockingThread.run { continuation.resume(with: Result { try FaxDocument(pdf: pdf) }) }
            }
        }
        kept.append((message, task))
        if kept.count > Self.mostKept { kept.removeFirst() }
        do {
            return try await task.value
        } catch {
            kept.removeAll { $0.message == message }
            throw error
        }
    }
}

/// What a fax's end means for a leg.
///
/// | T.30 | outcome |
/// |---|---|
/// | the last page confirmed | delivered |
/// | nobody's machine answered (a voice, silence, another signal) | no answer |
/// | the machines have nothing in common | refused |
/// | anything else, and a line that broke | network: tried again; with pages confirmed it has left in part |
enum FaxOutcome {
    /// libspandsp's numbers of T.30.
    private static let incompatible: Set<Int> = [8, 9, 10, 11, 12]
    /// The document, or memory: our own.
    private static let ours: Set<Int> = Set(40...46)

    static func of(_ fax: FaxResult) -> SubmissionResult {
        guard fax.end.wasAnswered else { return CallCauses.result(of: fax.end) }
        let seconds = fax.end.milliseconds / 1000
        guard let session = fax.session else { return .failed(.network, detail: "fax_modem_ended \(seconds)s", isGatewayFailure: true) }
        let told = "pages \(session.pages)/\(session.pagesOfDocument) \(session.rate) bit/s\(session.isErrorCorrected ? " ECM" : "") \(seconds)s"
        if session.code == 0, session.pages == session.pagesOfDocument { return SubmissionResult(.known(.delivered), detail: told) }
        if !session.hasMet { return .failed(.noAnswer, detail: "no_fax \(seconds)s") }
        if incompatible.contains(session.code) { return .failed(.refused, detail: "t30 \(session.code)") }
        return SubmissionResult(
            .known(.failed(.network)), detail: "t30 \(session.code), \(told)", isGatewayFailure: ours.contains(session.code),
            isPartial: session.pages > 0)
    }
}
