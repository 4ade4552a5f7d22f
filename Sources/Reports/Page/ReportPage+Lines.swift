import GeoModel

extension ReportPage {
    /// The page in lines of JSON, as the process that lays out PDF reads it: a head, then block by block, a table's rows
    /// each in a line of its own.
    ///
    /// - Returns: how many lines were written after the head.
    package func lines(_ write: ((inout JSONWriter) -> Void) throws -> Void) throws -> Int {
        try write { writer in
            writer.value(["title": .string(title), "subtitle": .string(subtitle), "footer": .string(footer)])
        }
        var count = 0
        for block in blocks {
            for line in Self.lines(of: block) {
                try write { $0.value(line) }
                count += 1
            }
        }
        return count
    }

    private static func lines(of block: Block) -> [JSONValue] {
        switch block {
        case .heading(let text): [["heading": .string(text)]]
        case .paragraph(let text): [["paragraph": .string(text)]]
        case .note(let text): [["note": .string(text)]]
        case .facts(let facts):
            [["facts": .array(facts.map { .array([.string($0.name), .string($0.value)]) })]]
        case .table(let table):
            [[
                "table": .string(table.caption),
                "columns": .array(table.columns.map { column in
                    ["title": .string(column.title), "number": .bool(column.isNumber), "weight": .number(column.weight)]
                }),
            ]] + table.rows.map { ["row": .array($0.map { .string($0) })] }
        case .map(let map): [map.json]
        }
    }
}

extension ReportMap {
    /// What the process that draws it reads, in one line.
    package var json: JSONValue {
        [
            "map": .string(title), "width": .number(width), "height": .number(height),
            "shapes": .array(shapes.map { shape in
                [
                    "fill": shape.fill.map { .string($0) } ?? .null, "stroke": .string(shape.stroke),
                    "line": .number(shape.lineWidth),
                    "rings": .array(shape.rings.map { ring in
                        .array(ring.flatMap { [.number(Self.rounded($0.x)), .number(Self.rounded($0.y))] })
                    }),
                ]
            }),
            "labels": .array(labels.map { [.number(Self.rounded($0.x)), .number(Self.rounded($0.y)), .string($0.text)] }),
            "legend": .array(legend.map { [.string($0.colour), .string($0.text)] }),
            "scale": [.number(scale.length), .string(scale.text)],
        ]
    }

    private static func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }
}
