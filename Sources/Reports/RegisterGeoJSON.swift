import AlertModel
import GeoModel

/// The register as GeoJSON features, for maps: with the places the geocoder found, which a table leaves out.
package enum RegisterGeoJSON {
    package static let head = "{\"type\":\"FeatureCollection\",\"features\":["
    package static let separator = ",\n"
    package static let tail = "\n]}\n"

    /// The names of a feature's properties, in order.
    package static func properties(withProtected: Bool) -> [String] {
        [
            "id", "name", "kind", "address", "postcode", "commune_code", "commune", "is_commune_found", "precision",
            "uncertainty_metres", "language", "household", "building", "tags", "lists", "confirmed_on", "source",
        ] + Channel.allCases.map(\.rawValue) + (withProtected ? ["vulnerability"] : [])
    }

    /// One feature. Recipients without a point have a null geometry (RFC 7946, section 3.2).
    /// - CRS: WGS 84, longitude first.
    package static func feature(_ entry: RegisterEntry, withProtected: Bool) -> [UInt8] {
        let recipient = entry.recipient
        func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
        func texts(_ texts: [String]?) -> JSONValue { .array((texts ?? []).map { .string($0) }) }
        var values: [JSONValue] = [
            text(recipient.externalID), text(recipient.name.value), text(recipient.kind.rawValue),
            text(recipient.addressText?.value), text(recipient.postcode), text(recipient.communeCode?.rawValue),
            text(recipient.communeName), .bool(recipient.isCommuneFound), text(entry.precision.rawValue),
            recipient.location.map { .number($0.uncertaintyMetres) } ?? .null, text(recipient.language),
            text(recipient.household), text(recipient.building), texts(recipient.tags), texts(recipient.lists),
            text(recipient.confirmedOn?.text), text(entry.source),
        ]
        values += Channel.allCases.map { channel in
            texts(recipient.contactPoints.filter { $0.channel == channel }.sorted { $0.rank < $1.rank }
                .map(\.address.value))
        }
        if withProtected { values.append(text(recipient.vulnerability?.kind.value)) }
        var writer = JSONWriter()
        writer.raw("{\"type\":\"Feature\",\"properties\":")
        writer.value(.object(JSONObject(
            zip(properties(withProtected: withProtected), values).map { JSONObject.Member(key: $0, value: $1) })))
        writer.raw(",\"geometry\":")
        if let position = recipient.location?.position { writer.geometry(position) } else { writer.raw("null") }
        writer.raw("}")
        return writer.bytes
    }
}
