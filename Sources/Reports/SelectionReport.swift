import AlertModel
import GeoModel

/// Renders a selection, one recipient a row. No name, address or number leaves by here.
package enum SelectionReport {
    package struct Line: Sendable {
        package let externalID: String
        package let certainty: Certainty
        package let precision: Precision
        package let communeCode: CommuneCode?
        package let communeName: String?
        package let position: Position<WGS84>?
        package let channels: [Channel]
        package let why: String

        package init(
            externalID: String, certainty: Certainty, precision: Precision, communeCode: CommuneCode?,
            communeName: String?, position: Position<WGS84>?, channels: [Channel], why: String
        ) {
            self.externalID = externalID
            self.certainty = certainty
            self.precision = precision
            self.communeCode = communeCode
            self.communeName = communeName
            self.position = position
            self.channels = channels
            self.why = why
        }
    }

    package static func csv(_ lines: [Line]) -> String {
        var writer = CSVWriter()
        writer.row(
            ["external_id", "certainty", "precision", "commune_code", "commune_name", "longitude", "latitude"]
                + Channel.allCases.map(\.rawValue) + ["why"])
        for line in lines {
            writer.row(
                [
                    line.externalID, line.certainty.rawValue, line.precision.rawValue,
                    line.communeCode?.rawValue ?? "", line.communeName ?? "",
                    line.position.map { "\($0.longitude)" } ?? "", line.position.map { "\($0.latitude)" } ?? "",
                ] + Channel.allCases.map { line.channels.contains($0) ? "1" : "0" } + [line.why])
        }
        return writer.text
    }

    /// - Parameter mapped: what became of the zone's codes that are no communes of today; left out when there is none.
    package static func json(_ lines: [Line], mapped: [CommuneMapping] = []) -> String {
        var writer = JSONWriter()
        writer.raw("{")
        if !mapped.isEmpty {
            writer.raw("\"mapped\":")
            writer.value(.array(mapped.map(\.json)))
            writer.raw(",\n")
        }
        writer.raw("\"recipients\":[")
        for (index, line) in lines.enumerated() {
            writer.raw(index == 0 ? "\n" : ",\n")
            writer.value(.object(properties(line, withPosition: true)))
        }
        writer.raw("\n]}\n")
        return writer.text
    }

    /// Recipients without a point have a null geometry (RFC 7946, section 3.2).
    package static func geoJSON(_ lines: [Line]) -> String {
        var writer = JSONWriter()
        writer.raw("{\"type\":\"FeatureCollection\",\"features\":[")
        for (index, line) in lines.enumerated() {
            writer.raw(index == 0 ? "\n" : ",\n")
            writer.raw("{\"type\":\"Feature\",\"properties\":")
            writer.value(.object(properties(line, withPosition: false)))
            writer.raw(",\"geometry\":")
            if let position = line.position { writer.geometry(position) } else { writer.raw("null") }
            writer.raw("}")
        }
        writer.raw("\n]}\n")
        return writer.text
    }

    private static func properties(_ line: Line, withPosition: Bool) -> JSONObject {
        var object = JSONObject()
        object.append("external_id", .string(line.externalID))
        object.append("certainty", .string(line.certainty.rawValue))
        object.append("precision", .string(line.precision.rawValue))
        object.append("commune_code", line.communeCode.map { .string($0.rawValue) } ?? .null)
        object.append("commune_name", line.communeName.map { .string($0) } ?? .null)
        if withPosition {
            object.append("longitude", line.position.map { .number($0.longitude) } ?? .null)
            object.append("latitude", line.position.map { .number($0.latitude) } ?? .null)
        }
        object.append("channels", .array(line.channels.map { .string($0.rawValue) }))
        object.append("why", .string(line.why))
        return object
    }
}
