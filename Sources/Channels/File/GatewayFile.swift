import AlertModel
import Dispatching
import Foundation
import GeoModel

/// The file that lists the gateways that reach people (TOCSIN_GATEWAYS), read strictly.
///
///     {"version": 1, "gateways": [
///       {"name": "relay-a", "channel": "email", "kind": "smtp", "weight": 3, "window": 8,
///        "rate": {"messagesPerSecond": 50}, "health": {"failures": 5, "pauseSeconds": 5},
///        "tariff": {"perMessage": "0.0004", "currency": "EUR"},
///        "settings": {"host": "smtp.example.org", "port": 587, "user": "tocsin", "passwordFile": "relay-a.secret",
///                     "from": "Mairie <alerte@example.org>"}}]}
package struct GatewayFile: Sendable {
    package static let version = 1
    /// Bytes: some thousand gateways.
    package static let largestFile = 1 << 20
    /// More lines than a prefecture rents.
    package static let mostGateways = 100

    package let gateways: [GatewayEntry]

    /// - Throws: `JSONMemberError`, with the path of the first fault.
    package static func read(path: String) throws(JSONMemberError) -> GatewayFile {
        guard let handle = FileHandle(forReadingAtPath: path),
            let bytes = try? handle.read(upToCount: largestFile + 1)
        else { throw JSONMemberError(path: "", reason: "the file can't be read") }
        return try decode([UInt8](bytes))
    }

    package static func decode(_ bytes: [UInt8]) throws(JSONMemberError) -> GatewayFile {
        guard bytes.count <= largestFile else {
            throw JSONMemberError(path: "", reason: "the file is larger than \(largestFile) bytes")
        }
        let node: JSONNode
        do {
            node = try JSONNode.read(bytes, limits: JSONNode.Limits(maxDepth: 8, maxValues: 10_000))
        } catch {
            throw JSONMemberError(path: "", reason: "\(error)")
        }
        var members = try JSONMembers(node, path: "")
        guard try members.integer("version", 1...Int(Int32.max)) == version else {
            throw members.fault("version", "this Tocsin reads version \(version): correct the file, or upgrade")
        }
        guard case .array(let elements) = try members.node("gateways"), elements.count <= mostGateways else {
            throw members.fault("gateways", "an array of at most \(mostGateways) gateways is due")
        }
        try members.finish()
        var gateways: [GatewayEntry] = []
        for (index, element) in elements.enumerated() {
            let entry = try GatewayEntry(element, path: "gateways[\(index)]")
            guard !gateways.contains(where: { $0.traits.name == entry.traits.name }) else {
                throw JSONMemberError(path: "gateways[\(index)].name", reason: "another gateway has this name already")
            }
            if let first = gateways.lazy.compactMap(\.traits.tariff).first, let tariff = entry.traits.tariff,
                first.price.currency != tariff.price.currency
            {
                throw JSONMemberError(
                    path: "gateways[\(index)].tariff.currency",
                    reason: "another gateway's tariff is in \(first.price.currency), and the two can't be added: "
                        + "give all tariffs in one currency")
            }
            gateways.append(entry)
        }
        return GatewayFile(gateways: gateways)
    }
}

