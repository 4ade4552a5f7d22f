import AlertModel

/// Something per channel, written as an object whose members are the channels present.
package struct ByChannel<Value: Codable & Hashable & Sendable>: Codable, Hashable, Sendable {
    package var values: [Channel: Value]

    package init(_ values: [Channel: Value]) {
        self.values = values
    }

    package subscript(channel: Channel) -> Value? { values[channel] }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: ChannelKey.self)
        values = [:]
        for key in container.allKeys {
            values[key.channel] = try container.decode(Value.self, forKey: key)
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: ChannelKey.self)
        for (channel, value) in values {
            try container.encode(value, forKey: ChannelKey(channel: channel))
        }
    }
}

extension ByChannel where Value == Int {
    /// A number for each of the four channels, 0 for those `counts` does not name.
    package init(all counts: [Channel: Int]) {
        values = Dictionary(uniqueKeysWithValues: Channel.allCases.map { ($0, counts[$0] ?? 0) })
    }
}

private struct ChannelKey: CodingKey {
    let channel: Channel

    init(channel: Channel) { self.channel = channel }
    init?(stringValue: String) {
        guard let channel = Channel(rawValue: stringValue) else { return nil }
        self.channel = channel
    }
    init?(intValue: Int) { nil }

    var stringValue: String { channel.rawValue }
    var intValue: Int? { nil }
}
