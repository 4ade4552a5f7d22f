import AlertModel

extension ReportPage {
    /// The stylesheet of every page, the same bytes always: a content security policy can name its hash.
    package static let stylesheet = """
        body{font:15px/1.45 "DejaVu Sans",Verdana,sans-serif;color:#1b2830;background:#fff;max-width:60rem;margin:2rem auto;padding:0 1rem}
        h1{font-size:1.6rem;margin:0}h2{font-size:1.15rem;margin:2rem 0 .5rem}.sub,.note,footer{color:#4d5a63}.note{font-size:.85rem}
        dl{display:flex;flex-wrap:wrap;gap:.6rem;margin:1rem 0}dl div{border:1px solid #c8d0d6;border-radius:4px;padding:.5rem .8rem;min-width:8rem}
        dt{font-size:.8rem;color:#4d5a63}dd{margin:0;font-size:1.25rem;font-weight:bold}
        .scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.85rem}caption{text-align:left;color:#4d5a63;padding:.2rem 0}
        th,td{padding:.25rem .5rem;border-bottom:1px solid #d9dfe3;text-align:left;vertical-align:top}.n{text-align:right;white-space:nowrap}
        thead th{border-bottom:2px solid #7d8a94}svg{max-width:100%;height:auto;margin-top:1rem;border:1px solid #c8d0d6;background:#f4f6f7}
        nav a{margin-right:1rem}footer{margin-top:2rem;border-top:1px solid #c8d0d6;padding-top:.5rem;font-size:.85rem}
        @media print{body{margin:0;max-width:none}nav{display:none}tr,svg{break-inside:avoid}}
        """

    /// A page of its own: no script, nothing fetched from anywhere.
    ///
    /// - Parameter links: addresses beside it, such as the same report in other formats.
    package func html(links: [(text: String, address: String)] = []) -> String {
        var html = """
            <!doctype html>
            <html lang="fr">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(HTMLText.escaped(title))</title>
            <style>\(Self.stylesheet)</style>
            </head>
            <body>
            <header><h1>\(HTMLText.escaped(title))</h1><p class="sub">\(HTMLText.escaped(subtitle))</p></header>
            """
        if !links.isEmpty {
            let anchors = links.map { "<a href=\"\(HTMLText.escaped($0.address))\">\(HTMLText.escaped($0.text))</a>" }
            html += "\n<nav aria-label=\"Autres formats\">\(anchors.joined(separator: "\n"))</nav>"
        }
        html += "\n<main>\n"
        for block in blocks { html += Self.html(block) + "\n" }
        return html + "</main>\n<footer>\(HTMLText.escaped(footer))</footer>\n</body>\n</html>\n"
    }

    private static func html(_ block: Block) -> String {
        switch block {
        case .heading(let text): return "<h2>\(HTMLText.escaped(text))</h2>"
        case .paragraph(let text): return "<p>\(HTMLText.escaped(text))</p>"
        case .note(let text): return "<p class=\"note\">\(HTMLText.escaped(text))</p>"
        case .facts(let facts):
            return "<dl>" + facts.map { "<div><dt>\(HTMLText.escaped($0.name))</dt><dd>\(HTMLText.escaped($0.value))</dd></div>" }.joined()
                + "</dl>"
        case .table(let table): return html(table)
        case .map(let map): return svg(map)
        }
    }

    private static func html(_ table: Table) -> String {
        func cells(_ texts: [String], header: Bool) -> String {
            zip(texts, table.columns).enumerated().map { index, cell in
                let attribute = cell.1.isNumber ? " class=\"n\"" : ""
                if header { return "<th scope=\"col\"\(attribute)>\(HTMLText.escaped(cell.0))</th>" }
                return index == 0
                    ? "<th scope=\"row\"\(attribute)>\(HTMLText.escaped(cell.0))</th>" : "<td\(attribute)>\(HTMLText.escaped(cell.0))</td>"
            }.joined()
        }
        let head = "<thead><tr>\(cells(table.columns.map(\.title), header: true))</tr></thead>"
        let body = table.rows.map { "<tr>\(cells($0, header: false))</tr>" }.joined(separator: "\n")
        return "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"\(HTMLText.escaped(table.caption))\"><table>"
            + "<caption>\(HTMLText.escaped(table.caption))</caption>\(head)<tbody>\n\(body)\n</tbody></table></div>"
    }

    private static func svg(_ map: ReportMap) -> String {
        let legendTop = map.height + 14
        let height = legendTop + Double((map.legend.count + 2) / 3) * 16 + 4
        var svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-label=\"\(HTMLText.escaped(map.title))\" "
            + "viewBox=\"0 0 \(number(map.width)) \(number(height))\" width=\"\(number(map.width * 1.6))\" "
            + "font-family=\"DejaVu Sans, Verdana, sans-serif\">"
        svg += "<clipPath id=\"frame\"><rect width=\"\(number(map.width))\" height=\"\(number(map.height))\"/></clipPath>"
        svg += "<g clip-path=\"url(#frame)\">"
        for shape in map.shapes where !shape.rings.isEmpty {
            let path = shape.rings.map { ring in
                "M" + ring.map { "\(number($0.x)) \(number($0.y))" }.joined(separator: "L") + "Z"
            }.joined()
            svg += "<path d=\"\(path)\" fill=\"\(shape.fill ?? "none")\" fill-rule=\"evenodd\" "
                + "stroke=\"\(shape.stroke)\" stroke-width=\"\(number(shape.lineWidth))\">"
                + (shape.title.isEmpty ? "" : "<title>\(HTMLText.escaped(shape.title))</title>") + "</path>\n"
        }
        for label in map.labels {
            svg += "<text x=\"\(number(label.x))\" y=\"\(number(label.y))\" font-size=\"6\" text-anchor=\"middle\" "
                + "fill=\"#1b2830\" stroke=\"#fff\" stroke-width=\"1.5\" paint-order=\"stroke\">\(HTMLText.escaped(label.text))</text>"
        }
        svg += "</g>"
        let y = map.height - 8
        svg += "<path d=\"M10 \(number(y))h\(number(map.scale.length))\" stroke=\"#1b2830\" stroke-width=\"2\"/>"
            + "<text x=\"10\" y=\"\(number(y - 4))\" font-size=\"7\">\(HTMLText.escaped(map.scale.text))</text>"
            + "<text x=\"\(number(map.width - 10))\" y=\"14\" font-size=\"9\" text-anchor=\"end\">Nord ↑</text>"
        for (index, entry) in map.legend.enumerated() {
            let x = 10 + Double(index % 3) * map.width / 3
            let y = legendTop + Double(index / 3) * 16
            svg += "<rect x=\"\(number(x))\" y=\"\(number(y))\" width=\"14\" height=\"9\" fill=\"\(entry.colour)\" "
                + "stroke=\"\(ReportMap.border)\" stroke-width=\"0.5\"/>"
                + "<text x=\"\(number(x + 19))\" y=\"\(number(y + 8))\" font-size=\"8\">\(HTMLText.escaped(entry.text))</text>"
        }
        return svg + "</svg>"
    }

    /// Two decimals: a hundredth of a point.
    private static func number(_ value: Double) -> String {
        let scaled = Int((value * 100).rounded())
        let (whole, rest) = (abs(scaled) / 100, abs(scaled) % 100)
        let sign = scaled < 0 ? "-" : ""
        if rest == 0 { return "\(sign)\(whole)" }
        return "\(sign)\(whole).\(rest < 10 ? "0" : "")\(rest)"
    }
}
