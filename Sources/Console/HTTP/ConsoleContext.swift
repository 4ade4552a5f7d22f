import Hummingbird
import Logging
import NIOCore

/// What accompanies a request through the middlewares.
struct ConsoleContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel
    /// Named in the answer's header and in the log, so that one leads to the other.
    let requestID: String

    init(source: Source) {
        coreContext = .init(source: source)
        channel = source.channel
        // Hummingbird keeps its id in the logger's metadata, which some log handlers do not keep.
        requestID = source.logger[metadataKey: "hb.request.id"]?.description ?? RequestID().description
    }
}