/// One gateway as the file describes it; nothing of it is connected yet.
package struct GatewayEntry: Sendable {
    package let traits: GatewayTraits
    package let kind: any GatewayKind

    package var kindWord: String { type(of: kind).word }

    package init(traits: GatewayTraits, kind: any GatewayKind) {
        self.traits = traits
        self.kind = kind
    }

    /// - Throws: as `GatewayKind.gateway`.
    package func gateway(secrets: GatewaySecrets) throws -> Gateway { try kind.gateway(traits, secrets: secrets) }

    fileprivate init(_ node: JSONNode, path: String) throws(JSONMemberError) {
        var members = try JSONMembers(node, path: path)
        let name = try members.text("name")
        guard Self.isName(name) else {
            throw members.fault("name", "1 to 40 of a-z, 0-9, '.', '-' and '_' are due, and not simulated-…")
        }
        let word = try members.text("kind")
        guard let type = GatewayKinds.named(word) else {
            throw members.fault("kind", "one of \(GatewayKinds.all.map { $0.word }.joined(separator: ", ")) is due")
        }
        let channel: Channel = try members.word("channel")
        guard type.channels.contains(channel) else {
            let carried = type.channels.sorted().map(\.rawValue).joined(separator: ", ")
            throw members.fault("channel", "a gateway of kind \(word) carries \(carried)")
        }
        let weight = try members.integer("weight", 1...1000, standard: 1)
        let window = try members.integer("window", 1...type.largestWindow, standard: type.standardWindow)
        let rate = try members.has("rate") ? Self.rate(try members.members("rate"), channel) : nil
        let health = try members.has("health") ? GatewayHealth(try members.members("health")) : GatewayHealth()
        let tariff = try members.has("tariff") ? Tariff(try members.members("tariff"), channel) : nil
        var settings = try members.members("settings")
        kind = try type.init(&settings)
        try settings.finish()
        try members.finish()
        traits = GatewayTraits(
            name: name, channel: channel, weight: weight, window: window, rate: rate, health: health,
            tariff: tariff)
    }

    private static func isName(_ text: String) -> Bool {
        text.utf8.count <= 40 && !text.hasPrefix("simulated-")
            && text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || [45, 46, 95].contains($0) }
    }

    private static func rate(
        _ members: JSONMembers, _ channel: Channel
    ) throws(JSONMemberError) -> GatewayRate {
        var members = members
        let unit = members.has("segmentsPerSecond") ? GatewayRate.Unit.segments : .messages
        guard unit == .messages || channel == .sms else {
            throw members.fault("segmentsPerSecond", "only SMS have segments: write messagesPerSecond")
        }
        let key = "\(unit.rawValue)PerSecond"
        let number = try members.number(key, GatewayRate.least...GatewayRate.greatest)
        try members.finish()
        guard let rate = GatewayRate(perSecond: number, unit: unit) else { throw members.fault(key, "a rate is due") }
        return rate
    }
}

extension Tariff {
    /// `{"perSegment": "0.0455", "currency": "EUR"}`: the price is a text, since a binary number would not be exact.
    fileprivate init(_ members: JSONMembers, _ channel: Channel) throws(JSONMemberError) {
        var members = members
        let units: [(key: String, unit: Unit)] = switch channel {
        case .sms: [("perSegment", .segment), ("perMessage", .message)]
        case .voice: [("perMinute", .minute), ("perMessage", .message)]
        case .email, .fax: [("perMessage", .message)]
        }
        let named = units.filter { members.has($0.key) }
        guard named.count == 1, let (key, unit) = named.first else {
            throw members.fault(units[0].key, "one of \(units.map(\.key).joined(separator: ", ")) is due")
        }
        let currency = try members.text("currency")
        guard Money.isCurrency(currency) else {
            throw members.fault("currency", "a currency's three capital letters are due, such as EUR")
        }
        guard case .string(let text) = try members.node(key), let price = Money(text, currency: currency) else {
            throw members.fault(
                key, "a price is due, in quotes: at most \(Money.dearest), with a point and up to six decimals, such as \"0.0455\"")
        }
        try members.finish()
        self.init(unit: unit, price: price)
    }
}

extension GatewayHealth {
    fileprivate init(_ members: JSONMembers) throws(JSONMemberError) {
        var members = members
        self.init()
        failuresToOpen = try members.integer("failures", 1...1000, standard: failuresToOpen)
        pauseMilliseconds = try members.milliseconds("pauseSeconds", 0.1...3600, standard: pauseMilliseconds)
        longestPauseMilliseconds = try members.milliseconds(
            "longestPauseSeconds", 0.1...3600, standard: max(longestPauseMilliseconds, pauseMilliseconds))
        if members.has("probeSeconds") {
            probeEveryMilliseconds = try members.milliseconds("probeSeconds", 1...3600, standard: 0)
        }
        guard longestPauseMilliseconds >= pauseMilliseconds else {
            throw members.fault("longestPauseSeconds", "the longest pause is not shorter than the first")
        }
        try members.finish()
    }
}

extension JSONMembers {
    fileprivate mutating func milliseconds(
        _ key: String, _ seconds: ClosedRange<Double>, standard: Int64
    ) throws(JSONMemberError) -> Int64 {
        Int64((try number(key, seconds, standard: Double(standard) / 1000) * 1000).rounded())
    }
}
