import Foundation

/// A foreign server's map under the console's own, as tiles of the web's usual grid (WMTS “PM”, “GoogleMapsCompatible” and
/// XYZ are the same one: EPSG:3857, 256 pixels, rows from the north).
///
/// Browsers fetch the tiles themselves: the host must let other sites' pages use them (CORS), and learns nothing but which
/// ground is looked at.
package struct BackgroundMap: Hashable, Sendable, Encodable {
    /// The tiles' address, with `{z}`, `{x}` and `{y}`.
    package let url: String
    /// Whose map it is, as its licence wants it shown.
    package let credit: String
    /// Scheme, host and port: all that pages may show pictures of besides this server's.
    package let origin: String

    private enum CodingKeys: CodingKey { case url, credit }

    package static let longestURL = 1_000
    package static let longestCredit = 200

    /// IGN's “Plan IGN” of the Géoplateforme, which asks for no key.
    package static let planIGN = "https://data.geopf.fr/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0"
        + "&LAYER=GEOGRAPHICALGRIDSYSTEMS.PLANIGNV2&STYLE=normal&FORMAT=image/png&TILEMATRIXSET=PM"
        + "&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}"
    package static let planIGNCredit = "Fond : IGN – Géoplateforme"

    /// - Parameter template: `ign`, or an address with the placeholders of XYZ (`{z}`, `{x}`, `{y}`) or of WMTS
    ///   (`{TileMatrix}`, `{TileCol}`, `{TileRow}`).
    /// - Throws: ``BackgroundMapError``.
    package init(template: String, credit: String?) throws(BackgroundMapError) {
        let isIGN = template.lowercased() == "ign"
        let url = Self.plain(isIGN ? Self.planIGN : template)
        guard url.utf8.count <= Self.longestURL else { throw .tooLong }
        // What is written into a header and into pages is plain: no blank, quote, separator of the content policy.
        guard url.utf8.allSatisfy({ (0x21...0x7e).contains($0) && !Self.forbidden.contains($0) }) else { throw .character }
        guard Self.placeholders.allSatisfy({ url.ranges(of: $0).count == 1 }),
            !Self.placeholders.reduce(url, { $0.replacing($1, with: "0") }).contains(where: { "{}".contains($0) })
        else { throw .placeholders }
        guard let parts = URLComponents(string: Self.placeholders.reduce(url) { $0.replacing($1, with: "0") }),
            let scheme = parts.scheme?.lowercased(), let host = parts.host?.lowercased(), Self.isHost(host), parts.fragment == nil
        else { throw .address }
        guard parts.user == nil, parts.password == nil else { throw .credentials }
        guard scheme == "https" || (scheme == "http" && Self.loopback.contains(host)) else { throw .scheme }
        let origin = "\(scheme)://\(host)" + (parts.port.map { ":\($0)" } ?? "")
        // The placeholders come after the host: it is one and the same for every tile.
        guard url.lowercased().hasPrefix(origin + "/") else { throw .address }
        let credit = (credit ?? "").trimmingCharacters(in: .whitespaces)
        guard isIGN || !credit.isEmpty else { throw .noCredit }
        guard credit.count <= Self.longestCredit, !credit.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else { throw .credit }
        self.url = url
        self.origin = origin
        self.credit = credit.isEmpty ? Self.planIGNCredit : credit
    }

    private static let placeholders = ["{z}", "{x}", "{y}"]
    private static let loopback: Set<String> = ["localhost", "127.0.0.1", "[::1]"]
    private static let forbidden = Set("\"'<>\\^`|;,".utf8)

    /// The names WMTS gives to the same three numbers, whatever their case.
    private static func plain(_ template: String) -> String {
        [("{TileMatrix}", "{z}"), ("{TileCol}", "{x}"), ("{TileRow}", "{y}")].reduce(template) {
            $0.replacingOccurrences(of: $1.0, with: $1.1, options: .caseInsensitive)
        }
    }

    private static func isHost(_ text: String) -> Bool {
        text == "[::1]" || (!text.isEmpty && text.utf8.allSatisfy {
            (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".")
        })
    }
}

/// Why a background map cannot be used, without the address: it may hold a key.
package enum BackgroundMapError: Error, Hashable, CustomStringConvertible {
    case tooLong, character, placeholders, address, credentials, scheme, noCredit, credit

    package var description: String {
        switch self {
        case .tooLong: "the address is longer than \(BackgroundMap.longestURL) characters"
        case .character: "the address has a character that has to be percent-encoded (blanks, quotes, “;”, “,”, accents…)"
        case .placeholders:
            "the address names {z}, {x} and {y} once each (or WMTS's {TileMatrix}, {TileCol}, {TileRow}), and nothing else in "
                + "braces: https://tuiles.example/{z}/{x}/{y}.png"
        case .address: "this is no whole address of a web server: https://tuiles.example/{z}/{x}/{y}.png"
        case .credentials: "an address with a user or a password would be read by whoever opens the console: use one without"
        case .scheme: "the address starts with https:// (http:// only for a server on this machine, by localhost or 127.0.0.1)"
        case .noCredit: "say whose map it is, as its licence wants it shown, in TOCSIN_BACKGROUND_CREDIT"
        case .credit: "TOCSIN_BACKGROUND_CREDIT is one line of \(BackgroundMap.longestCredit) characters at most"
        }
    }
}
