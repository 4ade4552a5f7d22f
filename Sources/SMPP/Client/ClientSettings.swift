/// Which SMSC a client keeps sessions with, and how many. Times are milliseconds.
package struct ClientSettings: Sendable {
    /// How a session is kept secret. Certificates are always verified.
    package struct TLS: Hashable, Sendable {
        /// A file of certificates to trust instead of the system's.
        package var certificateAuthorityFile: String?

        package init(certificateAuthorityFile: String? = nil) {
            self.certificateAuthorityFile = certificateAuthorityFile
        }
    }

    /// What sessions are bound as.
    package enum Plan: String, CaseIterable, Codable, Sendable {
        case transceiver
        /// For an SMSC that sends receipts elsewhere, or nowhere.
        case transmitter
        /// Transmitters, and one receiver beside them: for an SMSC that knows no transceiver.
        case split
    }

    package var name = "smpp"
    package var host = ""
    package var port = 2775
    package var tls: TLS?
    package var session = SessionSettings()
    package var plan = Plan.transceiver
    /// Sessions that submit, at once.
    package var binds = 1
    package var connectTimeout: Int64 = 10_000
    /// How long a submission waits for a session before it is given back unsent.
    package var patience: Int64 = 10_000
    /// How long the SMSC waits for the answer to what it brings, before it is asked to keep it: its own limit is longer.
    package var answerLimit: Int64 = 10_000
    package var pduLimit = PDUDecoder.standardLimit
    package var takesUnmarkedReceipts = false

    package init() {}

    /// What each session is bound as.
    var kinds: [BindKind] {
        switch plan {
        case .transceiver: Array(repeating: .transceiver, count: binds)
        case .transmitter: Array(repeating: .transmitter, count: binds)
        case .split: Array(repeating: .transmitter, count: binds) + [.receiver]
        }
    }
}
