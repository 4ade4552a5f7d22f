import Foundation

/// What a browser says it did (WebAuthn, section 5.8.1), held to what was asked of it.
struct ClientData {
    /// What a browser is asked to do.
    enum Ceremony: String { case create = "webauthn.create", get = "webauthn.get" }

    private struct Members: Decodable {
        let type: String
        let challenge: String
        let origin: String
        let crossOrigin: Bool?
        let topOrigin: String?
    }

    /// - Throws: `WebAuthnError.malformed`, `.wrongCeremony`, `.wrongChallenge`, `.wrongOrigin`.
    static func check(
        _ bytes: [UInt8], ceremony: Ceremony, expecting expectation: Expectation
    ) throws(WebAuthnError) {
        guard (1...KeyLimits.clientData).contains(bytes.count) else { throw .malformed }
        guard let members = try? JSONDecoder().decode(Members.self, from: Data(bytes)) else { throw .malformed }
        guard members.type == ceremony.rawValue else { throw .wrongCeremony }
        guard Base64URL.decode(members.challenge) == expectation.challenge, !expectation.challenge.isEmpty else {
            throw .wrongChallenge
        }
        // A page that shows the console in a frame is another site's.
        guard members.origin == expectation.origin, members.crossOrigin != true, members.topOrigin == nil else {
            throw .wrongOrigin
        }
    }
}
