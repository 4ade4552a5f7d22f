import GeoModel

/// Writes one JSON object's members, in the order they are given.
struct ObjectWriter {
    fileprivate var writer: JSONWriter
    private var isFirst = true

    fileprivate init(_ writer: JSONWriter) { self.writer = writer }

    private mutating func key(_ name: String) {
        if !isFirst { writer.raw(",") }
        isFirst = false
        writer.string(name)
        writer.raw(":")
    }

    /// - Parameter value: nil writes null.
    mutating func text(_ name: String, _ value: String?) {
        key(name)
        if let value { writer.string(value) } else { writer.raw("null") }
    }

    /// - Parameter json: a document that is JSON already; nil writes null.
    mutating func document(_ name: String, _ json: [UInt8]?) {
        key(name)
        if let json { writer.raw(json) } else { writer.raw("null") }
    }

    mutating func document(_ name: String, _ json: String) { document(name, Array(json.utf8)) }

    mutating func flag(_ name: String, _ value: Bool) { document(name, value ? "true" : "false") }

    mutating func texts(_ name: String, _ values: [String]) {
        key(name)
        writer.raw("[")
        for (index, value) in values.enumerated() {
            if index > 0 { writer.raw(",") }
            writer.string(value)
        }
        writer.raw("]")
    }

    mutating func object(_ name: String, _ body: (inout ObjectWriter) throws -> Void) rethrows {
        key(name)
        try writer.object(body)
    }
}

extension JSONWriter {
    mutating func object(_ body: (inout ObjectWriter) throws -> Void) rethrows {
        raw("{")
        var members = ObjectWriter(self)
        try body(&members)
        self = members.writer
        raw("}")
    }
}
