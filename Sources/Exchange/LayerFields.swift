import CGDAL
import GeoModel

/// The attributes of a layer's features, as JSON: unset ones are left out.
struct LayerFields {
    private struct Field {
        let index: Int32
        let name: String
        let kind: Int32
    }

    private let fields: [Field]

    init(layer: UnsafeMutableRawPointer) {
        fields = (0..<cgdal_field_count(layer)).map {
            Field(index: $0, name: Self.text(cgdal_field_name(layer, $0)), kind: Int32(cgdal_field_kind(layer, $0)))
        }
    }

    func write(_ feature: UnsafeMutableRawPointer, to writer: inout JSONWriter) {
        let set = fields.filter { cgdal_is_set(feature, $0.index) != 0 }
        writer.separated(set, open: "{", close: "}") { writer, field in
            writer.string(field.name)
            writer.raw(":")
            value(feature, field, to: &writer)
        }
    }

    private func value(_ feature: UnsafeMutableRawPointer, _ field: Field, to writer: inout JSONWriter) {
        var count: Int32 = 0
        switch Int(field.kind) {
        case CGDAL_INTEGER:
            let number = cgdal_integer(feature, field.index)
            // Beyond 2⁵³ a JSON number may come out as a neighbour.
            number.magnitude < 1 << 53 ? writer.number(Double(number)) : writer.string("\(number)")
        case CGDAL_REAL:
            writer.number(cgdal_real(feature, field.index))
        case CGDAL_BOOLEAN:
            writer.value(.bool(cgdal_integer(feature, field.index) != 0))
        case CGDAL_TEXTS:
            let texts = cgdal_texts(feature, field.index, &count)
            writer.separated(0..<Int(count), open: "[", close: "]") { $0.string(Self.text(texts?[$1])) }
        case CGDAL_REALS:
            let numbers = cgdal_reals(feature, field.index, &count)
            writer.separated(0..<Int(count), open: "[", close: "]") { $0.number(numbers?[$1] ?? 0) }
        default:
            writer.string(Self.text(cgdal_text(feature, field.index)))
        }
    }

    /// UTF-8 where it is, Windows-1252 where it cannot be: French files are in one or the other.
    private static func text(_ bytes: UnsafePointer<CChar>?) -> String {
        guard let bytes else { return "" }
        return String(validatingCString: bytes) ?? String(cString: cgdal_from_windows(bytes))
    }
}
