import AlertModel
import Dispatching
import GeoModel

/// One way to carry messages that the gateways' file may name: what stands under `settings`, and the gateway made of
/// it. A new kind is a file of its own and a line in `GatewayKinds.all`.
package protocol GatewayKind: Sendable {
    /// The file's word for it.
    static var word: String { get }
    static var channels: Set<Channel> { get }
    /// Submissions in flight where the file says nothing.
    static var standardWindow: Int { get }
    static var largestWindow: Int { get }

    /// Takes its own members; whoever calls finishes them.
    init(_ settings: inout JSONMembers) throws(JSONMemberError)

    /// Where it connects, for lists and logs: a host and a port, never a secret.
    var destination: String { get }

    /// What recipients see it from, where rules govern that.
    var sender: SMSSender? { get }

    /// Sessions it is bound with; nil where its protocol has none.
    var binds: Int? { get }

    /// Builds the gateway without connecting it.
    /// - Throws: when a secret or another file cannot be read.
    func gateway(_ traits: GatewayTraits, secrets: GatewaySecrets) throws -> Gateway
}

extension GatewayKind {
    package var sender: SMSSender? { nil }
    package var binds: Int? { nil }
}

package enum GatewayKinds {
    package static let all: [any GatewayKind.Type] = [
        SMTPGatewayKind.self, SMPPGatewayKind.self, WebGatewayKind<TemplateProviderKind>.self,
        WebGatewayKind<KannelProviderKind>.self, WebGatewayKind<OVHProviderKind>.self, WebGatewayKind<TwilioProviderKind>.self,
        SIPGatewayKind.self,
    ]

    package static func named(_ word: String) -> (any GatewayKind.Type)? { all.first { $0.word == word } }
}
