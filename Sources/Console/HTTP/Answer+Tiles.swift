import HTTPTypes
import Hummingbird
import NIOCore

extension Answer {
    /// A vector tile: 204 where nothing is, 304 where the asker has it.
    static func tile(_ tile: CommuneTile?, cacheControl: String, to call: Call) -> Response {
        var headers: HTTPFields = [.cacheControl: cacheControl]
        guard let tile else { return Response(status: .noContent, headers: headers) }
        headers[.eTag] = "\"\(tile.tag)\""
        if EntityTag.isKnown("\"\(tile.tag)\"", to: call.request.headers) {
            return Response(status: .notModified, headers: headers)
        }
        headers[.contentType] = "application/vnd.mapbox-vector-tile"
        if tile.isGzipped { headers[.contentEncoding] = "gzip" }
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: tile.bytes)))
    }
}
