import AlertModel
import CCurl

/// One kept connection to the relay. Blocks whoever uses it; confined to one thread.
final class SMTPConnection {
    private let relay: SMTPRelay
    private var handle: CurlHandle?

    init(relay: SMTPRelay) {
        self.relay = relay
    }

    /// Hands over one message.
    func send(_ message: [UInt8], from: EmailAddress, to: EmailAddress) -> MailOutcome {
        guard let handle = handle ?? CurlHandle(relay) else {
            return .unreachable(reason: "libcurl refused the relay's settings")
        }
        self.handle = handle
        var result = handle.send(message, from: from, to: to, fresh: false)
        // A relay closes connections it finds idle. Nothing of the message had been sent: say it again on a new
        // one, which curl does by itself for HTTP only.
        if result.curl_code != 0, result.new_connections == 0, result.body_sent == 0,
            result.stage == Int32(CCURL_STAGE_CONNECT)
        {
            result = handle.send(message, from: from, to: to, fresh: true)
        }
        return MailOutcome(result)
    }

    /// Connects, signs in where a user is set, and says NOOP.
    func probe() -> MailOutcome {
        guard let handle = handle ?? CurlHandle(relay) else {
            return .unreachable(reason: "libcurl refused the relay's settings")
        }
        self.handle = handle
        return MailOutcome(handle.probe())
    }
}

/// Owns libcurl's state for one connection. QUIT is said as it goes.
private final class CurlHandle {
    private let smtp: OpaquePointer

    /// libcurl's own set-up, once for the process.
    private static let isReady = ccurl_global_init() == 0

    init?(_ relay: SMTPRelay) {
        guard Self.isReady else { return nil }
        let opened = relay.url.withCString { url in
            Self.withOptional(relay.user) { user in
                Self.withOptional(relay.password) { password in
                    Self.withOptional(relay.certificateAuthorityFile) { file in
                        var settings = ccurl_smtp_settings(
                            url: url, user: user, password: password, ca_file: file, starttls: relay.startTLS.code,
                            connect_timeout_milliseconds: SMTPRelay.connectTimeoutSeconds * 1000,
                            total_timeout_milliseconds: relay.timeoutSeconds * 1000)
                        return ccurl_smtp_open(&settings)
                    }
                }
            }
        }
        guard let opened else { return nil }
        smtp = opened
    }

    deinit { ccurl_smtp_close(smtp) }

    func send(_ message: [UInt8], from: EmailAddress, to: EmailAddress, fresh: Bool) -> ccurl_smtp_result {
        var result = ccurl_smtp_result()
        message.withUnsafeBufferPointer { bytes in
            ccurl_smtp_send(smtp, from.text, to.text, bytes.baseAddress, bytes.count, fresh ? 1 : 0, &result)
        }
        return result
    }

    func probe() -> ccurl_smtp_result {
        var result = ccurl_smtp_result()
        ccurl_smtp_probe(smtp, &result)
        return result
    }

    private static func withOptional<Result>(_ text: String?, _ body: (UnsafePointer<CChar>?) -> Result) -> Result {
        guard let text else { return body(nil) }
        return text.withCString { body($0) }
    }
}

extension SMTPRelay.StartTLS {
    fileprivate var code: Int32 {
        switch self {
        case .none: Int32(CCURL_TLS_NONE)
        case .opportunistic: Int32(CCURL_TLS_TRY)
        case .required: Int32(CCURL_TLS_REQUIRED)
        }
    }
}
