import CPrint
import GeoModel

/// Puts blocks below each other, page after page.
struct PageLayout {
    typealias Drawing = (OpaquePointer) -> Void

    let document: OpaquePointer
    private var pages: [[Drawing]] = [[]]
    private var y = Paper.margin
    private var table: PrintedTable?

    init(document: OpaquePointer) {
        self.document = document
    }

    mutating func title(_ title: String, _ subtitle: String) {
        text(title, size: 18, bold: true)
        text(subtitle, size: 10, colour: Ink.quiet)
        y += 8
    }

    /// What is none of the blocks is left out.
    mutating func add(_ block: JSONValue) {
        if case .array(let cells)? = block["row"] { return row(cells.map { $0.string ?? "" }) }
        table = nil
        if let heading = block["heading"]?.string {
            // Never the last line of a page: a table's caption, names and first row go with it.
            keepTogether(110)
            y += 8
            text(heading, size: 12, bold: true)
            y += 2
        } else if let paragraph = block["paragraph"]?.string {
            text(paragraph, size: 9.5)
            y += 4
        } else if let note = block["note"]?.string {
            y += 4
            text(note, size: 8, colour: Ink.quiet)
        } else if case .array(let facts)? = block["facts"] {
            self.facts(facts)
        } else if let caption = block["table"]?.string, case .array(let columns)? = block["columns"] {
            start(PrintedTable(caption: caption, columns: columns))
        } else if block["map"] != nil {
            map(PrintedMap(block))
        }
    }

    /// Draws everything, with the footer and its page's number at the foot of each.
    func draw(footer: String) {
        for (index, drawings) in pages.enumerated() {
            if index > 0 { cprint_next_page(document) }
            for drawing in drawings { drawing(document) }
            let y = Paper.height - 40
            cprint_line(document, Paper.margin, y, Paper.width - Paper.margin, y, 0.5, Ink.rule)
            cprint_text(document, footer, Paper.margin, y + 5, Paper.textWidth - 80, 7.5, 0, CPRINT_LEFT, Ink.quiet)
            cprint_text(
                document, "Page \(index + 1) / \(pages.count)", Paper.width - Paper.margin - 80, y + 5, 80, 7.5, 0, CPRINT_RIGHT,
                Ink.quiet)
        }
    }

    private mutating func text(_ text: String, size: Double, bold: Bool = false, colour: UInt32 = Ink.text) {
        let height = cprint_text_height(document, text, Paper.textWidth, size, bold ? 1 : 0)
        keepTogether(height)
        let top = y
        place { cprint_text($0, text, Paper.margin, top, Paper.textWidth, size, bold ? 1 : 0, CPRINT_LEFT, colour) }
        y += height + 2
    }

    private mutating func facts(_ facts: [JSONValue]) {
        guard !facts.isEmpty else { return }
        let perRow = min(5, facts.count)
        let gap = 6.0
        let width = (Paper.textWidth - gap * Double(perRow - 1)) / Double(perRow)
        for start in stride(from: 0, to: facts.count, by: perRow) {
            let row = facts[start..<min(start + perRow, facts.count)]
            let names = row.map { $0.element(0) }
            let nameHeight = names.map { cprint_text_height(document, $0, width - 10, 7.5, 0) }.max() ?? 0
            let height = nameHeight + 30
            keepTogether(height)
            for (index, fact) in row.enumerated() {
                let x = Paper.margin + Double(index) * (width + gap), top = y
                let (name, value) = (fact.element(0), fact.element(1))
                place { document in
                    cprint_rectangle(document, x, top, width, height, Ink.land)
                    cprint_text(document, name, x + 5, top + 4, width - 10, 7.5, 0, CPRINT_LEFT, Ink.quiet)
                    cprint_text(document, value, x + 5, top + nameHeight + 7, width - 10, 14, 1, CPRINT_LEFT, Ink.text)
                }
            }
            y += height + gap
        }
    }

    private mutating func start(_ printed: PrintedTable) {
        table = printed
        let heading = printed.headingHeight(document)
        keepTogether(heading + 40)
        text(printed.caption, size: 8, colour: Ink.quiet)
        head(printed)
    }

    private mutating func head(_ table: PrintedTable) {
        let top = y
        let height = table.headingHeight(document)
        place { table.draw($0, table.titles, at: top, bold: true) }
        place { cprint_line($0, Paper.margin, top + height, Paper.width - Paper.margin, top + height, 0.8, Ink.strongRule) }
        y += height + 1
    }

    private mutating func row(_ cells: [String]) {
        guard let table else { return }
        let height = table.height(document, cells, bold: false)
        if y + height > Paper.bottom {
            newPage()
            // The columns' names stand above every part of it.
            head(table)
        }
        let top = y
        place { table.draw($0, cells, at: top, bold: false) }
        place { cprint_line($0, Paper.margin, top + height, Paper.width - Paper.margin, top + height, 0.3, Ink.rule) }
        y += height + 0.5
    }

    private mutating func map(_ map: PrintedMap) {
        y += 8
        keepTogether(min(map.totalHeight, Paper.bottom - Paper.margin))
        let top = y
        place { map.draw($0, x: Paper.margin, y: top) }
        y += map.totalHeight + 6
    }

    private mutating func place(_ drawing: @escaping Drawing) { pages[pages.count - 1].append(drawing) }

    /// Starts a page unless there is room for this much.
    private mutating func keepTogether(_ height: Double) {
        if y + height > Paper.bottom, y > Paper.margin { newPage() }
    }

    private mutating func newPage() {
        pages.append([])
        y = Paper.margin
    }
}

extension JSONValue {
    /// The text of an array's element; empty where there is none.
    func element(_ index: Int) -> String {
        guard case .array(let elements) = self, index < elements.count else { return "" }
        return elements[index].string ?? ""
    }
}
