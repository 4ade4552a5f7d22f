import AlertModel
import GeoModel

/// Renders what the territory holds.
package enum TerritoryReport {
    package static func text(_ summary: TerritorySummary) -> String {
        guard !summary.kinds.isEmpty else { return "No communes are imported.\n" }
        var kinds = TextTable()
        kinds.row(["Vintage", "kind", "count", "with boundary"])
        for kind in summary.kinds {
            kinds.row(["\(kind.vintage)", words(kind.kind), "\(kind.count)", "\(kind.withBoundary)"])
        }
        var text = kinds.text + "\n"
        if let current = summary.currentVintage {
            let others = summary.departments.filter { $0.vintage != current }
            let communes = summary.departments.map(\.communes).reduce(0, +)
            text += "Current: \(current), \(communes) communes of \(count(summary.departments.count, "department"))"
            text += others.isEmpty ? "\n" : "; other vintages hold in \(others.count) of them:\n"
            var table = TextTable()
            for department in others {
                table.row([
                    "  \(department.code) \(department.name ?? "")", "\(department.vintage)",
                    "\(department.communes) communes",
                ])
            }
            text += table.text
        }
        let withoutGround = summary.departments.map(\.withoutGround).reduce(0, +)
        if withoutGround > 0 { text += "Communes of today without any boundary: \(withoutGround)\n" }
        guard !summary.tables.isEmpty else { return text }
        var tables = TextTable()
        tables.row(["Code table", "vintage", "rows"])
        for table in summary.tables { tables.row([table.name, "\(table.vintage)", "\(table.rows)"]) }
        return text + "\n" + tables.text
    }

    package static func json(_ summary: TerritorySummary) -> String {
        var document = JSONObject()
        document.append("current_vintage", summary.currentVintage.map { .number(Double($0)) } ?? .null)
        document.append("vintages", .array(summary.kinds.map { kind in
            object([
                ("vintage", .number(Double(kind.vintage))), ("kind", .string(kind.kind)),
                ("count", .number(Double(kind.count))), ("with_boundary", .number(Double(kind.withBoundary))),
            ])
        }))
        document.append("departments", .array(summary.departments.map { department in
            object([
                ("code", .string(department.code)), ("name", department.name.map { .string($0) } ?? .null),
                ("vintage", .number(Double(department.vintage))), ("communes", .number(Double(department.communes))),
                ("without_boundary", .number(Double(department.withoutGround))),
            ])
        }))
        document.append("tables", .array(summary.tables.map { table in
            object([
                ("table", .string(table.name)), ("vintage", .number(Double(table.vintage))),
                ("rows", .number(Double(table.rows))),
            ])
        }))
        document.append("warnings", .array(summary.warnings.map { .string($0) }))
        var writer = JSONWriter()
        writer.value(.object(document))
        return writer.text + "\n"
    }

    private static func object(_ members: [(String, JSONValue)]) -> JSONValue {
        var object = JSONObject()
        for (key, value) in members { object.append(key, value) }
        return .object(object)
    }

    private static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

    private static func words(_ kind: String) -> String {
        switch CommuneKind(rawValue: kind) {
        case .commune: "communes"
        case .associated: "associated communes"
        case .delegated: "delegated communes"
        case .arrondissement: "arrondissements"
        case nil: kind
        }
    }
}
