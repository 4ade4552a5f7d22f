import Logging
import ServiceLifecycle
import Store

/// Writes the words that searches go by once an import in bulk has left them for later, some thousand people at a time, so that a
/// launch never waits for it; and takes out of their index, as gently, what erased people left there.
struct RegisterWordsService: Service {
    private static let pause = Duration.seconds(3)
    /// Between two batches: whoever else writes goes first.
    private static let breath = Duration.milliseconds(20)

    let store: AlertDatabase
    let logger: Logger

    func run() async throws {
        let work = RepeatedWork(
            logger: logger, fault: "the index of the register's words can't be written; searches read the rows, and erased words wait",
            pause: Self.pause)
        await work.run {
            let isMore = try await Offload.run {
                let isMore = try store.writeDueWords()
                return try store.forgetErasedWords() || isMore
            }
            return isMore ? Self.breath : Self.pause
        }
    }
}
