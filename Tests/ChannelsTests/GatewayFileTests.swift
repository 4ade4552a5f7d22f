import AlertModel
import Dispatching
import Foundation
import GeoModel
import Testing

@testable import Channels

@Suite struct GatewayFileTests {
    private static let settings = #"{"host":"relay.example.org","from":"Mairie <a@example.org>"}"#

    private static func gateway(_ members: String = "", settings: String = settings) -> String {
        #"{"name":"relay-a","channel":"email","kind":"smtp","settings":\#(settings)\#(members.isEmpty ? "" : "," + members)}"#
    }

    private static func file(_ gateways: String...) -> String {
        #"{"version":1,"gateways":[\#(gateways.joined(separator: ","))]}"#
    }

    private func decode(_ text: String) throws -> GatewayFile { try GatewayFile.decode(Array(text.utf8)) }

    @Test func `a gateway has its own weight, window, rate and health, or the usual ones`() throws {
        let usual = try #require(try decode(Self.file(Self.gateway())).gateways.first)
        #expect(usual.traits == GatewayTraits(name: "relay-a", channel: .email, window: 16))
        #expect(usual.kind.destination == "relay.example.org:587")
        let own = try #require(
            try decode(
                Self.file(Self.gateway(#""weight":3,"window":2,"rate":{"messagesPerSecond":45},"health":{"failures":2,"pauseSeconds":0.5,"probeSeconds":10}"#))
            ).gateways.first)
        #expect(own.traits.weight == 3 && own.traits.window == 2)
        #expect(own.traits.rate == GatewayRate(perSecond: 45, unit: .messages))
        #expect(own.traits.health.failuresToOpen == 2 && own.traits.health.pauseMilliseconds == 500)
        #expect(own.traits.health.probeEveryMilliseconds == 10_000)
    }

    @Test(arguments: [
        ("", ""), ("[]", ""), (#"{"version":2,"gateways":[]}"#, "version"), (#"{"version":1}"#, "gateways"),
        (#"{"version":1,"gateways":[],"gateway":[]}"#, "gateway"),
        (file(gateway(), gateway()), "gateways[1].name"),
        (file(gateway(#""wieght":3"#)), "gateways[0].wieght"), (file(gateway(#""weight":0"#)), "gateways[0].weight"),
        (file(gateway(#""weight":1.5"#)), "gateways[0].weight"), (file(gateway(#""window":1e300"#)), "gateways[0].window"),
        (file(gateway(#""rate":{"segmentsPerSecond":4}"#)), "gateways[0].rate.segmentsPerSecond"),
        (file(gateway(#""rate":{"messagesPerSecond":0}"#)), "gateways[0].rate.messagesPerSecond"),
        (file(gateway(#""rate":{"messagesPerSecond":1,"burst":9}"#)), "gateways[0].rate.burst"),
        (file(gateway(#""health":{"pauseSeconds":9,"longestPauseSeconds":8}"#)), "gateways[0].health.longestPauseSeconds"),
        (file(gateway(settings: #"{"host":"a b","from":"a@example.org"}"#)), "gateways[0].settings.host"),
        (file(gateway(settings: #"{"host":"h@x","from":"a@example.org"}"#)), "gateways[0].settings.host"),
        (file(gateway(settings: #"{"host":"h","from":"nobody"}"#)), "gateways[0].settings.from"),
        (file(gateway(settings: #"{"host":"h","from":"a@example.org","password":"x"}"#)), "gateways[0].settings.password"),
        (file(gateway(settings: #"{"host":"h","from":"a@example.org","user":"u"}"#)), "gateways[0].settings.user"),
        (file(gateway(settings: #"{"host":"h","from":"a@example.org","user":"u","passwordFile":"p","tls":"none"}"#)), "gateways[0].settings.tls"),
        (file(#"{"name":"Relay A","channel":"email","kind":"smtp","settings":{}}"#), "gateways[0].name"),
        (file(#"{"name":"simulated-email","channel":"email","kind":"smtp","settings":{}}"#), "gateways[0].name"),
        (file(#"{"name":"a","channel":"sms","kind":"smtp","settings":{}}"#), "gateways[0].channel"),
        (file(#"{"name":"a","channel":"sms","kind":"pigeon","settings":{}}"#), "gateways[0].kind"),
    ])
    func `a fault is refused by its path, and a value is never repeated`(text: String, path: String) throws {
        let error = #expect(throws: JSONMemberError.self) { try decode(text) }
        #expect(error?.path == path)
    }

    @Test func `a password comes from a file or a variable, and errors name only the place`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let secrets = GatewaySecrets(environment: ["PASS": "sesame"], folder: folder.path)
        try Data("motdepasse\n".utf8).write(to: folder.appending(path: "good"))
        try Data("mot\ndepasse\n".utf8).write(to: folder.appending(path: "lines"))
        try Data(repeating: 65, count: 5_000).write(to: folder.appending(path: "long"))
        #expect(try secrets.read(.file("good")) == "motdepasse")
        #expect(try secrets.read(.variable("PASS")) == "sesame")
        for place in [GatewaySecret.file("none"), .file("lines"), .file("long"), .variable("NONE"), .file(".")] {
            let error = #expect(throws: GatewaySecretError.self) { try secrets.read(place) }
            #expect(error?.description.contains("depasse") == false)
        }
    }

    @Test(arguments: [
        (45.0, 45, Int64(1000)), (0.5, 1, 2000), (1.5, 3, 2000), (33.4, 167, 5000), (.pi, 31, 10_000), (100_000, 100_000, 1000),
        (0.3, 1, 3334),
    ])
    func `a rate is a count in a period, never rounded up`(perSecond: Double, limit: Int, period: Int64) throws {
        let rate = try #require(GatewayRate(perSecond: perSecond, unit: .messages))
        #expect(rate.limit == limit && rate.periodMilliseconds == period)
        #expect(rate.perSecond <= perSecond + 1e-6)
    }
}
