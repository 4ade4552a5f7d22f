import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// Answers in JSON.
enum Answer {
    static func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        json(bytes: try encode(value), status: status)
    }

    static func json(bytes: [UInt8], status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: MediaType.json, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    static var nothing: Response { Response(status: .noContent, headers: [.cacheControl: "no-store"]) }

    /// UTF-8, keys sorted, times in ISO 8601 with milliseconds and `Z`.
    static func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(Self.text(of: date))
        }
        return Array(try encoder.encode(value))
    }

    /// An object's JSON with more members, whose values are JSON already. Geometries are written so, many times
    /// faster than through `Encodable`.
    static func encode(_ value: some Encodable, adding members: KeyValuePairs<String, [UInt8]>) throws -> [UInt8] {
        var bytes = try encode(value)
        bytes.removeLast()
        for (key, json) in members {
            if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(contentsOf: "\"\(key)\":".utf8)
            bytes.append(contentsOf: json)
        }
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    static func text(of date: Date) -> String {
        date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }
}
